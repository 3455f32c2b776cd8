"""Visits that a hospital bills to the insurer, opened with card, identity and lines."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.context import Context
from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import bookings as paper_rows
from gateway.repositories import direct_claims as rows
from gateway.repositories import entitlements, writes
from gateway.repositories.preauths import lock_cover
from gateway.resolvers import cards, cases
from gateway.resolvers.billing import Care, billing_facts
from gateway.resolvers.bookings import account_facts, cover, step
from gateway.resolvers.brands import bind_to_brand
from gateway.resolvers.claim_filings import invoice_of
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.direct_openings import PATHS, Opening, asked_for, authorized, booked
from gateway.resolvers.numbers import new_number
from gateway.resolvers.preauth_asking import insured_meant
from gateway.validation.civil_time import SHANGHAI, civil_day
from gateway.validation.facts import Facts
from gateway.validation.facts.cases import Hospital, Patient, Visit
from gateway.validation.facts.direct_claims import DirectClaim
from gateway.validation.rule import Rule
from gateway.validation.verdict import Status, Verdict
from models.base import new_id

MOST_LINES = 100
OF_VISIT = ("input", "visitedOn")
REQUIREMENT = "preAuthRequirement"


async def create(transaction: Transaction, operation: str, opening: Opening) -> Work:
    """Lock the account, and gather what was shown; the write opens the claim for the signature."""
    context, connection = transaction.context, transaction.connection
    opening = _cleaned(context, opening)
    asked = await asked_for(context, connection, operation, opening)
    policy_id, insured = asked["policy_id"], insured_meant(context, asked, opening.insured)
    cited = await cases.papers(connection, policy_id, opening.documents)
    papers = await paper_rows.papers(connection, policy_id, cited) if cited else []
    account = await entitlements.lock_account(connection, policy_id, insured, opening.terms.service, opening.visited_on)
    booking = await booked(connection, opening, policy_id, insured)
    preauth, authorization = await authorized(connection, opening, policy_id, insured)
    await lock_cover(connection, policy_id, insured)  # as the client's own claim does: one visit is claimed once
    shown = await rows.shown(connection, policy_id, insured, hospital=asked["code"], on=opening.visited_on)
    if shown["is_claimed"]:
        raise bad_input("The client has claimed this visit already; it is not billed a second time.", *OF_VISIT)
    named = (asked[name] for name in ("code", "name", "city", "province", "level", "ownership"))
    care = Care(opening.terms.visit_type, opening.terms.liability, opening.department_class)
    found = Facts(
        operation=operation,
        now=context.now,
        product=asked["product_code"],
        service=opening.terms.service,
        cover=cover(asked["effective_at"], asked["cover"]),
        account=account_facts(account),
        hospital=Hospital(*named, is_city_served=True),
        patient=Patient("", None, None, is_insured=True),
        visit=Visit(dt.datetime.combine(opening.visited_on, dt.time(12), SHANGHAI)),
        step=step(context, cases.CLAIM.machine, "", "create"),
        paths=PATHS,
        billing=await billing_facts(
            connection, policy_id=policy_id, insured_id=insured, hospital=asked["code"], care=care
        ),
        direct=_direct(
            context, asked, opening, shown, frozenset(paper["kind"] for paper in papers), booking, authorization
        ),
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = Subject(policy_id, new_id())
        booking_id = None if booking is None else booking["id"]
        row = _row(context, asked, opening, subject) | {
            "insured_id": insured,
            "card_id": shown["card_id"],
            "booking_id": booking_id,
            "preauth_id": preauth,
            "is_preauth_missing": any(
                verdict.check == "authorized_where_listed" and verdict.status is not Status.PASSED
                for verdict in verdicts
            ),
        }
        await bind_to_brand(transaction, policy_id, insured, booking_id, found, verdicts)
        await cases.begin(transaction, cases.CLAIM, row, "create")
        await _write_parts(transaction, subject, opening, asked["code"])
        await _write_papers(transaction, subject, papers)
        await cases.tell(transaction, "claim.to_be_signed", "CUSTOMER", subject, 1, _named(subject))
        return subject

    return Work(found, write)


def _direct(
    context: Context,
    asked: Mapping[str, Any],
    opening: Opening,
    shown: Mapping[str, Any],
    papers: frozenset[str],
    booking: Any,
    authorization: str | None,
) -> DirectClaim:
    """What the rules of direct billing look at."""
    return DirectClaim(
        liability=opening.terms.liability,
        amount=opening.amount,
        items=opening.items,
        vaccines=tuple(
            (line.name, line.is_approved_vaccine, line.is_experimental)
            for line in opening.lines
            if line.is_approved_vaccine is not None or line.is_experimental is not None
        ),
        card_status=_card_status(shown, opening.visited_on),
        is_own_card=shown["card_number"] == opening.card_number,
        shown_id_type=opening.shown_id_type,
        applied_id_type=shown["id_type"],
        papers=papers,
        booking_status=booking and booking["state"],
        booked_on=booking and booking["visit_on"],
        authorization=authorization,
        lists=_lists(context, asked["product_code"]),
    )


def _cleaned(context: Context, opening: Opening) -> Opening:
    if not 1 <= len(opening.lines) <= MOST_LINES:
        raise bad_input(f"Expected 1 to {MOST_LINES} lines.", "input", "lines")
    if opening.visited_on > civil_day(context.now):
        raise bad_input("A visit is billed once it has begun.", "input", "visitedOn")
    if opening.discharged_on is not None and opening.discharged_on < opening.visited_on:
        raise bad_input("The discharge cannot come before the visit.", "input", "dischargedOn")
    code, number = opening.invoice or ("", "")
    return Opening(
        policy_number=opening.policy_number,
        insured=opening.insured,
        hospital=opening.hospital.strip(),
        kind=opening.kind,
        department_class=opening.department_class,
        visited_on=opening.visited_on,
        discharged_on=opening.discharged_on,
        is_emergency=opening.is_emergency,
        card_number=opening.card_number.strip(),
        shown_id_type=opening.shown_id_type,
        booking=opening.booking,
        preauth=opening.preauth,
        lines=tuple(line.cleaned("input", "lines", str(place)) for place, line in enumerate(opening.lines)),
        invoice=_invoice(code, number),
        documents=opening.documents,
    )


def _invoice(code: str, number: str) -> tuple[str, str] | None:
    if not number.strip():
        return None
    plain = invoice_of(code, "input", "invoiceCode") if code.strip() else ""
    return plain, invoice_of(number, "input", "invoiceNumber")


def _card_status(shown: Mapping[str, Any], day: dt.date) -> str:
    """As it was shown at the visit, but for what suspends it by now."""
    return cards.status(shown["card_state"] or "", shown["is_suspended"], shown["covered_until"], day)


def _lists(context: Context, product: str) -> tuple[Rule, ...]:
    governing = context.services.rulebook.governing(REQUIREMENT, product, "")
    return tuple(rule for rule, check in governing if check.__name__.endswith("needs_no_authorization"))


def _row(context: Context, asked: Mapping[str, Any], opening: Opening, subject: Subject) -> dict[str, Any]:
    return {
        "policy_id": subject.policy_id,
        "id": subject.id,
        "number": new_number("CL", context.now),
        "product_code": asked["product_code"],
        "kind": opening.kind,
        "state": "AWAITING_SIGNATURE",
        "vendor_code": context.viewer.vendor,
        "hospital_code": asked["code"],
        "shown_id_type": opening.shown_id_type,
        "asked_amount": opening.amount,
        "is_emergency": opening.is_emergency,
        "has_surgery": any(line.category.startswith("SURGERY") for line in opening.lines),
        "third_party_settled": False,
        "revision": 0,
        "is_demo": asked["is_demo"],
        "created_at": context.now,
        "updated_at": context.now,
    }


async def _write_parts(transaction: Transaction, subject: Subject, opening: Opening, hospital: str) -> None:
    waiting, visit = transaction.writes, new_id()
    of_claim = {"policy_id": subject.policy_id, "claim_id": subject.id}
    await writes.insert(
        waiting,
        "claim_visits",
        of_claim
        | {
            "id": visit,
            "position": 1,
            "hospital_code": hospital,
            "department_class": opening.department_class,
            "visited_on": opening.visited_on,
            "discharged_on": opening.discharged_on,
            "amount": opening.amount,
        },
    )
    for position, line in enumerate(opening.lines, 1):
        made = {"id": new_id(), "visit_id": visit, "position": position, "category": line.category, "name": line.name}
        flags = {"is_approved_vaccine": line.is_approved_vaccine, "is_experimental": line.is_experimental}
        await writes.insert(waiting, "claim_lines", of_claim | made | {"asked": line.amount} | flags)
    if opening.invoice is not None:
        code, number = opening.invoice
        paper = {"id": new_id(), "visit_id": visit, "code": code, "number": number, "amount": opening.amount}
        taken = bad_input("A live claim has this invoice already.", "input", "invoiceNumber")
        await rows.take_invoice(waiting, of_claim | paper | {"is_marked": False}, taken)


async def _write_papers(transaction: Transaction, subject: Subject, papers: Sequence[Mapping[str, Any]]) -> None:
    for paper in papers:
        line = {"kind": paper["kind"], "is_required": False, "document_id": paper["id"], "state": "PROVIDED"}
        of_claim = {"policy_id": subject.policy_id, "id": new_id(), "claim_id": subject.id}
        await writes.insert(transaction.writes, "claim_documents", of_claim | line)
    if papers:
        cited = [paper["id"] for paper in papers]
        await paper_rows.link_papers(transaction.writes, subject.policy_id, cited, subject.id)


def _named(subject: Subject) -> dict[str, str]:
    return {"claim": ids.encode("claim", *subject.key)}
