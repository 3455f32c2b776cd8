"""Claims after the visit: what one needs before it is filed, and its filing."""

import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution import ids
from gateway.faults import bad_input
from gateway.postgres import session
from gateway.repositories import bookings as paper_rows
from gateway.repositories import claims as rows
from gateway.repositories import policies, writes
from gateway.repositories.preauths import lock_cover
from gateway.resolvers import cases, claim_cases, inputs
from gateway.resolvers.bookings import keep_acknowledgements, new_number
from gateway.resolvers.commands import RefusedByDatabase, Subject, Transaction, Work
from gateway.resolvers.requests import HandedIn, no_such_policy
from gateway.resolvers.telling import named_by, told_by
from gateway.validation import facts
from gateway.validation.calendar import completed_years
from gateway.validation.facts import Facts, civil_day
from gateway.validation.reimbursement import Needed, day_sums, originals_needed
from gateway.validation.verdict import Status, Verdict
from models.base import new_id

CHECKLIST = "claimChecklist"
MOST_VISITS = 30
MOST_LINES = 200
MOST_PAPERS = 50
OWN_MUTATION = ("DIRECT_", "ADVANCE_")
CATEGORIES = {
    "PUBLIC_OUTPATIENT": "OUTPATIENT",
    "PUBLIC_INPATIENT": "INPATIENT",
    "INTERNET_PRESCRIPTION": "PRESCRIPTION",
    "VACCINE": "VACCINE",
}
ACCOUNT = re.compile(r"^\d{8,30}$", re.ASCII)
INVOICE = re.compile(r"^[0-9A-Z-]{1,40}$", re.ASCII)
PAPER_KIND = re.compile(r"^[A-Z][A-Z0-9_]{0,59}$", re.ASCII)
SEALED = "claims.account"
FIELDS = ("policyNumber", "kind", "channel", "visits", "bankAccount", "documents", "isFollowUp", "isSelfOrderedTest")
PATHS = {field: ("input", field) for field in FIELDS}


@dataclass(frozen=True, slots=True)
class Line:
    category: str
    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit with its invoice. Of a question, hospital and invoice may be left out."""

    hospital: str | None
    department_class: str | None
    visited_on: dt.date
    discharged_on: dt.date | None
    amount: Decimal
    invoice_number: str | None = None
    invoice_code: str = ""
    is_invoice_marked: bool = False
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    bank_name: str | None
    holder: str | None
    number: str | None


@dataclass(frozen=True, slots=True)
class Filing:
    """What somebody claims, or asks about before."""

    policy_number: str
    insured: str | None
    kind: str
    channel: str | None
    visits: tuple[Visit, ...]
    account: Account | None = None
    papers: tuple[HandedIn, ...] = ()
    is_emergency: bool = False
    is_follow_up: bool | None = None
    has_surgery: bool = False
    is_third_party_settled: bool = False
    is_self_ordered_test: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """The way that a claim goes, the papers it needs, and what the rules say of it."""

    channel: str
    documents: tuple[Needed, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Insured:
    id: uuid.UUID
    born_on: dt.date
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a filing names, found."""

    policy: Mapping[str, Any]
    insured: Insured
    filing: Filing
    claim: facts.Reimbursement


async def submit(transaction: Transaction, operation: str, filing: Filing) -> Work:
    """Look at days and invoices under the lock of the insured's cover, and gather the facts."""
    context, connection = transaction.context, transaction.connection
    policy = await _policy(context, connection, operation, filing)
    insured = _insured(context, policy, filing.insured)
    filing = _clean(context, filing)
    papers, copies = await handed_in(connection, policy["policy_id"], filing.papers)
    await lock_cover(connection, policy["policy_id"], insured.id)
    asked = await _asked(context, connection, policy, insured, filing, copies)
    found = _facts(context, operation, asked)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        return await _write(transaction, operation, asked, papers, verdicts)

    return Work(found, write)


async def checklist(context: Context, filing: Filing) -> Checklist:
    """The same look without a lock, before anything is filed."""
    told = told_by(context.viewer, named_by(filing))
    async with session.transaction(context.services.pool, told, reads_only=True) as connection:
        policy = await _policy(context, connection, CHECKLIST, filing)
        insured = _insured(context, policy, filing.insured)
        asked = await _asked(context, connection, policy, insured, _clean(context, filing))
    return Checklist(
        channel=asked.claim.channel,
        documents=tuple(claim_cases.papers_of(context, policy["product_code"], asked.claim)),
        verdicts=tuple(context.services.rulebook.check(_facts(context, CHECKLIST, asked))),
    )


