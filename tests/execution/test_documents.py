"""Documents: bounds that hold before anything is compared or run, and a memory that does not grow."""

import pytest
from graphql import parse

from gateway.execution import documents as module
from gateway.execution import limits, variables
from gateway.execution.documents import Documents, Invalid
from gateway.execution.limits import too_much
from gateway.faults import Fault
from gateway.schema import schema
from tests.support.client import Gateway

CORE = schema._schema
GOOD = "{ viewer { kind } }"


@pytest.fixture
def known() -> Documents:
    return Documents(CORE)


def code(text: str) -> str | None:
    """The code of the fault that a document is refused with; None where it is taken."""
    try:
        Documents(CORE).get(text)
    except Fault as fault:
        return (fault.extensions or {})["code"]
    return None


def chain(length: int, *, spreads: int = 1) -> str:
    """Fragments, each of which spreads the next one so many times."""
    links = [f"fragment F{at} on Query {{ {f'...F{at + 1} ' * spreads}}}" for at in range(length)]
    return " ".join(["{ ...F0 }", *links, f"fragment F{length} on Query {{ __typename }}"])


def nested(depth: int) -> str:
    return '{ __type(name: "A") ' + "{ ofType " * (depth - 2) + "{ name }" + " }" * (depth - 1)


# Depth


def test_depth_has_a_bound() -> None:
    assert code(nested(limits.MAXIMUM_DEPTH)) is None
    assert code(nested(limits.MAXIMUM_DEPTH + 1)) == "LIMIT_EXCEEDED"


def test_depth_is_counted_through_fragments() -> None:
    inner = "name" + "".join(f" ...T{at}" for at in range(1))
    links = [
        f"fragment T{at} on __Type {{ ofType {{ ofType {{ ofType {{ ofType {{ ...T{at + 1} }} }} }} }} }}"
        for at in range(5)
    ]
    text = " ".join([f'{{ __type(name: "A") {{ {inner} }} }}', *links, "fragment T5 on __Type { name }"])
    assert code(text) == "LIMIT_EXCEEDED"


def test_a_fragment_is_measured_once_however_often_it_is_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = count_calls(monkeypatch, "_depth")
    assert too_much(parse(chain(24, spreads=2))) is None
    assert len(calls) == 1 + 25


def test_doubling_costs_no_more_than_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """744 bytes of it are a document of 2²⁴ fields for those who follow every spread."""
    visits: list[int] = []
    merged = limits._Width._merged
    monkeypatch.setattr(limits._Width, "_merged", lambda *given: visits.append(1) or merged(*given))
    text = chain(18, spreads=2)
    assert len(text) < 800
    assert too_much(parse(text)) is None
    assert len(visits) < 100


def test_doubling_is_answered(gateway: Gateway) -> None:
    assert gateway.anyone().ask(chain(24, spreads=2)).data == {"__typename": "Query"}


def count_calls(monkeypatch: pytest.MonkeyPatch, name: str) -> list[int]:
    calls: list[int] = []
    original = getattr(limits, name)
    monkeypatch.setattr(limits, name, lambda *given: calls.append(1) or original(*given))
    return calls


def test_doubling_under_new_names_is_refused_before_it_grows() -> None:
    links = [
        f"fragment F{at} on Policy {{ a: bookings {{ nodes {{ policy {{ ...F{at + 1} }} }} }} "
        f"b: bookings {{ nodes {{ policy {{ ...F{at + 1} }} }} }} }}"
        for at in range(5)
    ]
    wide = " ".join(f"p{at}: policies {{ nodes {{ ...F0 }} }}" for at in range(20))
    assert code(" ".join([f"{{ {wide} }}", *links, "fragment F5 on Policy { id }"])) == "LIMIT_EXCEEDED"


@pytest.mark.parametrize("length", [limits.MAXIMUM_FRAGMENTS, 300, 600])
def test_fragments_have_a_bound(length: int) -> None:
    assert code(chain(length)) == "LIMIT_EXCEEDED"


@pytest.mark.parametrize(
    "text",
    [
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { viewer { kind } ...B } fragment B on Query { ...A }",
        "{ viewer { ...A } } fragment A on Viewer { policies { nodes { product { code } } } ...A }",
        "{ ...Nope }",
    ],
)
def test_circles_and_gaps_are_named_by_validation(text: str) -> None:
    assert code(text) == "GRAPHQL_VALIDATION_FAILED"


def test_a_circle_through_fields_ends() -> None:
    text = "{ policies { nodes { ...A } } } fragment A on Policy { bookings { nodes { policy { ...A } } } }"
    assert code(text) == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize("wrap", [("{ ", " }"), ("{ ... ", "")])
def test_nesting_that_a_parser_could_not_take_is_refused(wrap: tuple[str, str]) -> None:
    assert code("{ ... { " * 2_000 + "__typename" + " } }" * 2_000) in ("LIMIT_EXCEEDED", "GRAPHQL_PARSE_FAILED")
    assert code(wrap[0] + "... { " * 300 + "__typename" + " }" * 300 + wrap[1]) == "GRAPHQL_PARSE_FAILED"


def test_nesting_spread_over_fragments_is_refused() -> None:
    links = [
        f"fragment F{at} on Query {{ {'... { ' * 15}...F{at + 1}{' }' * 15} }}"
        for at in range(limits.MAXIMUM_FRAGMENTS - 10)
    ]
    text = " ".join(["{ ...F0 }", *links, f"fragment F{len(links)} on Query {{ __typename }}"])
    assert code(text) == "LIMIT_EXCEEDED"


# Width


