"""Hospital costs that are paid in advance."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Advancing:
    """A stay whose costs are paid in advance, and what the step in hand says of it. What nobody has stated is None."""

    cause: str
    admitted_on: dt.date
    cost_type: str
    circumstances: Mapping[str, str] = field(default_factory=dict[str, str])  # what speaks against it → its field
    can_hand_over_originals: bool = True
    settles_in_real_time: bool | None = None  # social insurance of another area
    is_billed_directly: bool | None = None  # None: the list of the network has not been loaded
    is_in_network: bool | None = None  # the vendor's, for advances; None: not loaded
    is_excused: bool = False  # staff or the vendor takes what a client could not send
    total: Decimal | None = None  # of the stay, with what this step adds
    agreed_limit: Decimal | None = None  # for one stay
    authorized_limit: Decimal | None = None
    paid: Decimal = Decimal(0)
    outcome: str | None = None  # of a review
    reason: str | None = None
    findings: Mapping[str, bool | None] = field(default_factory=dict[str, bool | None])
    approvals: Mapping[str, str] = field(default_factory=dict[str, str])  # stage → who approved the open payment
    reviewer: str = ""
    is_signed: bool = False
    is_confirmed: bool = False  # who the client is, and the illness
    is_force_majeure: bool = False
    has_doctor_contact: bool = False
    discharge_on: dt.date | None = None
    adjudicated: Decimal | None = None
    is_covered: bool = True
