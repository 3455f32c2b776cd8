"""What a request carries through every layer: who asks, when, in which language, and where rows come from."""

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from strawberry.types import Info as StrawberryInfo

from gateway.auth.payments import Payments
from gateway.auth.personal import PersonalVault
from gateway.auth.vendor_tokens import VendorKey
from gateway.auth.viewer import Viewer
from gateway.execution.keyset import CursorSigner
from gateway.execution.shown import Shown
from gateway.execution.unit import Unit, unit_over
from gateway.files.papers import Papers
from gateway.repositories.audit import UNSAID, Why
from gateway.validation.calendar import WorkCalendar
from gateway.validation.lifecycles import Lifecycles
from gateway.validation.rulebook import Rulebook


@dataclass(slots=True)
class Services:
    """What one worker holds for all its requests; built in `gateway.app`."""

    pool: Any
    vault: PersonalVault
    vendor_key: VendorKey
    papers: Papers
    unmask_per_day: int
    cursors: CursorSigner
    rulebook: Rulebook
    lifecycles: Lifecycles
    calendar: WorkCalendar
    texts: Any  # gateway.resolvers.texts.VerdictTexts; named loosely, since resolvers lie above the context
    payments: Payments = Payments()  # noqa: RUF009, it is frozen
    payment_life: dt.timedelta = dt.timedelta(minutes=30)  # that an online payment may take
    authority_limit: Decimal = Decimal(50_000)  # what one adjuster may grant alone, in CNY
    changes: Any = None  # gateway.resolvers.changes.Changes; none where nobody can follow anything, as in jobs


@dataclass(slots=True)
class Context:
    services: Services
    viewer: Viewer
    now: dt.datetime  # the request's clock, which rules live by
    wall_clock: dt.datetime  # the real one, which keys, tokens and the audit trail live by
    language: str
    request_id: str
    unit: Unit
    why: Why = UNSAID  # it is asked, as the headers of the request say
    shown: Shown = field(default_factory=Shown)  # of sensitive fields; noted before the answer leaves
    transaction: Any = None  # of the mutation field that runs now

    recognize: Callable[[], Awaitable[Viewer]] | None = None  # of a subscription: who it is, as of now

    async def renew(self) -> None:
        """Before another message of a subscription: the token is looked at again, and nothing is remembered."""
        if self.recognize is not None:
            self.viewer = await self.recognize()
        shift = self.now - self.wall_clock
        self.wall_clock = dt.datetime.now(dt.UTC)
        self.now = self.wall_clock + shift
        self.unit = self.reading_unit()

    def reading_unit(self) -> Unit:
        """A fresh unit over the pool: what was loaded before a write is not asked again."""
        return unit_over(self.services.pool, self.viewer)

    @property
    def cursors(self) -> CursorSigner:
        return self.services.cursors


Info = StrawberryInfo[Context, None]
