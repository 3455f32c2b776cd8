"""Walks through claims, authorizations, advances and cards."""

from typing import Any

from tests.api.test_cards import code_in_the_mail
from tests.support.advances import FOR_CLAIM, FOR_REVIEW, FOUND
from tests.support.claims import ACCOUNT, PAPERS, VISITED
from tests.support.client import new_key, new_number
from tests.support.direct_claims import SIGNED, card
from tests.support.escorts import at
from tests.walks.walk import Walk, walk

NATIONAL = {"plan": "NATIONAL", "waitingDays": 30}
CHILD = {"name": "演示孩子", "birthOn": "2018-05-05"}


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
    walk.send("customer", "The client appeals", "appealSubmit", appealed, claim=case, grounds="挂号费也应赔付")


@walk("direct-claim", "A direct claim and its bill (CY26)", "CY26", **NATIONAL)
def direct_claim(walk: Walk) -> None:
    """The hospital bills the insurer; the client shows the card, signs, and pays only the own part."""
    number = card(walk.gateway, walk.number)
    walk.hide(number, "CARD-EXAMPLE").at(at("2026-03-26 12:00"))
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
        "claim { status signatures { paper } }",
        claim=case,
        **SIGNED["CY26"],
    )
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
    what the claim does not cover is owed back. ZAWX and VAS have such a service by rules of their own.
    """
    asked = {
        "policyNumber": walk.number,
        "hospital": "DEMO-SH-002",
        "admittedOn": "2026-03-05",
        "cause": "DISEASE",
        "diagnosis": "肺恶性肿瘤",
        "requestedAmount": "30000.00",
        "costType": "INPATIENT_TREATMENT",
        "acknowledged": ["CY26-ADV-16"],
    }
    deposit = {"costType": "DEPOSIT"}
    walk.refused("customer", "For a deposit", "advanceRequest", "CY26-ADV-19", **asked | deposit)
    walk.tried("customer", "A dry run", "advanceRequest", "advance { status }", **asked)
    shows = "advance { id number status slaClocks { rule { code } status dueAt } }"
    case = walk.send("customer", "The request", "advanceRequest", shows, **asked)["advance"]["id"]
    status = "advance { status }"
    walk.send("vendor", "The vendor calls", "advanceContactRecord", status, advance=case, isConfirmed=True)
    walk.send(
        "customer", "The papers", "advanceDocumentsSubmit", status, advance=case, documents=walk.papers(*FOR_REVIEW)
    )
    approved = "advance { status approvedAmount { amount } }"
    walk.send("vendor", "The review", "advanceReview", approved, advance=case, outcome="APPROVED", findings=FOUND)
    signed = {"documents": walk.papers("ADVANCE_MANDATE"), "acknowledged": ["CY26-ADV-23"]}
    walk.send("customer", "The client signs", "advanceSign", status, advance=case, **signed)
    paid = "advance { status paidAmount { amount } }"
    walk.send("vendor", "The vendor pays the hospital", "advancePay", paid, advance=case, reference="PAY-EXAMPLE")
    walk.send(
        "customer", "The client will go home", "advanceDischargeNotify", status, advance=case, dischargeOn="2026-03-20"
    )
    invoice = new_key()
    walk.hide(invoice, "INVOICE-EXAMPLE").at(at("2026-03-20 10:00"))
    filed = {"dischargedOn": "2026-03-20", "amount": "41200.00", "invoiceNumber": invoice}
    claims = "advance { status claims { number status } }"
    walk.send(
        "vendor",
        "The vendor files the claim",
        "advanceClaimFile",
        claims,
        advance=case,
        documents=walk.papers(*FOR_CLAIM),
        **filed,
    )


@walk("card", "The card (CY23)", "CY23", plan="STANDARD", waitingDays=30, who=CHILD)
def card_page(walk: Walk) -> None:
    """The card is bound on the phone by a code; it shows at direct billing, and turns gray while a bill is overdue."""
    who = {"policyNumber": walk.number, "name": "演示孩子", "phone": "13800138000"}
    walk.refused("customer", "With a wrong code", "cardBind", "CY23-CARD-07", **who, code="000000")
    walk.send("customer", "A code to the phone", "cardCodeSend", "", **who)
    code = code_in_the_mail(walk.gateway, walk.number)
    walk.hide(code, "123456")
    shows = "card { id number status displayOn insured { name } bindings { proof } }"
    walk.tried("customer", "A dry run", "cardBind", "card { status }", **who, code=code)
    made = walk.send("customer", "The card is bound", "cardBind", shows, **who, code=code)
    walk.hide(made["card"]["number"], "CARD-EXAMPLE")
    cards = "query ($number: String!) { policy(number: $number) { cards { number status suspensions { cause } } } }"
    walk.ask("customer", "The card", cards, number=walk.number)