def test_fields_have_a_bound() -> None:
    aliases = [f"a{at}: __typename" for at in range(limits.MAXIMUM_FIELDS + 1)]
    assert code("{ " + " ".join(aliases[:1_000]) + " }") is None
    assert code("{ " + " ".join(f"a{at}" for at in range(limits.MAXIMUM_FIELDS + 1)) + " }") == "LIMIT_EXCEEDED"


@pytest.mark.parametrize("field", ["__typename", "viewer { kind }", "viewer { policies { nodes { id } } }"])
def test_the_same_field_again_and_again_is_refused_before_each_is_compared_with_each(field: str) -> None:
    assert code("{ " + f"{field} " * 20 + "}") is None
    assert code("{ " + f"{field} " * 400 + "}") == "LIMIT_EXCEEDED"


def test_comparisons_are_counted_where_selections_are_merged() -> None:
    text = "{ " + ("viewer { " + "policies { totalCount } " * 20 + "} ") * 30 + "}"
    assert code(text) == "LIMIT_EXCEEDED"


def test_tokens_have_a_bound() -> None:
    assert code("{ " + "a " * module.MAXIMUM_TOKENS + "}") == "GRAPHQL_PARSE_FAILED"


def test_characters_have_a_bound() -> None:
    assert code(GOOD + " " * module.MAXIMUM_BYTES) == "LIMIT_EXCEEDED"


def test_errors_of_one_document_have_a_bound(known: Documents) -> None:
    with pytest.raises(Invalid) as caught:
        known.get("{ " + " ".join(f"x{at}" for at in range(1_000)) + " }")
    assert len(caught.value.all) <= 21


# Mutations

ACCEPT = 'bookingAccept(input: {idempotencyKey: "a", booking: "b"}) { isReplay }'


def mutations(number: int) -> str:
    return "mutation { " + " ".join(f"m{at}: {ACCEPT}" for at in range(number)) + " }"


def test_four_mutations_are_taken_and_no_more() -> None:
    assert code(mutations(4)) is None
    assert code(mutations(5)) == "LIMIT_EXCEEDED"


def test_mutations_do_not_hide_in_fragments() -> None:
    assert code(f"mutation {{ ... {{ {ACCEPT} }} }}") == "LIMIT_EXCEEDED"
    assert code(f"mutation {{ ...A }} fragment A on Mutation {{ {ACCEPT} }}") == "LIMIT_EXCEEDED"


def test_the_refusal_reaches_the_client(gateway: Gateway) -> None:
    answer = gateway.vendor("HUANQIU").ask(mutations(5))
    assert answer.code == "LIMIT_EXCEEDED"
    assert "data" not in answer.body


# Texts


@pytest.mark.parametrize("sign", ["\x00", "\\u0000", "\\u{0}"])
def test_a_text_that_cannot_be_stored_is_refused_with_its_place(sign: str) -> None:
    fault = too_much(parse(f'{{ hospitals(where: {{keyword: "a{sign}"}}) {{ totalCount }} }}'))
    assert fault is not None
    assert fault.extensions == {"code": "BAD_USER_INPUT", "inputPath": ["where", "keyword"]}


@pytest.mark.parametrize(
    "value", ["a\x00", {"b": {"c": "\x00"}}, ["", ["\x00"]], {"\x00": 1}, "\ud800", ["a", "\udfff"]]
)
def test_a_variable_that_cannot_be_stored_is_found(value: object) -> None:
    assert variables.unstorable({"x": value}) is not None


@pytest.mark.parametrize("value", ["", "漢字 🏥", "a\nb\r\n\t", 1, None, True, 1.5, {"a": ["b"]}, "\u202e", "\uffff"])
def test_every_other_variable_is_none_of_its_business(value: object) -> None:
    assert variables.unstorable({"x": value}) is None


def test_a_deep_variable_is_walked_without_recursion() -> None:
    deep: object = "\x00"
    for _ in range(2_000):
        deep = [deep]
    assert variables.unstorable({"x": deep}) is not None


# Memory


def test_a_document_is_read_once(known: Documents) -> None:
    assert known.get(GOOD) is known.get(GOOD)


def test_a_bad_document_is_refused_each_time_alike(known: Documents) -> None:
    faults = []
    for _ in range(50):
        with pytest.raises(Fault) as caught:
            known.get("{ nope }")
        faults.append(caught.value)
    assert all(fault is faults[0] for fault in faults)
    assert length(faults[0].__traceback__) < 10


def length(traceback: object) -> int:
    number = 0
    while traceback is not None:
        number, traceback = number + 1, getattr(traceback, "tb_next", None)
    return number


def test_no_more_documents_are_remembered_than_the_bound(known: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CACHED", 10)
    for at in range(50):
        known.get(f"query Q{at} {GOOD}")
    assert len(known._known) == 10


def test_the_least_used_is_forgotten_first(known: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CACHED", 3)
    first = known.get(GOOD)
    for at in range(10):
        known.get(f"query Q{at} {GOOD}")
        assert known.get(GOOD) is first


def test_large_documents_are_remembered_by_size(known: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CACHED_CHARACTERS", 10_000)
    for at in range(50):
        known.get(f"query Q{at} {GOOD} #{'x' * 3_000}")
    assert len(known._known) == 3
    assert known._characters == sum(size for size, _ in known._known.values()) <= 10_000


def test_bad_documents_are_bounded_too(known: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CACHED", 5)
    for at in range(20):
        with pytest.raises(Fault):
            known.get(f"{{ nope{at} }}")
    assert len(known._known) == 5


def test_half_a_character_in_a_document_does_no_harm(known: Documents) -> None:
    with pytest.raises(Fault):
        known.get("{ viewer { kind } } \ud800")
