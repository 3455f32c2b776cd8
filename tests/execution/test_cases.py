"""Every field of the cases, asked at once: one statement, and the plain executor's answer."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from graphql import get_named_type, is_leaf_type

from gateway.auth.viewer import VENDOR_LIMIT, Viewer
from gateway.bounds import BOUNDS
from gateway.execution.documents import Documents
from gateway.schema.case_enums import (
    AdvanceStatus,
    BillStatus,
    LetterStatus,
    PreAuthStatus,
)
from gateway.schema.claim_enums import AppealStatus, ClaimStatus
from seeds.files import lifecycles
from tests.execution.twins import CORE, Twins, customer, staff, vendor

LISTS = ("preAuths", "claims", "advances", "bills")
DEEPEST = 2
VIEWERS = {
    "staff": staff(),
    "an owner": customer("DEMO-CY26-001", "DEMO-CY23-001", "DEMO-ZAWX-001", "DEMO-CY26-002"),
    "a vendor": vendor("QITAI", scopes=VENDOR_LIMIT),
    "a claims office": vendor("WINDSTONE", scopes=VENDOR_LIMIT),
}


def selection(kind: Any, depth: int = 0) -> Iterator[str]:
    """All fields of a type, and of what they lead to."""
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        if is_leaf_type(inner):
            yield name
        elif depth < DEEPEST and not any(part in inner.name for part in ("Connection", "BookingDetails")):
            yield f"{name} {{ {' '.join(selection(inner, depth + 1)) or '__typename'} }}"


def whole(field: str) -> str:
    kind: Any = CORE.query_type.fields[field]  # type: ignore[union-attr]
    node = get_named_type(get_named_type(kind.type).fields["nodes"].type)
    return f"{{ {field}(orderBy: NUMBER_ASC) {{ totalCount nodes {{ {' '.join(selection(node))} }} }} }}"


@pytest.mark.parametrize("viewer", VIEWERS.values(), ids=list(VIEWERS))
@pytest.mark.parametrize("field", LISTS)
def test_all_of_a_case_is_one_plan(twins: Twins, field: str, viewer: Viewer) -> None:
    roomy = replace(twins, documents=Documents(CORE, replace(BOUNDS, selections=5_000)))  # more than anybody may ask
    found = roomy.same(whole(field), viewer=viewer, language="zh")
    if viewer is VIEWERS["staff"]:
        assert found[field]["totalCount"] >= 2


@pytest.mark.parametrize(
    ("machine", "words"),
    [
        ("PREAUTH", PreAuthStatus),
        ("GUARANTEE_LETTER", LetterStatus),
        ("CLAIM", ClaimStatus),
        ("APPEAL", AppealStatus),
        ("ADVANCE", AdvanceStatus),
        ("BILL", BillStatus),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_every_state_of_a_lifecycle_has_a_word_and_the_reverse(machine: str, words: Any) -> None:
    states = {state for edge in lifecycles()[machine] for state in edge.to}
    assert states == {word.value for word in words}


@pytest.mark.parametrize("machine", sorted(lifecycles()))
def test_every_state_but_the_first_is_led_to(machine: str) -> None:
    edges = lifecycles()[machine]
    assert {state for edge in edges for state in edge.before} <= {state for edge in edges for state in edge.to} | {""}
