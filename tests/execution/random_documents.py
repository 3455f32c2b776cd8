"""Random valid documents over the schema, with variables whose values are mostly those of real rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Node,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
    parse,
    print_ast,
    validate,
)

DEEPEST = 6


@dataclass(frozen=True)
class Words:
    """Plausible values: by `Type.field` of an input or by the name of an argument, else by the type."""

    named: Mapping[str, Sequence[Any]]
    typed: Mapping[str, Sequence[Any]]

    def of(self, place: str, name: str, kind: str) -> Sequence[Any]:
        return self.named.get(place) or self.named.get(name) or self.typed[kind]


@dataclass
class Writer:
    """Writes one document."""

    schema: GraphQLSchema
    words: Words
    random: Random
    definitions: list[str] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    names: int = 0

    def document(self) -> str:
        query: Any = self.schema.query_type
        body = self.selection(query, 0)
        head = f"query Q({', '.join(self.definitions)}) " if self.definitions else ""
        return "\n".join([head + body, *self.fragments])

    def mutation(self, inputs: Callable[[str], Mapping[str, Any]]) -> str:
        """One to three dry runs, each with an input that is made for it."""
        root: Any = self.schema.mutation_type
        parts = [self._dry_run(self.pick(sorted(root.fields)), root, inputs) for _ in range(self.number(1, 3))]
        parts += ["__typename"] if self.chance(6) else []
        head = f"mutation M({', '.join(self.definitions)})" if self.definitions else "mutation"
        return "\n".join([f"{head} {{ {' '.join(parts)} }}", *self.fragments])

    def _dry_run(self, name: str, root: GraphQLObjectType, inputs: Callable[[str], Mapping[str, Any]]) -> str:
        field, given = root.fields[name], inputs(name)
        kind = field.args["input"].type
        value = self.literal(given, kind) if self.chance(4) else self.variable(str(kind), given)
        dry_run = self.variable("Boolean!", True) if self.chance(3) else "true"
        inner = self.selection(get_named_type(field.type), 1)
        return f"{self.name()}: {name}(input: {value}, dryRun: {dry_run}){self.directive()} {inner}"

    def selection(self, kind: GraphQLObjectType, depth: int) -> str:
        fields = [
            name for name, item in kind.fields.items() if depth < DEEPEST or is_leaf_type(get_named_type(item.type))
        ]
        chosen = [self.pick(fields) for _ in range(self.number(1, 4))] if fields else []
        parts = [self.field(name, kind.fields[name], depth) for name in chosen]
        parts += ["__typename"] if not parts or self.chance(6) else []
        return "{ " + " ".join(self.wrapped(part, kind) for part in parts) + " }"

    def field(self, name: str, item: GraphQLField, depth: int) -> str:
        arguments = self.arguments(name, item)
        composite = not is_leaf_type(get_named_type(item.type))
        alias = f"{self.name()}: " if arguments or composite or self.chance(5) else ""
        inner = " " + self.inside(get_named_type(item.type), depth + 1) if composite else ""
        return alias + name + arguments + self.directive() + inner

    def inside(self, kind: Any, depth: int) -> str:
        if not is_abstract_type(kind):
            return self.selection(kind, depth)
        possible = list(self.schema.get_possible_types(kind))
        chosen = [self.pick(possible) for _ in range(self.number(1, 3))]
        return "{ __typename " + " ".join(f"... on {one.name} {self.selection(one, depth)}" for one in chosen) + " }"

    def wrapped(self, part: str, kind: GraphQLObjectType) -> str:
        match self.number(0, 9):
            case 7:
                return f"... on {kind.name} {{ {part} }}"
            case 8:
                return f"...{self.directive()} {{ {part} }}"
            case 9:
                name = self.name()
                self.fragments.append(f"fragment {name} on {kind.name} {{ {part} }}")
                return f"...{name}{self.directive()}"
            case _:
                return part

    def directive(self) -> str:
        if not self.chance(8):
            return ""
        word = self.pick(["include", "skip"])
        value = self.pick([True, False])
        if self.chance(2):
            return f" @{word}(if: {str(value).lower()})"
        return f" @{word}(if: {self.variable('Boolean!', value)})"

    def arguments(self, name: str, item: GraphQLField) -> str:
        given = {}
        for argument, kind in item.args.items():
            if is_required_argument(kind) or (argument not in ("last", "before", "after") and self.chance(3)):
                given[argument] = self.value(name, argument, kind)
        if "first" in item.args and "first" not in given and self.chance(4):
            given["last"] = str(self.number(0, 4))
        return "(" + ", ".join(f"{key}: {value}" for key, value in given.items()) + ")" if given else ""

    def value(self, place: str, name: str, item: GraphQLArgument) -> str:
        value = self.plain(f"{place}.{name}", name, item.type)
        return self.variable(str(item.type), value) if self.chance(2) else self.literal(value, item.type)

    def variable(self, kind: str, value: Any) -> str:
        name = self.name()
        left_out = not kind.endswith("!") and self.chance(6)
        self.definitions.append(f"${name}: {kind}")
        if not left_out:
            self.variables[name] = value
        return f"${name}"

    def plain(self, place: str, name: str, kind: Any) -> Any:
        """A value as JSON has it."""
        if not isinstance(kind, GraphQLNonNull) and self.chance(12):
            return None
        known = get_nullable_type(kind)
        if isinstance(known, GraphQLList):
            return [self.plain(place, name, known.of_type) for _ in range(self.number(0, 3))]
        if isinstance(known, GraphQLInputObjectType):
            required = {key for key, item in known.fields.items() if isinstance(item.type, GraphQLNonNull)}
            others = sorted(known.fields.keys() - required)
            chosen = sorted({self.pick(others) for _ in range(self.number(0, 2))}) if others else []
            keys = [*sorted(required), *chosen]
            return {key: self.plain(f"{known.name}.{key}", key, known.fields[key].type) for key in keys}
        if isinstance(known, GraphQLEnumType):
            return self.pick(list(known.values))
        return self.pick(self.words.of(place, name, get_named_type(known).name))

    def literal(self, value: Any, kind: Any) -> str:
        known = get_nullable_type(kind)
        if value is None:
            return "null"
        if isinstance(value, list):
            return "[" + ", ".join(self.literal(item, known.of_type) for item in value) + "]"
        if isinstance(value, dict):
            return (
                "{"
                + ", ".join(f"{key}: {self.literal(item, known.fields[key].type)}" for key, item in value.items())
                + "}"
            )
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(known, GraphQLEnumType) or isinstance(value, int):
            return str(value)
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def name(self) -> str:
        self.names += 1
        return f"n{self.names}"

    def chance(self, of: int) -> bool:
        return self.number(1, of) == of

    def pick(self, choices: Sequence[Any]) -> Any:
        return choices[self.number(0, len(choices) - 1)]

    def number(self, least: int, most: int) -> int:
        return self.random.randint(least, most)


def smallest(schema: GraphQLSchema, text: str, is_wrong: Callable[[str], bool], attempts: int = 1_000) -> str:
    """A document that is still wrong, and mostly no longer is when any one part is taken away."""
    for shorter in islice(_shorter(text), attempts):
        attempts -= 1
        if not validate(schema, parse(shorter)) and is_wrong(shorter):
            return smallest(schema, shorter, is_wrong, attempts)
    return text


def _shorter(text: str) -> Iterator[str]:
    """The document without one selection, argument, directive, variable or fragment, the largest parts first."""
    return map(print_ast, _without_one(parse(text)))


def _without_one(node: Node) -> Iterator[Any]:
    for name in ("definitions", "selections", "arguments", "directives", "variable_definitions"):
        items = getattr(node, name, None) or ()
        if len(items) > 1 or name not in ("definitions", "selections"):
            for at in range(len(items)):
                yield replace(node, **{name: items[:at] + items[at + 1 :]})
    for name in node.keys:
        value = getattr(node, name, None)
        if isinstance(value, Node):
            yield from (replace(node, **{name: inner}) for inner in _without_one(value))
        elif isinstance(value, tuple):
            for at, item in enumerate(value):
                yield from (
                    replace(node, **{name: (*value[:at], inner, *value[at + 1 :])}) for inner in _without_one(item)
                )
