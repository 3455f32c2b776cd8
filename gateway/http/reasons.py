"""Why and on whose behalf a request is sent, as its headers say: for the audit trail, and for nothing else."""

import re

from gateway.faults import Code, Fault
from gateway.http.requests import HttpFault, Incoming
from gateway.repositories.audit import UNSAID, Why
from gateway.schema.personal_mutations import UnmaskPurpose

PURPOSE, ON_BEHALF_OF = b"x-purpose", b"x-on-behalf-of"
PURPOSES = ("OWN_RECORDS", "CASE_HANDLING", "SERVICE_DELIVERY", "QUALITY_REVIEW", *UnmaskPurpose.__members__)
REFERENCE = re.compile(r"[A-Za-z0-9._:-]{1,64}")
"""An id or the number of a ticket. A name would be personal data, and does not belong into a header."""


def why(incoming: Incoming) -> Why:
    if incoming.headers.keys().isdisjoint((PURPOSE, ON_BEHALF_OF)):
        return UNSAID
    return Why(_purpose(incoming), _on_behalf_of(incoming))


def _purpose(incoming: Incoming) -> str | None:
    if PURPOSE not in incoming.headers:
        return None
    said = incoming.header(PURPOSE).strip()
    if said not in PURPOSES:
        raise _unfit(f"`x-purpose` takes one of: {', '.join(PURPOSES)}.")
    return said


def _on_behalf_of(incoming: Incoming) -> str | None:
    if ON_BEHALF_OF not in incoming.headers:
        return None
    said = incoming.header(ON_BEHALF_OF).strip()
    if REFERENCE.fullmatch(said) is None:
        raise _unfit("`x-on-behalf-of` takes an id or a reference of at most 64 letters, digits, and . _ : - signs.")
    return said


def _unfit(message: str) -> HttpFault:
    return HttpFault(400, Fault(Code.BAD_USER_INPUT, message))
