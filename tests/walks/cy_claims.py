"""Walks through claims, authorizations and advances."""

from typing import Any

from tests.support.advances import FOR_CLAIM, FOR_REVIEW, FOUND
from tests.support.claims import ACCOUNT, PAPERS, VISITED
from tests.support.client import new_key, new_number
from tests.support.direct_claims import SIGNED, card
from tests.support.escorts import NOW, at
from tests.support.visits import CLINIC
from tests.walks.walk import GRANTED, Walk, walk

NATIONAL = {"plan": "NATIONAL", "waitingDays": 30}
STATUS = "advance { status }"
CARDS = "query ($number: String!) { policy(number: $number) { cards { number status suspensions { cause } } } }"
SIGNATURES = "claim { status signatures { paper } }"
STAY = {
    "hospital": "DEMO-SH-002",
    "admittedOn": "2026-03-05",
    "cause": "DISEASE",
    "diagnosis": "肺恶性肿瘤",
    "requestedAmount": "30000.00",
    "costType": "INPATIENT_TREATMENT",
}
"""A stay at a public hospital that does not bill directly."""


@walk("preauthorization", "Authorization before treatment, and the letter of guarantee (CY26)", "CY26", **NATIONAL)
def preauthorization(walk: Walk) -> None:
    """Some treatment needs the insurer's word first; what is granted at a hospital that bills directly gets a letter
    of guarantee on which the hospital draws.
    """
    item: dict[str, Any] = {"category": "INPATIENT", "name": "住院三天", "perTreatment": "8000.00"}
    need = """query ($input: PreAuthRequirementInput!) { preAuthRequirement(input: $input) {
      isRequired latestOn matches { position rule { code } } } }"""
    plan = {"policyNumber": walk.number, "treatmentOn": "2026-03-26", "items": [item]}
    walk.ask("customer", "Whether it is needed, and until when to ask", need, input=plan)
    asked = plan | {"hospital": "DEMO-SH-001", "diagnosis": "腺样体肥大"}
    shows = "preAuth { id number status items { name decision } }"
    late = {"treatmentOn": "2026-03-10"}
    walk.refused("customer", "Too late", "preAuthSubmit", "CY26-PA-03", **asked | late)
    walk.tried("customer", "A dry run", "preAuthSubmit", "preAuth { status }", **asked)
    case = walk.send("customer", "The request", "preAuthSubmit", shows, **asked)["preAuth"]["id"]
    status = "preAuth { status }"
    walk.send("adjuster", "The insurer takes it up", "preAuthReview", status, preAuth=case)
    walk.send("adjuster", "It asks for more", "preAuthInquire", status, preAuth=case, question="是否有手术？")
    walk.send("customer", "The client answers", "preAuthAnswer", status, preAuth=case, answer="有，微创。")
    granted = [{"position": 1, "decision": "APPROVED", "approvedAmount": "8000.00"}]
    decided = "preAuth { status validUntil guaranteeLetters { id number status ceiling { amount } } } letterCode"
    given = {"preAuth": case, "decisions": granted, "validUntil": "2026-04-30"}
    made = walk.send("adjuster", "The decision, with a letter", "preAuthDecide", decided, **given)
    letter = made["preAuth"]["guaranteeLetters"][0]
    walk.hide(made["letterCode"], "00000000").hide(letter["number"], "LETTER-EXAMPLE")
    check = """query ($number: String!, $code: String!) { guaranteeLetterCheck(number: $number, code: $code) {
      status isUsable ceiling remaining startsOn endsOn } }"""
    walk.ask(
        "hospital",
        "The hospital checks the letter by its code",
        check,
        number=letter["number"],
        code=made["letterCode"],
    )
    walk.send(
        "hotline", "The hospital has it", "guaranteeLetterDeliver", "letter { status deliveredAt }", letter=letter["id"]
    )
    longer = asked | {"items": [item | {"name": "住院五天", "perTreatment": "12000.00"}], "supersedes": case}
    again = walk.send("customer", "The stay gets longer: the request is revised", "preAuthSubmit", shows, **longer)
    renewed = [{"position": 1, "decision": "APPROVED", "approvedAmount": "12000.00"}]
    replaced = """preAuth { status guaranteeLetters { number status ceiling { amount } carried { amount } }
      supersedes { status guaranteeLetters { status } } } letterCode"""
    given = {"preAuth": again["preAuth"]["id"], "decisions": renewed, "validUntil": "2026-04-30"}
    made = walk.send("adjuster", "Granted, it replaces request and letter", "preAuthDecide", replaced, **given)
    walk.hide(made["letterCode"], "00000000").hide(made["preAuth"]["guaranteeLetters"][0]["number"], "LETTER-EXAMPLE-2")


