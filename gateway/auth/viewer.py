"""The one who asks: what kind, with which scopes, for which policies, vendor or role."""

import uuid
from dataclasses import dataclass
from enum import StrEnum

from gateway.faults import Code, Fault


class ViewerKind(StrEnum):
    ANONYMOUS = "ANONYMOUS"
    CUSTOMER = "CUSTOMER"
    VENDOR = "VENDOR"
    STAFF = "STAFF"


SCOPES = (
    "catalogue:read",
    "policies:read",
    "policies:write",
    "bookings:read",
    "bookings:write",
    "preauths:read",
    "preauths:write",
    "advances:read",
    "advances:write",
    "claims:read",
    "claims:write",
    "bills:read",
    "bills:write",
    "documents:read",
    "documents:write",
    "personal:unmask",
    "tokens:admin",
)
"""Every scope there is. `catalogue:read` is everybody's."""

CUSTOMER_SCOPES = tuple(scope for scope in SCOPES if scope not in ("policies:write", "personal:unmask", "tokens:admin"))
VENDOR_SCOPES = ("catalogue:read", "policies:read", "bookings:read", "bookings:write", "documents:read")
STAFF_ROLES = {
    "adjuster": tuple(scope for scope in SCOPES if scope not in ("personal:unmask", "tokens:admin")),
    "supervisor": tuple(scope for scope in SCOPES if scope != "tokens:admin"),
    "hotline": ("catalogue:read", "policies:read", "policies:write", "bookings:read", "bookings:write"),
}
"""Scopes that a staff role carries."""


@dataclass(frozen=True, slots=True)
class Viewer:
    kind: ViewerKind
    principal: str  # who answers for what is done, such as "customer:…" or "vendor:HUANQIU"
    name: str
    scopes: frozenset[str] = frozenset({"catalogue:read"})
    policies: tuple[uuid.UUID, ...] = ()  # a customer's
    vendor: str | None = None
    products: tuple[str, ...] | None = None  # products a vendor's token is cut to; None: all that it has contracts for
    role: str | None = None  # of staff: adjuster, supervisor, hotline

    def require(self, *scopes: str) -> None:
        """Refuse unless the token carries every scope: without any token it is a matter of signing in."""
        missing = [scope for scope in scopes if scope not in self.scopes]
        if not missing:
            return
        if self.kind is ViewerKind.ANONYMOUS:
            raise Fault(Code.UNAUTHENTICATED, "Send a bearer token: this field is not public.", missingScopes=missing)
        raise Fault(Code.FORBIDDEN, f"The token lacks {', '.join(missing)}.", missingScopes=missing)

    def require_kind(self, *kinds: ViewerKind) -> None:
        if self.kind is ViewerKind.ANONYMOUS:
            raise Fault(Code.UNAUTHENTICATED, "Send a bearer token: this field is not public.")
        if self.kind not in kinds:
            allowed = ", ".join(kind.value.lower() for kind in kinds)
            raise Fault(Code.FORBIDDEN, f"Only for: {allowed}.", missingScopes=[])


ANONYMOUS = Viewer(ViewerKind.ANONYMOUS, "anonymous", "anonymous")
