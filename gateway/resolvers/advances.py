"""Asking for an advance: one for each stay in hospital, which sets the use of the year aside where it is counted."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.faults import Fault, bad_input
from gateway.repositories import advances as rows
from gateway.repositories import consultations as people
from gateway.repositories import entitlements, illnesses, policies, writes
from gateway.repositories.entitlements import Ledger
from gateway.resolvers import advance_cases as stays
from gateway.resolvers import advance_clocks, advance_papers, cases, inputs
from gateway.resolvers.acknowledgements import keep_acknowledgements
from gateway.resolvers.advance_papers import Handed
from gateway.resolvers.bookings import account_facts, cover, step
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.drug_questions import PersonInfo
from gateway.resolvers.numbers import new_number
from gateway.resolvers.placing import late_refusal
from gateway.resolvers.preauth_asking import bills_directly, insured_meant
from gateway.resolvers.requests import check_service, no_such_hospital, no_such_policy, paths_of
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.facts.advances import Advancing
from gateway.validation.facts.illnesses import Illness
from gateway.validation.verdict import Status, Verdict
from models.base import new_id

OWN_FIELDS = paths_of(
    *("policyNumber", "hospital", "admittedOn", "diagnosis", "criticalIllness", "firstDiagnosedOn", "costType"),
    *("isTrafficAccident", "hasEmployerFunding", "hasThirdPartyFunding", "hasLitigation", "canHandOverOriginals"),
    *("isSettledInRealTime", "person", "documents", "acknowledged"),
)
OF_THE_REVIEW = dict.fromkeys(stays.FINDINGS, ())
"""What only a review finds is no field of the form."""

PATHS = stays.PATHS | OWN_FIELDS | OF_THE_REVIEW | {"amount": ("input", "requestedAmount")}


@dataclass(frozen=True, slots=True)
class Asking:
    """What a client asks to be paid in advance."""

    policy_number: str
    insured: str | None
    hospital: str
    admitted_on: dt.date
    cause: str
    diagnosis: str
    critical_illness: str | None
    first_diagnosed_on: dt.date | None
    requested_amount: Decimal
    cost_type: str
    is_traffic_accident: bool
    has_employer_funding: bool
    has_third_party_funding: bool
    has_litigation: bool
    can_hand_over_originals: bool
    settles_in_real_time: bool | None
    exception_reason: str | None
    person: PersonInfo | None
    documents: tuple[Handed, ...]
    acknowledged: tuple[str, ...]

    @property
    def circumstances(self) -> dict[str, str]:
        """What may speak against an advance, each with the field that tells it. An employer is a third party too."""
        third_party = "hasThirdPartyFunding" if self.has_third_party_funding else "hasEmployerFunding"
        told = {
            "TRAFFIC_ACCIDENT": (self.is_traffic_accident, "isTrafficAccident"),
            "ACCIDENT_WITH_EMPLOYER_FUNDING": (
                self.has_employer_funding and self.cause == "ACCIDENT",
                "hasEmployerFunding",
            ),
            "THIRD_PARTY_FUNDING": (self.has_third_party_funding or self.has_employer_funding, third_party),
            "LITIGATION": (self.has_litigation, "hasLitigation"),
        }
        return {word: field for word, (is_so, field) in told.items() if is_so}


async def request(transaction: Transaction, operation: str, asking: Asking) -> Work:
    """Lock the account of the year of admission and gather the facts; two requests for one stay go one by one."""
    context, connection = transaction.context, transaction.connection
    diagnosis = inputs.text(asking.diagnosis, "input", "diagnosis")
    exception = inputs.text(asking.exception_reason, "input", "exceptionReason")
    illness = inputs.name(asking.critical_illness, "input", "criticalIllness")
    amount = stays.positive(
        inputs.amount(asking.requested_amount, "input", "requestedAmount"), "input", "requestedAmount"
    )
    _check_days(asking, civil_day(context.now))
    asked = await _asked_for(context, connection, operation, asking)
    insured = insured_meant(context, asked, asking.insured)
    handed, papers = await advance_papers.papers_given(connection, asked["policy_id"], asking.documents)
    account = await entitlements.lock_account(
        connection, asked["policy_id"], insured, stays.SERVICE, asking.admitted_on
    )
    is_listed = await illnesses.is_listed(connection, asked["product_code"], illness)
    is_known = await _is_person_known(transaction, asked["policy_id"], insured, asking.person)
    found = Facts(
        operation=operation,
        now=context.now,
        product=asked["product_code"],
        service=stays.SERVICE,
        is_service_in_product=asked["has_service"],
        cover=cover(asked["effective_at"], asked["cover"]),
        account=account_facts(account),
        hospital=stays.hospital_facts(asked),
        step=step(context, cases.ADVANCE.machine, "", "request"),
        form={"diagnosis": diagnosis},
        paths=PATHS,
        acknowledged=frozenset(asking.acknowledged),
        papers=papers,
        is_person_known=is_known,
        vendor=asked["vendor_code"],
        acting_vendor=context.viewer.vendor,
        illness=Illness(illness, asking.first_diagnosed_on, is_listed),
        advance=_stay(context, asking, asked, amount, is_exception=exception is not None),
    )

    excuse = exception if context.viewer.kind is ViewerKind.STAFF else None

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if await rows.has_stay(connection, asked["policy_id"], insured, asked["code"], asking.admitted_on):
            raise _stay_has_one()
        subject = Subject(asked["policy_id"], new_id())
        row = _row(context, asking, asked, insured, subject) | {
            "diagnosis": diagnosis or "",
            "critical_illness": illness,
            "requested_amount": amount,
        }
        await cases.begin(transaction, cases.ADVANCE, row, "request", reason=excuse)
        first = stays.payment_row(row, context.now, seq=1, kind="FIRST", amount=amount)
        await writes.insert(transaction.writes, "advance_payments", first)
        await _reserve(transaction, subject, account, verdicts)
        await advance_papers.link_papers(transaction, subject, handed)
        await keep_acknowledgements(transaction, operation, subject, verdicts)
        await advance_clocks.start_clocks(transaction, asked["product_code"], subject, "request")
        await _tell(transaction, subject, verdicts, asked["vendor_code"])
        return subject

    return Work(found, write)


def _check_days(asking: Asking, today: dt.date) -> None:
    stays.near(asking.admitted_on, today, "input", "admittedOn")
    if asking.first_diagnosed_on is not None and asking.first_diagnosed_on > today:
        raise bad_input("A diagnosis cannot lie in the future.", "input", "firstDiagnosedOn")


async def _asked_for(context: Context, connection: Any, operation: str, asking: Asking) -> Mapping[str, Any]:
    """What the request names. The first thing that is not there, or not the caller's, is told."""
    asked = await rows.asked_for(
        connection,
        policy_id=policies.policy_id(asking.policy_number.strip()),
        hospital=asking.hospital.strip(),
        admitted_on=asking.admitted_on,
        vendor=context.viewer.vendor,
    )
    if asked is None or not _may_act(context, asked, asking.hospital.strip()):
        raise no_such_policy()
    if asked["code"] is None:
        raise no_such_hospital()
    check_service(context, asked, operation, stays.SERVICE)
    return asked


