"""What the database is told of the one who commands."""

import uuid
from dataclasses import fields
from typing import Any

from gateway.auth.sight import NAMED, POLICIES, PRINCIPAL, REACHED, settings_of
from gateway.auth.viewer import Viewer, ViewerKind
from gateway.execution import ids
from gateway.repositories.policies import policy_id


def told_by(viewer: Viewer, named: uuid.UUID | None) -> dict[str, str]:
    """Whom a reader is, and in whose name keys and audit lines stand; and since rules have to see a policy as a whole:
    all policies that a customer's access reaches, and the one that a vendor names.
    """
    told = {**settings_of(viewer), PRINCIPAL.name: PRINCIPAL.text(viewer)}
    if viewer.kind is ViewerKind.CUSTOMER and viewer.people:
        told[POLICIES.name] = REACHED.text(viewer)
    if viewer.kind is ViewerKind.VENDOR and named is not None:
        told[NAMED.name] = str(named)
    return told


def named_by(request: Any) -> uuid.UUID | None:
    """The policy whose number stands in an input, or the one to which what an id there means belongs."""
    number = getattr(request, "policy_number", None)
    if isinstance(number, str):
        return policy_id(number.strip())
    values = (getattr(request, item.name) for item in fields(request))
    return next((found for value in values if (found := of_id(value)) is not None), None)


def of_id(value: Any) -> uuid.UUID | None:
    """The policy to which what an id means belongs."""
    found = ids.decode(value) if isinstance(value, str) else None
    return found[1][0] if found is not None and len(found[1]) == 2 else None