@walk("claim", "A claim after the visit (CY26)", "CY26", **NATIONAL)
def claim(walk: Walk) -> None:
    """What was paid at a public hospital is claimed with its papers, decided line by line, and paid."""
    visit = {"hospital": "DEMO-SH-002", "visitedOn": VISITED, "amount": "860.00"}
    checklist = """query ($input: ClaimChecklistInput!) { claimChecklist(input: $input) {
      channel documents { kind isRequired rule { code } } verdicts { status message rule { code } } } }"""
    wanted = {"policyNumber": walk.number, "kind": "PUBLIC_OUTPATIENT"}
    walk.ask("customer", "Which papers it takes", checklist, input=wanted | {"visits": [visit]})
    invoice = new_number("F").upper()
    walk.hide(invoice, "INVOICE-EXAMPLE")
    more = {"departmentClass": "GENERAL", "invoiceNumber": invoice, "isInvoiceMarked": True}
    asked = wanted | {"visits": [visit | more], "bankAccount": ACCOUNT, "documents": walk.papers(*PAPERS["CY26"])}
    codes = ("CY26-BKG-02", "CY26-CARD-13", "CY26-CLM-01")
    private = {"kind": "PUBLIC_OUTPATIENT", "visits": [visit | more | {"hospital": "DEMO-SH-005"}]}
    walk.refused("customer", "For a private hospital", "claimSubmit", *codes, **asked | private)
    walk.tried("customer", "A dry run", "claimSubmit", "claim { status }", **asked)
    shows = "claim { id number status askedAmount { amount } slaClocks { rule { code } status dueAt } }"
    case = walk.send("customer", "The claim", "claimSubmit", shows, **asked)["claim"]["id"]
    status = "claim { status }"
    walk.send("adjuster", "The insurer takes it up", "claimReview", status, claim=case)
    missing = {"kinds": ["EXAM_REPORT"], "note": "请补检查报告"}
    walk.send(
        "adjuster", "It asks for a paper; the deadline rests", "claimSupplementRequest", status, claim=case, **missing
    )
    walk.send(
        "customer",
        "The client hands it in",
        "claimDocumentsAdd",
        status,
        claim=case,
        documents=walk.papers("EXAM_REPORT"),
    )
    ruling = [{"position": 1, "excluded": "60.00", "reason": "挂号费不在保障范围"}]
    decided = "claim { status decision { outcome asked { amount } excluded { amount } paid { amount } reason } }"
    reason = {"reason": "部分费用不在保障范围"}
    walk.send("adjuster", "The decision", "claimAdjudicate", decided, claim=case, lines=ruling, **reason)
    paid = "claim { status payments { amount { amount } status } }"
    walk.send("adjuster", "The payment", "claimPay", paid, claim=case, reference="PAY-EXAMPLE")
    appealed = "appeal { id number status }"
    made = walk.send("customer", "The client appeals", "appealSubmit", appealed, claim=case, grounds="挂号费也应赔付")
    appeal = {"appeal": made["appeal"]["id"], "outcome": "UPHELD", "reason": "挂号费确不在保障范围"}
    outcome = "appeal { status outcome reason }"
    walk.send(
        "supervisor", "Somebody else looks again, and agrees with the decision", "appealDecide", outcome, **appeal
    )


