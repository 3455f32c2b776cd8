"""Papers, consents, access and personal data, for the count of their statements."""

from collections.abc import Mapping

from tests.execution.sending import Make, Sent
from tests.execution.twins import Twins, customer, staff
from tests.support import consents, papers
from tests.support.client import Gateway
from tests.support.escorts import register
from tests.support.mutations import sample

ISSUER = "https://id.example"


def _consent(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    number = register(gateway)
    given = sample(
        mutation,
        policyNumber=number,
        insured=consents.insured(gateway.customer(number), number),
        kind="VENDOR_SHARING",
        textSha256=papers.sha256(consents.TEXT.encode()),
    )
    return Sent(customer(number), given)


def _given_consent(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    number = register(gateway)
    return Sent(customer(number), sample(mutation, consent=consents.give(gateway.customer(number), number)))


def _ticket(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    number = register(gateway)
    given = sample(mutation, policyNumber=number, kind="LAB_REPORT", fileName="a.png", contentType="image/png", size=1)
    return Sent(customer(number), given)


def _unmask(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    number = register(gateway)
    somebody = consents.insured(gateway.customer(number), number)
    return Sent(staff("supervisor"), sample(mutation, subject=somebody, fields=["PHONE"], purpose="IDENTITY_CHECK"))


PAPERS: Mapping[str, tuple[int, Make]] = {
    "consentGrant": (0, _consent),
    "consentWithdraw": (0, _given_consent),
    "uploadTicketCreate": (0, _ticket),
    "personalDataUnmask": (0, _unmask),
}
