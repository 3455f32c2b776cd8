"""Documents: bounds that hold before anything is compared or run, and a memory that does not grow."""

import pytest

from gateway.execution import documents as module
from gateway.execution import variables
from gateway.execution.documents import Documents, Invalid
from gateway.faults import Fault
from gateway.schema import schema

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


@pytest.mark.parametrize(
    "text",
    [
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { viewer { kind } ...B } fragment B on Query { ...A }",
        "{ viewer { ...A } } fragment A on Viewer { policies { nodes { product { code } } } ...A }",
        "{ policies { nodes { ...A } } } fragment A on Policy { bookings { nodes { policy { ...A } } } }",
        "{ ...Nope }",
    ],
)
def test_circles_and_gaps_are_named_by_validation(text: str) -> None:
    assert code(text) == "GRAPHQL_VALIDATION_FAILED"


def test_errors_of_one_document_have_a_bound(known: Documents) -> None:
    with pytest.raises(Invalid) as caught:
        known.get("{ viewer { " + " ".join(f"x{at}" for at in range(150)) + " } }")
    assert len(caught.value.all) <= 21


# Texts


@pytest.mark.parametrize("sign", ["\x00", "\\u0000", "\\u{0}"])
def test_a_text_that_cannot_be_stored_is_refused_with_its_place(sign: str) -> None:
    with pytest.raises(Fault) as caught:
        Documents(CORE).get(f'{{ hospitals(where: {{keyword: "a{sign}"}}) {{ totalCount }} }}')
    assert caught.value.extensions == {"code": "BAD_USER_INPUT", "inputPath": ["where", "keyword"]}


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
