"""The one who asks: what kind, with which scopes, for which policies, vendor or role."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.faults import Code, Fault


class ViewerKind(StrEnum):
    ANONYMOUS = "ANONYMOUS"
    CUSTOMER = "CUSTOMER"
    VENDOR = "VENDOR"
    STAFF = "STAFF"
    SYSTEM = "SYSTEM"  # the gateway itself: its jobs, imports and migrations; never behind a token


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
VENDOR_LIMIT = CUSTOMER_SCOPES
"""What a vendor's token may carry at most."""

VENDOR_SCOPES = (
    *("catalogue:read", "policies:read", "bookings:read", "bookings:write"),
    *("documents:read", "documents:write"),  # reports are handed in by whoever made them
)
"""What a vendor's token carries unless its scopes are named."""

STAFF_ROLES = {
    "adjuster": tuple(scope for scope in SCOPES if scope not in ("personal:unmask", "tokens:admin")),
    "supervisor": tuple(scope for scope in SCOPES if scope != "tokens:admin"),
    "hotline": (
        *("catalogue:read", "policies:read", "policies:write", "bookings:read", "bookings:write"),
        *("preauths:read", "preauths:write", "advances:read", "advances:write", "claims:read", "claims:write"),
        *("bills:read", "bills:write"),
        *("documents:read", "documents:write"),
    ),
    "administrator": ("catalogue:read", "tokens:admin"),
}
"""Scopes that a staff role carries. Who hands out tokens decides no case, and who decides cases hands out no tokens."""


EVERYBODY_ON_IT = frozenset({"HOLDER", "INSURED"})


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody is on a policy, as it was granted: HOLDER, INSURED, GUARDIAN or AGENT."""

    policy_id: uuid.UUID
    role: str
    insured_id: uuid.UUID | None = None  # the only insured that it is about; None: the whole policy


@dataclass(frozen=True, slots=True)
class Viewer:
    kind: ViewerKind
    principal: str  # who answers for what is done, such as "customer:…" or "vendor:HUANQIU"
    name: str
    scopes: frozenset[str] = frozenset({"catalogue:read"})
    policies: tuple[uuid.UUID, ...] = ()  # a customer's, those that are open to it as a whole
    login: tuple[str, str] | None = None  # issuer and subject of a customer, which grants are made out to
    access: tuple[Access, ...] = ()  # a customer's grants; a development token has none
    vendor: str | None = None
    products: tuple[str, ...] | None = None  # products a vendor's token is cut to; None: all that it has contracts for
    services: tuple[str, ...] | None = None  # services it is cut to; None: all that the vendor delivers
    hospitals: tuple[str, ...] | None = None  # codes of hospitals it is cut to; None: not bound to hospitals
    role: str | None = None  # of staff: adjuster, supervisor, hotline, administrator
    expires_at: dt.datetime | None = field(default=None, compare=False)  # of the token

    @property
    def is_cut(self) -> bool:
        """Whether a vendor's token reaches less than the vendor does, or a customer some people of a policy only."""
        return (self.products, self.services, self.hospitals) != (None, None, None) or bool(self.people)

    @property
    def people(self) -> tuple[uuid.UUID, ...]:
        """The insured to whom a customer's access is bound, one by one."""
        return tuple(access.insured_id for access in self.access if access.insured_id is not None)

    @property
    def reached(self) -> tuple[uuid.UUID, ...]:
        """The policies on which a customer sees anything."""
        return tuple(dict.fromkeys((*self.policies, *(access.policy_id for access in self.access))))

    def reaches(self, policy: uuid.UUID, insured: uuid.UUID | None = None) -> bool:
        """Whether a customer's access opens the policy, or this insured of it."""
        return policy in self.policies or any(
            access.policy_id == policy and insured in (None, access.insured_id) for access in self.access
        )

    def roles_on(self, policy: uuid.UUID, insured: uuid.UUID | None = None) -> frozenset[str]:
        """What a customer is there. A development token names policies and no roles: it stands for those on them."""
        if not self.access:
            return EVERYBODY_ON_IT if policy in self.policies else frozenset()
        return frozenset(
            access.role
            for access in self.access
            if access.policy_id == policy and (access.insured_id is None or insured in (None, access.insured_id))
        )

    def covers(self, *, product: str | None = None, service: str | None = None, hospital: str | None = None) -> bool:
        """Whether the token reaches these. What is left out is not asked."""
        asked = ((self.products, product), (self.services, service), (self.hospitals, hospital))
        return all(cut is None or value is None or value in cut for cut, value in asked)

    def require_cover(self, *, service: str | None = None, hospital: str | None = None) -> None:
        if not self.covers(service=service, hospital=hospital):
            raise Fault(Code.FORBIDDEN, "The token does not cover this service or this hospital.", missingScopes=[])

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

SYSTEM = Viewer(ViewerKind.SYSTEM, "system:jobs", "jobs")