@walk("direct-claim", "A direct claim and its bill (CY26)", "CY26", **NATIONAL)
def direct_claim(walk: Walk) -> None:
    """The hospital bills the insurer; the client shows the card, signs, and pays only the own part."""
    number = card(walk.gateway, walk.number)
    walk.hide(number, "CARD-EXAMPLE").at(at("2026-03-26 12:00"))
    walk.ask("customer", "The card to show", CARDS, number=walk.number)
    asked = {
        "policyNumber": walk.number,
        "hospital": "DEMO-SH-001",
        "kind": "OUTPATIENT",
        "departmentClass": "SPECIAL",
        "visitedOn": "2026-03-26",
        "cardNumber": number,
        "shownIdType": "PASSPORT",
        "lines": [{"category": "TREATMENT", "name": "门诊诊查", "amount": "300.00"}],
        "documents": [walk.paper("DIRECT_CLAIM_FORM")],
    }
    without = {"shownIdType": None}
    walk.refused(
        "hospital", "Without a paper that shows who it is", "directClaimCreate", "CY26-BKG-14", **asked | without
    )
    walk.tried("hospital", "A dry run", "directClaimCreate", "claim { status }", **asked)
    shows = "claim { id number status askedAmount { amount } }"
    case = walk.send("hospital", "The hospital opens the claim", "directClaimCreate", shows, **asked)["claim"]["id"]
    walk.send(
        "hospital",
        "The client signs",
        "directClaimSign",
        SIGNATURES,
        claim=case,
        **SIGNED["CY26"],
    )
    walk.send("adjuster", "The insurer takes it up", "claimReview", "claim { status }", claim=case)
    ruling = [{"position": 1, "copay": "30.00"}]
    decided = "claim { status decision { outcome asked { amount } copay { amount } paid { amount } } }"
    walk.send("adjuster", "It decides", "claimAdjudicate", decided, claim=case, lines=ruling)
    shows = "claim { status payments { payee amount { amount } status } }"
    walk.send("adjuster", "It pays the hospital", "claimPay", shows, claim=case, reference="PAY-EXAMPLE")
    bill = "bill { id number status amount { amount } dueOn }"
    made = walk.send("adjuster", "The own part becomes a bill", "billIssue", bill, claim=case, amount="30.00")
    owed = "bill { status reminderCount }"
    walk.send("hotline", "A reminder", "billReminderRecord", owed, bill=made["bill"]["id"], channel="PHONE")
    paid = {"bill": made["bill"]["id"], "amount": "30.00", "reference": "RECEIPT-EXAMPLE"}
    shows = "bill { status outstandingAmount { amount } }"
    walk.send("hospital", "The hospital records what was paid", "billPay", shows, **paid)


@walk("advance", "Hospital costs paid in advance (CY26)", "CY26", "ADVANCE_PAYMENT", **NATIONAL)
def advance(walk: Walk) -> None:
    """At a public hospital that does not bill directly the vendor pays; after the discharge it files the claim, and
    what the claim does not cover is owed back.
    """
    asked = STAY | {"policyNumber": walk.number, "acknowledged": ["CY26-ADV-16"]}
    deposit = {"costType": "DEPOSIT"}
    walk.begins()
    walk.refused("customer", "For a deposit", "advanceRequest", "CY26-ADV-19", **asked | deposit)
    case = requested(walk, asked)
    reviewed(walk, case)
    paid_and_settled(walk, case, "ADVANCE_MANDATE", ["CY26-ADV-23"])


@walk(
    "advance-zawx",
    "Hospital costs paid in advance for the critically ill (ZAWX)",
    "ZAWX",
    "ADVANCE_PAYMENT",
)
def advance_zawx(walk: Walk) -> None:
    """For one stay with a critical illness that was first diagnosed under the policy, once its waiting period is
    over.
    """
    asked = STAY | {
        "policyNumber": walk.number,
        "criticalIllness": "恶性肿瘤——重度",
        "firstDiagnosedOn": "2026-03-01",
        "documents": walk.papers("IMAGING_REPORT"),
        "acknowledged": ["ZAWX-ADV-23"],
    }
    early = {"firstDiagnosedOn": "2025-12-20"}
    walk.begins()
    walk.refused("customer", "Ill before the policy began", "advanceRequest", "ZAWX-TBL-08", **asked | early)
    case = requested(walk, asked)
    reviewed(walk, case)
    paid_and_settled(walk, case, "ADVANCE_MANDATE", ["ZAWX-ADV-19", "ZAWX-ADV-22"])


@walk(
    "advance-vas",
    "Hospital costs paid in advance (VAS)",
    "VAS",
    "ADVANCE_PAYMENT",
    waitingDays=30,
    advanceLimit="50000.00",
)
def advance_vas(walk: Walk) -> None:
    """The vendor reviews, somebody else at the insurer authorizes, and deposits are paid too; below the limit that
    was agreed for one stay.
    """
    asked = STAY | {"policyNumber": walk.number, "costType": "DEPOSIT"}
    early = {"admittedOn": "2026-01-19"}
    walk.at(at("2026-01-20 09:00")).begins()
    walk.refused("customer", "In the waiting period", "advanceRequest", "VAS-ADV-05", **asked | early)
    walk.at(NOW)
    case = requested(walk, asked)
    reviewed(walk, case)
    approved = "advance { status approvedAmount { amount } authorizedLimit { amount } }"
    walk.send("adjuster", "The insurer authorizes it", "advanceAuthorize", approved, advance=case, outcome="APPROVED")
    paid_and_settled(walk, case, "ADVANCE_AGREEMENT", [])


