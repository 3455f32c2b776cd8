"""What a predicate of rows may know of a viewer: given with a statement, or kept as settings of its transaction."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.types import Text

from gateway.auth.viewer import Viewer, ViewerKind


@dataclass(frozen=True, slots=True)
class Sight:
    """What a predicate may know of a viewer: the kind, and the rest as parameters."""

    kind: ViewerKind
    is_cut: bool  # a vendor's token that is cut to some products …, or a customer who has some people of a policy only
    bind: Callable[["Setting"], ColumnElement[Any]]


def sight_of(viewer: Viewer) -> Sight:
    """The sight of a viewer who is here already."""
    return Sight(viewer.kind, viewer.is_cut, lambda setting: bindparam(None, setting.read(viewer), type_=setting.kind))


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing of a viewer, under the name by which the database knows it."""

    name: str
    kind: Any
    read: Callable[[Viewer], Any] = lambda _: None

    def stored(self, *, once: bool = True) -> ColumnElement[Any]:
        """Its value in the database; NULL where it was not set, which equals nothing.

        A sub-select is evaluated once for all rows of a statement; where there is one row, that is dearer.
        """
        return _stored(self.name, self.kind, once)

    def text(self, viewer: Viewer) -> str:
        """What the database is told."""
        return text_of(self.read(viewer))


@cache
def _stored(name: str, kind: Any, once: bool) -> ColumnElement[Any]:
    value = cast(func.nullif(func.current_setting(name, literal(True)), literal("")), kind)
    if not once:
        return value
    # Without a cast of its own, ANY would take the sub-select for a list of rows.
    return cast(select(value).scalar_subquery(), kind)


TEXTS = ARRAY(Text)
UUIDS = ARRAY(UUID(as_uuid=True))

KIND = Setting("app.kind", Text, lambda viewer: viewer.kind.value)
PRINCIPAL = Setting("app.principal", Text, lambda viewer: viewer.principal)
POLICIES = Setting("app.policies", UUIDS, lambda viewer: list(viewer.policies))
PEOPLE = Setting("app.people", UUIDS, lambda viewer: list(viewer.people))
REACHED = Setting("app.reached", UUIDS, lambda viewer: list(viewer.reached))
VENDOR = Setting("app.vendor", Text, lambda viewer: viewer.vendor)
PRODUCTS = Setting("app.products", TEXTS, lambda viewer: _listed(viewer.products))
SERVICES = Setting("app.services", TEXTS, lambda viewer: _listed(viewer.services))
HOSPITALS = Setting("app.hospitals", TEXTS, lambda viewer: _listed(viewer.hospitals))

NAMED = Setting("app.named", UUID(as_uuid=True))
"""The policy whose number a command was sent with."""

SECRET = Setting("app.secret", Text)
ISSUER = Setting("app.issuer", Text)
SUBJECT = Setting("app.subject", Text)
"""What a caller shows before anybody knows who it is: the hash of a token, or an identity provider's word."""

_READ: Mapping[ViewerKind, tuple[Setting, ...]] = {
    ViewerKind.ANONYMOUS: (),
    ViewerKind.CUSTOMER: (KIND, POLICIES),
    ViewerKind.VENDOR: (KIND, VENDOR, PRINCIPAL),
    ViewerKind.STAFF: (KIND,),
    ViewerKind.SYSTEM: (KIND,),
}
_READ_BY_CUT: Mapping[ViewerKind, tuple[Setting, ...]] = {
    ViewerKind.CUSTOMER: (PEOPLE, PRINCIPAL, REACHED),
    ViewerKind.VENDOR: (PRODUCTS, SERVICES, HOSPITALS),
}


def read_by(kind: ViewerKind, *, is_cut: bool) -> tuple[Setting, ...]:
    """What a statement that reads has to say of its viewer. The database forgets all of it with the transaction."""
    return (*_READ[kind], *_READ_BY_CUT.get(kind, ())) if is_cut else _READ[kind]


def settings_of(viewer: Viewer) -> dict[str, str]:
    """What the database is told before it shows rows; nothing for a viewer to whom it shows none."""
    return {setting.name: setting.text(viewer) for setting in read_by(viewer.kind, is_cut=viewer.is_cut)}


def in_database(kind: ViewerKind, *, once: bool = True) -> Sight:
    """The sight that Postgres itself has of a viewer: every parameter is a setting of the transaction."""
    return Sight(kind, is_cut=True, bind=lambda setting: setting.stored(once=once))


def text_of(value: Any) -> str:
    """A value as a setting; nothing is the empty text, as a setting cannot be NULL."""
    return "" if value is None else _array(value) if isinstance(value, list) else str(value)


def _listed(values: Iterable[str] | None) -> list[str] | None:
    return None if values is None else list(values)


def _array(values: Iterable[object]) -> str:
    """An array as Postgres reads it."""
    quoted = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"
