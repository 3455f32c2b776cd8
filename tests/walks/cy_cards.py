"""A walk through the life of a card."""

from gateway.jobs.cards import suspend_cards
from tests.api.test_cards import code_in_the_mail
from tests.support.direct_claims import LINE, SIGNED
from tests.support.escorts import at
from tests.support.visits import PUBLIC
from tests.walks.cy import VISIT, a_visit
from tests.walks.cy_claims import SIGNATURES
from tests.walks.walk import ORDER, Walk, walk

CHILD = {"name": "演示孩子", "birthOn": "2018-05-05"}
PATIENT = CHILD | {"gender": "MALE", "phone": "13800138000"}
CARDS = """query ($number: String!) { policy(number: $number) {
  cards { id number status suspensions { cause liftedAt reason } } } }"""


@walk("card", "The card (CY23)", "CY23", plan="PLUS", waitingDays=30, who=CHILD)
def card(walk: Walk) -> None:
    """The card is bound on the phone by a code and shown at direct billing. A bill that is not paid in time turns it
    gray, which ends direct billing and nothing else; payment, or the insurer's people with a reason, put it back.
    """
    walk.ask("customer", "No card yet", CARDS, number=walk.number)
    bill = billed(walk, bound(walk))
    walk.timer(suspend_cards, at("2026-05-06 09:00"), "The bill is not paid in time, and a timer turns the card gray.")
    found = walk.ask("customer", "The card is gray, and why", CARDS, number=walk.number)
    asked = a_visit(walk) | {"visitAt": at("2026-05-20 09:30"), "patient": PATIENT}
    walk.refused("customer", "No visit with a gray card", "hospitalVisitBook", "CY23-PAY-06", **asked)
    given = {"card": found["policy"]["cards"][0]["id"], "reason": "客户已预约转账，医院确认"}
    walk.tried("adjuster", "Staff could put it back, with a reason", "cardReinstate", "card { status }", **given)
    paid = {"bill": bill, "amount": "30.00", "reference": "RECEIPT-EXAMPLE"}
    shows = "bill { status outstandingAmount { amount } }"
    walk.send("hospital", "The bill is paid, and the hospital records it", "billPay", shows, **paid)
    walk.ask("customer", "The card works again at once", CARDS, number=walk.number)
    walk.tried("customer", "And so does direct billing", "hospitalVisitBook", **asked)


def bound(walk: Walk) -> str:
    who = {"policyNumber": walk.number, "name": "演示孩子", "phone": "13800138000"}
    walk.refused("customer", "With a wrong code", "cardBind", "CY23-CARD-07", **who, code="000000")
    walk.send("customer", "A code to the phone", "cardCodeSend", "", **who)
    code = code_in_the_mail(walk.gateway, walk.number)
    walk.hide(code, "123456")
    shows = "card { id number status displayOn insured { name } bindings { proof } }"
    walk.tried("customer", "A dry run", "cardBind", "card { status }", **who, code=code)
    number = walk.send("customer", "The card is bound", "cardBind", shows, **who, code=code)["card"]["number"]
    walk.hide(number, "CARD-EXAMPLE")
    return number


def billed(walk: Walk, number: str) -> str:
    """A visit that is billed directly, and the bill for the own part of it."""
    asked = a_visit(walk) | {"patient": PATIENT}
    booking = walk.send("customer", "A visit with the card", "hospitalVisitBook", ORDER, **asked)["booking"]["id"]
    walk.send("hotline", "The hospital has a place", "bookingConfirm", booking=booking)
    walk.at(VISIT).send("hotline", "The client is there", "bookingCheckIn", booking=booking)
    shown = {"policyNumber": walk.number, "hospital": PUBLIC, "kind": "OUTPATIENT", "departmentClass": "SPECIAL"}
    shown |= {"visitedOn": "2026-03-26", "cardNumber": number, "shownIdType": "PASSPORT", "booking": booking}
    shows = "claim { id number status askedAmount { amount } }"
    claim = walk.send("hospital", "The hospital opens the claim", "directClaimCreate", shows, **shown, lines=[LINE])
    case = claim["claim"]["id"]
    walk.send("hospital", "The client signs", "directClaimSign", SIGNATURES, claim=case, **SIGNED["CY23"])
    walk.send("adjuster", "The insurer takes it up", "claimReview", "claim { status }", claim=case)
    decided = "claim { status decision { outcome copay { amount } paid { amount } } }"
    ruling = [{"position": 1, "copay": "30.00"}]
    walk.send("adjuster", "It decides", "claimAdjudicate", decided, claim=case, lines=ruling)
    bill = "bill { id number status amount { amount } dueOn }"
    made = walk.send("adjuster", "The own part becomes a bill", "billIssue", bill, claim=case, amount="30.00")
    return made["bill"]["id"]
