"""Who wants a card."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Binding:
    """Somebody who wants a card, against what was given when the policy was applied for. None: not asked for."""

    sold_by: str  # channel of the policy
    effective_at: dt.datetime
    is_name_as_applied: bool
    is_phone_as_applied: bool | None = None
    is_code_right: bool | None = None
    is_paper_as_applied: bool | None = None  # kind and number of the identity paper
    is_person_as_applied: bool | None = None  # birthday and gender, where they are needed
