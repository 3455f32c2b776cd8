"""Two languages: what introspection says, what the schema carries, and what a reader is answered in."""

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLNamedType,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_introspection_type,
    is_object_type,
    is_specified_directive,
    is_specified_scalar_type,
)

from gateway.language import DIVIDER, accepted
from gateway.schema import schema, sdl
from tests.support.client import Gateway

CORE = schema._schema
ENGLISH, CHINESE = "A booking of a service. Needs bookings:read.", "一次服务的预约。需要 bookings:read。"
BOOKING = """{ __type(name: "Booking") { description fields { name description } } }"""


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def described(kind: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    """Everything of a type that may have a description, with the one that it has."""
    yield kind.name, kind.description
    if is_enum_type(kind):
        yield from ((f"{kind.name}.{name}", value.description) for name, value in kind.values.items())
    if is_input_object_type(kind) or is_object_type(kind) or is_interface_type(kind):
        for name, field in kind.fields.items():
            yield f"{kind.name}.{name}", field.description
            for argument, given in getattr(field, "args", {}).items():
                yield f"{kind.name}.{name}({argument})", given.description


def ours() -> Iterator[tuple[str, str | None]]:
    for kind in CORE.type_map.values():
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind):
            yield from described(kind)
    for directive in CORE.directives:
        if not is_specified_directive(directive):
            yield f"@{directive.name}", directive.description


def test_everything_has_a_description_in_both_languages() -> None:
    assert [name for name, text in ours() if not is_in_both(text)] == []


def is_in_both(text: str | None) -> bool:
    zh, divider, en = (text or "").partition(DIVIDER)
    letters = [sign for sign in en if sign.isalpha()]
    return bool(divider and letters) and is_chinese(zh) and sum(map(str.isascii, letters)) >= 0.8 * len(letters)


def test_a_description_has_two_halves_and_no_third() -> None:
    assert [name for name, text in ours() if (text or "").count(DIVIDER) != 1] == []


def test_the_printed_schema_carries_both_languages() -> None:
    printed = sdl()
    assert "一次服务的预约。" in printed
    assert "A booking of a service." in printed


@pytest.mark.parametrize(("header", "text"), [("en", ENGLISH), ("zh-CN", CHINESE), ("", CHINESE)])
def test_introspection_answers_in_the_language_of_the_request(gateway: Gateway, header: str, text: str) -> None:
    kind = gateway.anyone().in_(header).ask(BOOKING).data["__type"]
    assert kind["description"] == text
    assert all(is_chinese(field["description"]) == is_chinese(text) for field in kind["fields"])


def test_introspection_beside_other_fields_is_in_one_language_too(gateway: Gateway) -> None:
    document = '{ products(first: 1) { nodes { name } } __type(name: "Booking") { description } }'
    assert gateway.anyone().ask(document).data["__type"]["description"] == ENGLISH


def test_introspection_through_a_fragment_is_in_one_language_too(gateway: Gateway) -> None:
    document = '{ ...Q } fragment Q on Query { kind: __type(name: "Booking") { text: description } }'
    assert gateway.anyone().ask(document).data["kind"]["text"] == ENGLISH


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-US", "en"),
        ("EN", "en"),
        ("zh", "zh"),
        ("zh-TW", "zh"),
        ("fr", "zh"),
        ("*", "zh"),
        ("en, zh", "zh"),
        ("en;q=0.8, zh;q=0.9", "zh"),
        ("en;q=0.9, zh;q=0.8", "en"),
        ("fr, en;q=0.1", "en"),
        ("zh;q=0, en;q=0", "zh"),
        ("en;q=x", "zh"),
        ("en;q=nan", "zh"),
        (";;;,,,q=1", "zh"),
        ("e" * 10_000, "zh"),
    ],
)
def test_the_language_of_a_header(header: str, language: str) -> None:
    assert accepted(header) == language


def test_names_follow_the_header_and_an_argument_goes_first(gateway: Gateway) -> None:
    document = "{ product(code: ZYB) { name zh: name(lang: ZH) en: name(lang: EN) } }"
    english, chinese = (gateway.anyone().in_(tag).ask(document).data["product"] for tag in ("en", "zh"))
    assert english["name"] == english["en"] == chinese["en"]
    assert chinese["name"] == chinese["zh"] == english["zh"]
    assert not is_chinese(english["en"])


def test_the_viewer_tells_the_language(gateway: Gateway) -> None:
    document = "{ viewer { language } }"
    assert gateway.anyone().in_("en").ask(document).data["viewer"]["language"] == "EN"
    assert gateway.anyone().in_("fr").ask(document).data["viewer"]["language"] == "ZH"
