"""Papers, consents, access and personal data, for the count of their statements."""

from collections.abc import Mapping
from typing import Any

from tests.execution.sending import Make, Sent
from tests.execution.twins import Twins, customer, staff, vendor
from tests.support import consents, papers
from tests.support.client import Gateway, new_key
from tests.support.escorts import begin, register
from tests.support.mutations import sample

ISSUER = "https://id.example"


def _consent(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    number = register(gateway)
    given = sample(
        mutation,
        policyNumber=number,
        insured=consents.insured(gateway.customer(number), number),
        kind="VENDOR_SHARING",
        vendor="HUANQIU",
        textSha256=papers.sha256(consents.TEXT.encode()),
    )
    return Sent(customer(number), given)


def _given_consent(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    number = register(gateway)
    return Sent(
        customer(number), sample(mutation, consent=consents.give(gateway.customer(number), number, vendor="HUANQIU"))
    )


def _access(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    return Sent(staff("supervisor"), _holder(register(gateway), mutation))


def _holder(number: str, mutation: str) -> dict[str, Any]:
    return sample(mutation, policyNumber=number, issuer=ISSUER, subject=new_key(), role="HOLDER")


def _given_access(gateway: Gateway, twins: Twins, mutation: str) -> Sent:
    text = "mutation M($i: AccessGrantInput!) { accessGrant(input: $i) { access { id } } }"
    viewer, given = staff("supervisor"), _holder(register(gateway), "accessGrant")
    access = twins.done(text, {"i": given}, viewer)["access"]["id"]
    return Sent(viewer, sample(mutation, access=access))


def _ticket(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    number = register(gateway)
    given = sample(mutation, policyNumber=number, kind="LAB_REPORT", fileName="a.png", contentType="image/png", size=1)
    return Sent(customer(number), given)


def _unmask(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    number = register(gateway)
    somebody = consents.insured(gateway.customer(number), number)
    return Sent(staff("supervisor"), sample(mutation, subject=somebody, fields=["PHONE"], purpose="IDENTITY_CHECK"))


def _contact(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    return Sent(vendor("HUANQIU"), sample(mutation, booking=begin(gateway).booking))


PAPERS: Mapping[str, tuple[int, Make]] = {
    "consentGrant": (10, _consent),
    "consentWithdraw": (8, _given_consent),
    "accessGrant": (9, _access),
    "accessRevoke": (7, _given_access),
    "uploadTicketCreate": (10, _ticket),
    "personalDataUnmask": (6, _unmask),
    # BEGIN, key, where it belongs, account, booking, what is sealed, all writes, COMMIT
    "bookingContactShow": (8, _contact),
}
