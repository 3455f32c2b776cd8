"""Claims after the visit."""

from collections.abc import Mapping

from gateway.validation.rule import Check
from gateway.validation.rules import claims

CLAIMABLE: tuple[Check, ...] = (
    claims.kind_claimable,
    claims.public_hospital,
    claims.not_billed_directly,
    claims.not_self_ordered,
    claims.general_department,
    claims.follow_up_only,
    claims.internet_hospital_qualified,
    claims.channel_open,
    claims.within_online_limit,
    claims.originals_posted,
)
"""Whether and by which way cost is claimed: told before a claim, and asked again when it is filed."""

OPERATIONS: Mapping[str, tuple[Check, ...]] = {
    "claimChecklist": CLAIMABLE,
    "claimSubmit": (
        *CLAIMABLE,
        claims.account_given,
        claims.papers_given,
        claims.copies_clear,
        claims.invoice_marked,
        claims.invoice_free,
    ),
    "claimDocumentsAdd": (claims.papers_given, claims.copies_clear),
    "claimShipmentRegister": (claims.parcel_prepaid, claims.parcel_told),
    "claimAdjudicate": (claims.authorization_found, claims.nothing_overpaid),
    "appealSubmit": (claims.decided_before_appeal,),
}