def requested(walk: Walk, asked: dict[str, Any]) -> str:
    walk.tried("customer", "A dry run", "advanceRequest", "advance { status }", **asked)
    shows = "advance { id number status slaClocks { rule { code } status dueAt } }"
    return walk.send("customer", "The request", "advanceRequest", shows, **asked)["advance"]["id"]


def reviewed(walk: Walk, case: str) -> None:
    walk.send("vendor", "The vendor calls", "advanceContactRecord", STATUS, advance=case, isConfirmed=True)
    walk.send(
        "customer", "The papers", "advanceDocumentsSubmit", STATUS, advance=case, documents=walk.papers(*FOR_REVIEW)
    )
    approved = "advance { status approvedAmount { amount } }"
    walk.send("vendor", "The review", "advanceReview", approved, advance=case, outcome="APPROVED", findings=FOUND)


def paid_and_settled(walk: Walk, case: str, mandate: str, agreed: list[str]) -> None:
    signed = {"documents": walk.papers(mandate), "acknowledged": agreed}
    walk.send("customer", "The client signs", "advanceSign", STATUS, advance=case, **signed)
    paid = "advance { status paidAmount { amount } }"
    walk.send("vendor", "The vendor pays the hospital", "advancePay", paid, advance=case, reference="PAY-EXAMPLE")
    leaving = {"advance": case, "dischargeOn": "2026-03-20"}
    walk.send("customer", "The client will go home", "advanceDischargeNotify", STATUS, **leaving)
    invoice = new_key()
    walk.hide(invoice, "INVOICE-EXAMPLE").at(at("2026-03-20 10:00"))
    filed = {"dischargedOn": "2026-03-20", "amount": "31200.00", "invoiceNumber": invoice}
    claims = "advance { status claims { id number status } }"
    papers = walk.papers(*FOR_CLAIM)
    made = walk.send(
        "vendor", "The vendor files the claim", "advanceClaimFile", claims, advance=case, documents=papers, **filed
    )
    claim = made["advance"]["claims"][0]["id"]
    walk.at(at("2026-03-24 10:00"))
    walk.send("adjuster", "The insurer takes the claim up", "claimReview", "claim { status }", claim=claim)
    ruling = [{"position": 1, "excluded": "4700.00", "reason": "部分费用不在保障范围"}]
    decided = "claim { status decision { outcome asked { amount } excluded { amount } paid { amount } } }"
    reason = {"reason": "部分费用不在保障范围"}
    walk.send("adjuster", "It decides", "claimAdjudicate", decided, claim=claim, lines=ruling, **reason)
    settled = """advance { status paidAmount { amount } coveredAmount { amount }
      repayments { status cause outstandingAmount { amount } } }"""
    walk.send("vendor", "The advance is settled: the difference is owed back", "advanceSettle", settled, advance=case)


@walk("health-check", "A health check of a child (CY26)", "CY26", "HEALTH_CHECK", riders=["VACCINE"], **NATIONAL)
def health_check(walk: Walk) -> None:
    """Eight in the policy's term, with the vaccine rider, at clinics of its network; nothing is booked for them."""
    number = card(walk.gateway, walk.number)
    walk.hide(number, "CARD-EXAMPLE").at(at("2026-03-26 12:00")).begins()
    asked = {
        "policyNumber": walk.number,
        "hospital": CLINIC,
        "kind": "HEALTH_CHECK",
        "visitedOn": "2026-03-26",
        "cardNumber": number,
        "shownIdType": "PASSPORT",
        "lines": [{"category": "EXAMINATION", "name": "儿童健康检查", "amount": "300.00"}],
    }
    without = {"shownIdType": None}
    walk.refused(
        "clinic", "Without a paper that shows who it is", "directClaimCreate", "CY26-BKG-14", **asked | without
    )
    walk.tried("clinic", "A dry run", "directClaimCreate", "claim { status }", **asked)
    shows = "claim { id number status askedAmount { amount } }"
    case = walk.send("clinic", "The clinic opens the claim", "directClaimCreate", shows, **asked)["claim"]["id"]
    walk.send("clinic", "The client signs the bill", "directClaimSign", SIGNATURES, claim=case, papers=["BILL"])
    walk.ask("customer", "What is left", GRANTED, number=walk.number)