# What is named


async def _policy(context: Context, connection: Any, operation: str, filing: Filing) -> Mapping[str, Any]:
    viewer = context.viewer
    policy = await rows.asked_for(
        connection, policy_id=policies.policy_id(filing.policy_number.strip()), vendor=viewer.vendor
    )
    if policy is None or not _may_act(context, policy):
        raise no_such_policy()
    if filing.kind.startswith(OWN_MUTATION):
        raise bad_input(
            "Claims of this kind are made by hospitals and vendors, by mutations of their own.", *_at("kind")
        )
    if not context.services.rulebook.governing(operation, policy["product_code"], ""):
        raise bad_input(
            "The handbook of this policy's product has no such claims: name a policy of a product that has them.",
            *_at("policyNumber"),
        )
    return policy


def _may_act(context: Context, policy: Mapping[str, Any]) -> bool:
    """A vendor that is an agent may file; a token that is cut to hospitals or services would not see what it filed."""
    viewer = context.viewer
    if viewer.kind is ViewerKind.STAFF:
        return True
    if viewer.kind is ViewerKind.CUSTOMER:
        return viewer.reaches(policy["policy_id"])
    is_whole = viewer.services is None and viewer.hospitals is None
    return is_whole and policy["is_contracted"] and viewer.covers(product=policy["product_code"])


def _insured(context: Context, policy: Mapping[str, Any], given: str | None) -> Insured:
    """The insured who is meant; where the viewer may act for several, the request says whom."""
    viewer, policy_id = context.viewer, policy["policy_id"]
    is_customer = viewer.kind is ViewerKind.CUSTOMER
    known = [Insured(*one) for one in policy["insured"]]
    people = [one for one in known if not is_customer or viewer.reaches(policy_id, one.id)]
    if given is None:
        if len(people) > 1:
            raise bad_input("This policy insures several people: say whom.", *_at("insured"))
        return people[0]
    named, person = ids.decode_as("person", given, 2, *_at("insured"))
    for one in people:
        if (named, person) == (policy_id, one.id):
            return one
    raise ids.not_an_id("person", *_at("insured"))


async def _asked(
    context: Context,
    connection: Any,
    policy: Mapping[str, Any],
    insured: Insured,
    filing: Filing,
    copies: tuple[facts.Copy, ...] = (),
) -> Asked:
    known = await rows.hospitals(
        connection,
        [visit.hospital for visit in filing.visits if visit.hospital],
        product=policy["product_code"],
        plan=policy["plan_code"],
    )
    around = await rows.surroundings(
        connection,
        policy["policy_id"],
        insured.id,
        days=[visit.visited_on for visit in filing.visits],
        invoices=[visit.invoice_number for visit in filing.visits if visit.invoice_number],
    )
    direct = {(hospital, day) for hospital, day in around["direct"]}
    visits = tuple(_visit(context, policy, known, direct, place, visit) for place, visit in enumerate(filing.visits))
    claim = facts.Reimbursement(
        kind=filing.kind,
        channel=filing.channel or "",
        visits=visits,
        day_sums=day_sums(visits, dict(around["day_sums"])),
        papers=frozenset(paper.kind for paper in filing.papers),
        copies=copies,
        age=completed_years(insured.born_on, civil_day(context.now)),
        is_emergency=filing.is_emergency,
        is_follow_up=filing.is_follow_up,
        has_surgery=filing.has_surgery,
        is_third_party_settled=filing.is_third_party_settled,
        is_self_ordered_test=filing.is_self_ordered_test,
        missing_account=missing_of(filing.account),
        taken_invoices=_taken(filing.visits, around["taken"]),
        is_recorded=filing.channel in claim_cases.RECORDED,
    )
    return Asked(policy, insured, filing, replace(claim, channel=_channel(context, policy, claim)))


def _visit(
    context: Context,
    policy: Mapping[str, Any],
    known: Mapping[str, Mapping[str, Any]],
    direct: set[tuple[str, dt.date]],
    place: int,
    visit: Visit,
) -> facts.ClaimedVisit:
    hospital = known.get(visit.hospital or "")
    if visit.hospital is not None and hospital is None:
        raise bad_input("No such hospital: expected a code from `hospitals`.", *_at("visits", str(place), "hospital"))
    return facts.ClaimedVisit(
        hospital=hospital["name"] if hospital else "",
        ownership=hospital["ownership"] if hospital else "PUBLIC",  # of a question that names none
        visited_on=visit.visited_on,
        amount=visit.amount,
        department_class=visit.department_class,
        is_invoice_marked=visit.is_invoice_marked,
        is_billed_directly=(visit.hospital, visit.visited_on) in direct,
        is_internet_hospital=_is_internet_hospital(context, policy, hospital) if hospital else None,
    )


