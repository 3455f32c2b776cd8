"""Which staff may do what: one table, which covers every operation that is staff's alone."""

import re

import pytest

from gateway.auth.roles import STAFF_OPERATIONS
from gateway.auth.viewer import SCOPES, STAFF_ROLES, Viewer, ViewerKind
from tests.support.client import Client, Gateway
from tests.support.mutations import MUTATIONS, sample, send


def staffs_own() -> set[str]:
    """Mutations whose description says that they are for staff and nobody else."""
    return {name for name, field in MUTATIONS.items() if re.search(r"For staff\.", field.description or "")}


def with_every_scope(gateway: Gateway, role: str) -> Client:
    """So that only the role can be in the way."""
    return gateway.client(Viewer(ViewerKind.STAFF, f"staff:{role}", role, frozenset(SCOPES), role=role))


def test_every_operation_of_staff_alone_says_whose_it_is() -> None:
    assert staffs_own() >= {"policyRegister", "personalDataUnmask", "vendorTokenIssue"}
    assert staffs_own() - set(STAFF_OPERATIONS) == set()


def test_the_table_names_operations_and_roles_that_exist() -> None:
    assert set(STAFF_OPERATIONS) <= set(MUTATIONS)
    assert set().union(*STAFF_OPERATIONS.values()) <= set(STAFF_ROLES)


def test_the_schema_tells_the_roles() -> None:
    assert "Of staff, for: adjuster, supervisor." in MUTATIONS["bookingDeductionDecide"].description
    assert "员工限 supervisor。" in MUTATIONS["personalDataUnmask"].description


@pytest.mark.parametrize("operation", sorted(STAFF_OPERATIONS))
@pytest.mark.parametrize("role", list(STAFF_ROLES))
def test_a_role_sends_what_is_its_own_and_nothing_else(gateway: Gateway, operation: str, role: str) -> None:
    answer = send(with_every_scope(gateway, role), operation, sample(operation))
    is_kept_out = "errors" in answer.body and answer.code == "FORBIDDEN" and "staff who are" in answer.error["message"]
    assert is_kept_out == (role not in STAFF_OPERATIONS[operation])


def test_a_role_that_nobody_knows_sends_none_of_them(gateway: Gateway) -> None:
    nobody = with_every_scope(gateway, "director")
    codes = {send(nobody, operation, sample(operation)).code for operation in STAFF_OPERATIONS}
    assert codes == {"FORBIDDEN"}