def _may_act(context: Context, asked: Mapping[str, Any], hospital: str) -> bool:
    viewer = context.viewer
    if viewer.kind is ViewerKind.STAFF:
        return True
    if viewer.kind is ViewerKind.CUSTOMER:
        return viewer.reaches(asked["policy_id"])
    is_covered = viewer.covers(product=asked["product_code"], service=stays.SERVICE, hospital=hospital)
    return asked["is_contracted"] and is_covered


async def _is_person_known(
    transaction: Transaction, policy_id: uuid.UUID, insured: uuid.UUID, person: PersonInfo | None
) -> bool | None:
    if person is None:
        return None
    number = inputs.id_number(person.id_type, person.id_number, "input", "person", "idNumber")
    return await people.is_person_known(
        transaction.connection,
        policy_id,
        insured,
        name=inputs.name(person.name, "input", "person", "name"),
        fingerprints=transaction.context.services.vault.fingerprints(person.id_type, number),
    )


def _stay(
    context: Context, asking: Asking, asked: Mapping[str, Any], amount: Decimal, *, is_exception: bool
) -> Advancing:
    return Advancing(
        cause=asking.cause,
        admitted_on=asking.admitted_on,
        cost_type=asking.cost_type,
        circumstances=asking.circumstances,
        can_hand_over_originals=asking.can_hand_over_originals,
        settles_in_real_time=asking.settles_in_real_time,
        is_billed_directly=bills_directly(asked, asking.admitted_on),
        is_in_network=asked["is_in_list"] if asked["is_list_loaded"] else None,
        is_excused=is_exception and context.viewer.kind is ViewerKind.STAFF,
        total=amount,
        agreed_limit=asked["advance_limit"],
    )


def _row(
    context: Context, asking: Asking, asked: Mapping[str, Any], insured: uuid.UUID, subject: Subject
) -> dict[str, Any]:
    return {
        "policy_id": subject.policy_id,
        "id": subject.id,
        "number": new_number("ADV", context.now),
        "product_code": asked["product_code"],
        "state": "REQUESTED",
        "insured_id": insured,
        "vendor_code": asked["vendor_code"],
        "hospital_code": asked["code"],
        "admitted_on": asking.admitted_on,
        "cause": asking.cause,
        "first_diagnosed_on": asking.first_diagnosed_on,
        "cost_type": asking.cost_type,
        "is_traffic_accident": asking.is_traffic_accident,
        "has_employer_funding": asking.has_employer_funding,
        "has_third_party_funding": asking.has_third_party_funding,
        "has_litigation": asking.has_litigation,
        "can_hand_over_originals": asking.can_hand_over_originals,
        "settles_in_real_time": asking.settles_in_real_time,
        "paid_amount": Decimal(0),
        "is_demo": asked["is_demo"],
        "created_at": context.now,
        "updated_at": context.now,
    }


async def _reserve(
    transaction: Transaction, subject: Subject, account: Mapping[str, Any] | None, verdicts: Sequence[Verdict]
) -> None:
    """The last word on the use of the year is the database's; its no is the verdict of the rule that states it."""
    if account is None:
        return
    quota = next((verdict for verdict in verdicts if verdict.check == "within_quota"), None)
    context = transaction.context
    ledger = Ledger(transaction.writes, subject.policy_id, account["id"], context.viewer.principal, context.now)
    await ledger.reserve(rows.SUBJECT, subject.id, rule=quota and quota.rule, refusal=late_refusal(quota))


async def _tell(transaction: Transaction, subject: Subject, verdicts: Sequence[Verdict], vendor: str | None) -> None:
    """Who pays is told; what no rule could judge for want of a fact goes to people."""
    await stays.post(transaction, "advance.requested", "VENDOR" if vendor else "STAFF", subject, 1, vendor)
    if any(verdict.status is Status.UNKNOWN for verdict in verdicts):
        await stays.post(transaction, "advance.review_needed", "STAFF", subject, 1, vendor)


def _stay_has_one() -> Fault:
    return bad_input("This stay has an advance already: ask for more with `advanceTopUp`.", "input", "admittedOn")