def _is_internet_hospital(context: Context, policy: Mapping[str, Any], hospital: Mapping[str, Any]) -> bool | None:
    """Of the designated private network, or marked as licensed; else nothing on file tells."""
    if hospital["is_in_network"] and hospital["ownership"] == "PRIVATE":
        return True
    rules = context.services.rulebook.governing(claim_cases.SUBMIT, policy["product_code"], "")
    words = {word for rule, _ in rules for word in rule.parameters.get("licensedItems", ())}
    return True if words.intersection(hospital["items"]) else None


def missing_of(account: Account | None) -> tuple[str, ...]:
    if account is None:
        return ()
    given = {"bankName": account.bank_name, "number": account.number}
    return tuple(field for field, value in given.items() if value is None)


def _taken(visits: Sequence[Visit], taken: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Invoices that a live claim has; a code that is left out on either side makes no other invoice."""
    return tuple(
        visit.invoice_number
        for visit in visits
        if visit.invoice_number
        and any(number == visit.invoice_number and _same(code, visit.invoice_code) for code, number in taken)
    )


def _same(one: str, other: str) -> bool:
    return one == other or "" in (one, other)


def _channel(context: Context, policy: Mapping[str, Any], claim: facts.Reimbursement) -> str:
    """What was chosen; else online, where no rule wants originals."""
    if claim.channel:
        return claim.channel
    service = claim_cases.service_of(claim.kind)
    for rule, check in context.services.rulebook.governing(claim_cases.SUBMIT, policy["product_code"], service):
        if check.__name__ == "originals_posted" and originals_needed(rule, claim):
            return "MAIL_ORIGINALS"
    return "ONLINE"


def _facts(context: Context, operation: str, asked: Asked) -> Facts:
    claim = asked.claim
    service = "RESPIRATORY_TEST" if claim.is_self_ordered_test else claim_cases.service_of(claim.kind)
    return Facts(operation, context.now, asked.policy["product_code"], service, paths=PATHS, claim=claim)


async def handed_in(
    connection: Any, policy_id: uuid.UUID, papers: Sequence[HandedIn]
) -> tuple[dict[tuple[str, str], uuid.UUID], tuple[facts.Copy, ...]]:
    """Papers by kind and id, with their keys; and what their bytes tell."""
    if len(papers) > MOST_PAPERS:
        raise bad_input(f"At most {MOST_PAPERS} documents.", *_at("documents"))
    for place, paper in enumerate(papers):
        if not PAPER_KIND.match(paper.kind):
            wrong = "Expected a kind in capital letters, such as INVOICE."
            raise bad_input(wrong, *_at("documents", str(place), "kind"))
    found = await cases.papers_found(connection, policy_id, [paper.document for paper in papers])
    known = {row["id"]: row for row in found}
    decoded = {paper: ids.decode_as("doc", paper.document, 2, *_at("documents"))[1] for paper in papers}
    copies = tuple(_copy(paper.kind, known[key]) for paper, key in decoded.items())
    return {(paper.kind, paper.document): key for paper, key in decoded.items()}, copies


def _copy(kind: str, row: Mapping[str, Any]) -> facts.Copy:
    return facts.Copy(kind, row["has_color"], row["shorter_side"], row["dots_per_inch"])


# Cleaning


def _clean(context: Context, filing: Filing) -> Filing:
    """The same with its texts trimmed and its amounts in cents; what cannot be taken is named."""
    if not 1 <= len(filing.visits) <= MOST_VISITS:
        raise bad_input(f"Expected 1 to {MOST_VISITS} visits.", *_at("visits"))
    if sum(len(visit.lines) or 1 for visit in filing.visits) > MOST_LINES:
        raise bad_input(f"At most {MOST_LINES} lines.", *_at("visits"))
    if filing.channel in claim_cases.RECORDED and context.viewer.kind is not ViewerKind.STAFF:
        raise bad_input("Staff write down what comes by telephone or e-mail: leave this out.", *_at("channel"))
    visits = tuple(_clean_visit(context, place, visit) for place, visit in enumerate(filing.visits))
    named = [(visit.invoice_code, visit.invoice_number) for visit in visits if visit.invoice_number]
    if len(set(named)) < len(named):
        raise bad_input("An invoice is named twice.", *_at("visits"))
    return replace(filing, visits=visits, account=clean_account(filing.account))


def _clean_visit(context: Context, place: int, visit: Visit) -> Visit:
    at = _at("visits", str(place))
    if visit.visited_on > civil_day(context.now):
        raise bad_input("A visit that is claimed cannot lie in the future.", *at, "visitedOn")
    if visit.discharged_on is not None and not visit.visited_on <= visit.discharged_on <= civil_day(context.now):
        raise bad_input("Expected a day from the admission until today.", *at, "dischargedOn")
    amount = _positive(visit.amount, *at, "amount")
    lines = tuple(_clean_line(line, *at, "lines", str(number)) for number, line in enumerate(visit.lines))
    if lines and sum(line.amount for line in lines) != amount:
        raise bad_input(f"The lines must come to the amount of the visit, {amount}.", *at, "lines")
    return replace(
        visit,
        hospital=visit.hospital and visit.hospital.strip(),
        amount=amount,
        invoice_number=visit.invoice_number and _invoice(visit.invoice_number, *at, "invoiceNumber"),
        invoice_code=_invoice(visit.invoice_code, *at, "invoiceCode") if visit.invoice_code.strip() else "",
        lines=lines,
    )


def _clean_line(line: Line, *path: str) -> Line:
    name = inputs.required(inputs.name(line.name, *path, "name"), *path, "name")
    return Line(line.category, name, _positive(line.amount, *path, "amount"))


def _positive(amount: Decimal, *path: str) -> Decimal:
    known = inputs.amount(amount, *path)
    if not known:
        raise bad_input("Expected an amount of more than 0 with at most two decimals.", *path)
    return known


def _invoice(number: str, *path: str) -> str:
    """As printed, whatever its width, case and blanks."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).upper()
    if not INVOICE.match(plain):
        raise bad_input("Expected the number as printed: 1 to 40 letters and digits.", *path)
    return plain


def clean_account(account: Account | None) -> Account | None:
    if account is None:
        return None
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", account.number or ""))
    if number and not ACCOUNT.match(number):
        raise bad_input("Expected the number of an account: 8 to 30 digits.", *_at("bankAccount", "number"))
    return Account(
        bank_name=inputs.name(account.bank_name, *_at("bankAccount", "bankName")),
        holder=inputs.name(account.holder, *_at("bankAccount", "holder")),
        number=number or None,
    )


# Writing


async def _write(
    transaction: Transaction,
    operation: str,
    asked: Asked,
    papers: Mapping[tuple[str, str], uuid.UUID],
    verdicts: Sequence[Verdict],
) -> Subject:
    context, filing, claim = transaction.context, asked.filing, asked.claim
    subject = Subject(asked.policy["policy_id"], new_id())
    waits = claim.channel == "MAIL_ORIGINALS"
    needed = claim_cases.papers_of(context, asked.policy["product_code"], claim)
    is_complete = not waits and all(paper.is_among(claim.papers) for paper in needed if paper.is_required)
    row = {
        "policy_id": subject.policy_id,
        "id": subject.id,
        "number": new_number("CL", context.now),
        "product_code": asked.policy["product_code"],
        "kind": claim.kind,
        "channel": claim.channel,
        "state": "AWAITING_ORIGINALS" if waits else "SUBMITTED",
        "insured_id": asked.insured.id,
        "vendor_code": context.viewer.vendor or (_addressee(context, asked) if waits else None),
        "asked_amount": claim.amount,
        "is_emergency": claim.is_emergency,
        "is_follow_up": claim.is_follow_up,
        "has_surgery": claim.has_surgery,
        "third_party_settled": claim.is_third_party_settled,
        "is_preauth_missing": False,
        "revision": 0,
        "documents_complete_at": context.now if is_complete else None,
        "is_demo": asked.policy["is_demo"],
        "created_at": context.now,
        "updated_at": context.now,
        **account_columns(context, filing.account, asked.insured.name),
    }
    await cases.begin(transaction, cases.CLAIM, row, "submit")
    await _write_visits(transaction, subject, asked, _refusal(verdicts))
    await write_papers(transaction, subject, papers, needed)
    missing = [paper for paper in needed if paper.is_required and not paper.is_among(claim.papers)]
    await rows.want_papers(
        transaction.writes, subject.policy_id, subject.id, {paper.kind: paper.rule for paper in missing}
    )
    await keep_acknowledgements(transaction, operation, subject, verdicts)
    if is_complete:
        await claim_cases.start_clocks(transaction, row, claim_cases.COMPLETE)
    await _tell(transaction, row, verdicts)
    return subject


def _addressee(context: Context, asked: Asked) -> str | None:
    """Whom the handbook has originals sent to, where it is a company of its own."""
    rules = context.services.rulebook.governing(claim_cases.SUBMIT, asked.policy["product_code"], "")
    named = [rule.parameters.get("vendor") for rule, check in rules if check.__name__ == "originals_posted"]
    return next(iter(named), None)


def _refusal(verdicts: Sequence[Verdict]) -> Exception:
    """The no of the database to an invoice that another claim has just taken, as the verdict of its rule."""
    for verdict in verdicts:
        if verdict.check == "invoice_free":
            late = Verdict(verdict.rule, Status.REFUSED, PATHS["visits"], {"invoices": ""}, check=verdict.check)
            return RefusedByDatabase(late)
    return RuntimeError("an invoice was refused that no rule limits")


def account_columns(context: Context, account: Account | None, insured: str) -> dict[str, Any]:
    """The account as it is kept: sealed, hashed, and by its last digits. Without a holder it is the insured's own."""
    if account is None or missing_of(account):
        return {}
    number, vault = account.number or "", context.services.vault
    return {
        "bank_name": account.bank_name,
        "account_holder": account.holder or insured,
        "account_encrypted": vault.seal(number, SEALED),
        "account_hash": vault.fingerprint("ACCOUNT", number),
        "account_last4": number[-4:],
    }


async def _write_visits(transaction: Transaction, subject: Subject, asked: Asked, refusal: Exception) -> None:
    lines: list[dict[str, Any]] = []
    for place, visit in enumerate(asked.filing.visits, 1):
        key = {"policy_id": subject.policy_id, "claim_id": subject.id}
        visit_id = new_id()
        row = {
            **key,
            "id": visit_id,
            "position": place,
            "hospital_code": visit.hospital,
            "department_class": visit.department_class,
            "visited_on": visit.visited_on,
            "discharged_on": visit.discharged_on,
            "amount": visit.amount,
        }
        await writes.insert(transaction.writes, "claim_visits", row)
        invoice = {
            **key,
            "id": new_id(),
            "visit_id": visit_id,
            "code": visit.invoice_code,
            "number": visit.invoice_number,
            "amount": visit.amount,
            "is_marked": visit.is_invoice_marked,
        }
        await rows.take_invoice(transaction.writes, f"invoice{place}", invoice, refusal=refusal)
        for line in visit.lines or (Line(CATEGORIES[asked.claim.kind], visit.invoice_number or "", visit.amount),):
            made = {
                **key,
                "id": new_id(),
                "visit_id": visit_id,
                "position": len(lines) + 1,
                "category": line.category,
                "name": line.name,
                "asked": line.amount,
            }
            lines.append(made)
    await writes.insert_all(transaction.writes, "claim_lines", lines)


async def write_papers(
    transaction: Transaction,
    subject: Subject,
    papers: Mapping[tuple[str, str], uuid.UUID],
    needed: Sequence[Needed],
) -> None:
    """What was handed in, as lines of the checklist, with the rules that ask for it."""
    rules = {kind: paper for paper in needed for kind in (paper.kind, *paper.alternatives)}
    lines: list[dict[str, Any]] = []
    for (kind, _), document in papers.items():
        rule = rules.get(kind)
        row = {
            "policy_id": subject.policy_id,
            "id": new_id(),
            "claim_id": subject.id,
            "kind": kind,
            "is_required": rule is not None and rule.is_required,
            "rule_code": rule and rule.rule,
            "document_id": document,
            "state": "PROVIDED",
        }
        lines.append(row)
    await writes.insert_all(transaction.writes, "claim_documents", lines)
    await paper_rows.link_papers(transaction.writes, subject.policy_id, list(set(papers.values())), subject.id)


async def _tell(transaction: Transaction, row: Mapping[str, Any], verdicts: Sequence[Verdict]) -> None:
    """The insurer hears of the claim, and of every rule that people must judge."""
    subject = Subject(row["policy_id"], row["id"])
    payload = {"claim": ids.encode("claim", subject.policy_id, subject.id)}
    await cases.tell(transaction, "claim.submitted", "STAFF", subject, 1, payload)
    open_rules = [item.rule for item in verdicts if item.status is Status.UNKNOWN or _is_for_people(item)]
    if open_rules:
        told = {**payload, "rules": list(dict.fromkeys(open_rules))}
        await cases.tell(transaction, "claim.review_needed", "STAFF", subject, 1, told)


def _is_for_people(verdict: Verdict) -> bool:
    return verdict.status is Status.WARNED and verdict.check == "public_hospital"


def _at(*fields: str) -> tuple[str, ...]:
    return ("input", *fields)
