"""Documents that grow: each maker gives one of a wanted size."""

from collections.abc import Callable

ACCEPT = 'bookingAccept(input: {idempotencyKey: "a", booking: "b"}) { isReplay }'


def chain(length: int, *, spreads: int = 1) -> str:
    """Fragments, each of which spreads the next one so many times."""
    links = [f"fragment F{at} on Query {{ {f'...F{at + 1} ' * spreads}}}" for at in range(length)]
    return " ".join(["{ ...F0 }", *links, f"fragment F{length} on Query {{ __typename }}"])


def doubling(length: int) -> str:
    """Fragments, each of which asks twice, under two names, for an object with the next one."""
    links = [
        f"fragment F{at} on Policy {{ a: bookings {{ nodes {{ policy {{ ...F{at + 1} }} }} }} "
        f"b: bookings {{ nodes {{ policy {{ ...F{at + 1} }} }} }} }}"
        for at in range(length)
    ]
    return " ".join(["{ policies { nodes { ...F0 } } }", *links, f"fragment F{length} on Policy {{ id }}"])


def of_types(number: int) -> str:
    return '{ __type(name: "A") ' + "{ ofType " * number + "{ name }" + " }" * (number + 1)


def aliases(number: int) -> str:
    return "{ policies { nodes { " + " ".join(f"a{at}: id" for at in range(number)) + " } } }"


def aliases_in_places(number: int) -> str:
    """Half of them in a fragment that is spread in two places; an even number."""
    inner = " ".join(f"a{at}: id" for at in range(number // 2))
    places = "policies { nodes { ...F } } bookings { nodes { policy { ...F } } }"
    return f"{{ {places} }} fragment F on Policy {{ {inner} }}"


def width(number: int) -> str:
    return "{ viewer { " + "kind " * number + "} }"


def roots(number: int) -> str:
    return "{ " + "viewer { kind } " * number + "}"


def mutations(number: int) -> str:
    return "mutation { " + " ".join(f"m{at}: {ACCEPT}" for at in range(number)) + " }"


def mutations_in_fragments(number: int) -> str:
    rest = " ".join(f"m{at}: {ACCEPT}" for at in range(1, number - 1))
    return f"mutation {{ m0: {ACCEPT} ... {{ {rest} }} ...F }} fragment F on Mutation {{ last: {ACCEPT} }}"


def selections(number: int) -> str:
    """`policies`, `nodes` and the rest, of which a fragment spread in two places counts twice."""
    inside = (number - 6) // 2
    names = ["id", "number", "status"]
    inner = " ".join(names[at % 3] for at in range(inside))
    filler = " id" * ((number - 6) % 2)
    places = f"policies {{ nodes {{ ...F {filler} }} }} more: policies {{ nodes {{ ...F }} }}"
    return f"{{ {places} }} fragment F on Policy {{ {inner} }}"


def directives(number: int) -> str:
    named = [f"v{at}: kind @include(if: true)" for at in range(number)]
    return "{ viewer { " + " ".join(named) + " } }"


def typenames(number: int) -> str:
    return "{ viewer { " + "__typename " * number + "} }"


def fragments(number: int) -> str:
    links = [f"fragment F{at} on Viewer {{ kind }}" for at in range(number)]
    return " ".join(["{ viewer {", *[f"...F{at}" for at in range(number)], "} }", *links])


def operations(number: int) -> str:
    return " ".join(f"query Q{at} {{ viewer {{ kind }} }}" for at in range(number))


def variables(number: int) -> str:
    declared = ", ".join(f"$v{at}: ID!" for at in range(number))
    used = " ".join(f"n{at}: node(id: $v{at}) {{ id }}" for at in range(number))
    return f"query ({declared}) {{ {used} }}"


def list_items(number: int) -> str:
    return "{ nodes(ids: [" + '"a" ' * number + "]) { id } }"


def value_depth(number: int) -> str:
    return "{ node(id: " + "[" * number + "]" * number + ") { id } }"


def text_length(number: int) -> str:
    return '{ node(id: "' + "x" * number + '") { id } }'


def name_length(number: int) -> str:
    return "{ viewer { " + "x" * number + ": kind } }"


def characters(number: int) -> str:
    text = "{ viewer { kind } } #"
    return text + "x" * (number - len(text))


def tokens(number: int) -> str:
    """`{ viewer { … } }` has five of them beside its fields."""
    return "{ viewer { " + "kind " * (number - 5) + "} }"


def nesting(number: int) -> str:
    return "{ viewer { kind " + "... { kind " * (number - 2) + "}" * number


def merges(fields: int) -> str:
    """So many of one field: n · (n − 1) / 2 pairs."""
    return "{ viewer { " + "kind " * fields + "} }"


def objects(number: int, last: str = "") -> str:
    """Pages within pages, so often."""
    bookings = "bookings { nodes { id status policy { id number } } pageInfo { hasNextPage endCursor } }"
    page = f"policies {{ nodes {{ id number status product {{ code name }} {bookings} }} }}"
    return "{ " + " ".join(f"a{at}: {page}" for at in range(number)) + f" {last} }}"


def spread_again(number: int) -> str:
    return "{ viewer { " + "...F " * number + "} } fragment F on Viewer { kind }"


def lists(number: int) -> str:
    ids = '"a" ' * 490
    return "{ " + " ".join(f"a{at}: nodes(ids: [{ids}]) {{ id }}" for at in range(number)) + " }"


def filters(number: int) -> str:
    where = '{code: {contains: "a"}} ' * 20
    return (
        "{ " + " ".join(f"a{at}: rules(where: {{and: [{where}]}}) {{ nodes {{ id }} }}" for at in range(number)) + " }"
    )


Maker = Callable[[int], str]
