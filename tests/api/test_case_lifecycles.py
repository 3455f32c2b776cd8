"""Cases that end in a payment or a document: every command in every state by every kind of caller, through the API.

What the table of their lifecycle lacks is refused and leaves no trace; what it has is not refused for the state.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from gateway.execution import ids
from gateway.repositories.policies import policy_id
from seeds.files import lifecycles
from tests.support import advances, bills, claims, preauths
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.escorts import NOW, change, look, row_counts
from tests.support.mutations import input_of

ROLES = ("CUSTOMER", "VENDOR", "STAFF")
MACHINES = lifecycles()
SUPERVISED = {"approve", "extend", "waive", "appealDecide"}
"""Commands, or mutations, of staff that a supervisor sends."""

Fields = Callable[["Placed"], dict[str, Any]]


@dataclass(frozen=True)
class Placed:
    """A case that can be put into any state, with all that its steps may ask for."""

    gateway: Gateway
    number: str
    id: str
    vendor: str
    more: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    @property
    def key(self) -> tuple[Any, ...]:
        return ids.decode_as(self.id.partition("_")[0], self.id, 2)

    def who(self, role: str, *commands: str) -> Client:
        if role == "CUSTOMER":
            return self.gateway.customer(self.number).at(NOW)
        if role == "VENDOR":
            return claims.administrator(self.gateway, self.vendor).at(NOW)
        return self.gateway.staff("supervisor" if SUPERVISED & set(commands) else "adjuster").at(NOW)


@dataclass(frozen=True)
class Life:
    machine: str
    table: str
    names: str  # the field of an input that names the case
    make: Callable[[Gateway], Placed]
    calls: Mapping[str, tuple[str, Fields]]

    @property
    def legal(self) -> set[tuple[str, str, str]]:
        return {
            (state, SAME.get(edge.command, edge.command), role)
            for edge in MACHINES[self.machine]
            for state in edge.before
            for role in edge.by
        }

    @property
    def states(self) -> list[str]:
        edges = MACHINES[self.machine]
        return sorted({state for edge in edges for state in (*edge.before, *edge.to) if state})

    def knows(self, command: str, role: str) -> bool:
        return any(edge[1:] == (command, role) for edge in self.legal)

    def state_of(self, placed: Placed) -> str:
        sql = f"select state from {self.table} where policy_id = $1 and id = $2"
        return look(placed.gateway, sql, *placed.key)[0]["state"]

    def put(self, placed: Placed, state: str) -> None:
        end = f", ended_at = {'now()' if state in ENDED else 'null'}" if self.machine == "GUARANTEE_LETTER" else ""
        sql = f"update {self.table} set state = $3{end} where policy_id = $1 and id = $2"
        change(placed.gateway, sql, *placed.key, state)


def nothing(_: Placed) -> dict[str, Any]:
    return {}


def said(**fields: Any) -> Fields:
    return lambda _: fields


def handing_in(*kinds: str) -> Fields:
    return lambda placed: {"documents": claims.papers(placed.gateway, placed.number, kinds)}


ENDED = ["EXHAUSTED", "EXPIRED", "REVOKED", "SUPERSEDED"]
LINE = {"lines": [{"position": 1}], "reason": "looked at again"}
SAME = {"revise": "decide"}  # one mutation sends both, as the state has it
GRANTED = {
    "decisions": [{"position": 1, "decision": "APPROVED", "approvedAmount": "8000.00"}],
    "validUntil": "2026-04-30",
}


def _preauth(gateway: Gateway) -> Placed:
    case = preauths.begin(gateway)
    return Placed(gateway, case.number, case.id, "JDHEALTH")


def _letter(gateway: Gateway) -> Placed:
    case = preauths.begin(gateway)
    case.approve()
    return Placed(gateway, case.number, case.letter()["id"], "JDHEALTH", more={"claim": case.claim()})


def _claim(gateway: Gateway) -> Placed:
    """Decided and not paid yet."""
    case = claims.begin(gateway)
    case.decide()
    return Placed(gateway, case.number, case.id, "JDHEALTH")


def _appeal(gateway: Gateway) -> Placed:
    case = claims.begin(gateway)
    case.decide(excluded="100.00")
    return Placed(gateway, case.number, case.appeal(), "JDHEALTH")


def _advance(gateway: Gateway) -> Placed:
    case = advances.begin(gateway, "CY26")
    return Placed(gateway, case.number, case.id, advances.VENDORS["CY26"])


def _bill(gateway: Gateway) -> Placed:
    billed = bills.begin(gateway)
    return Placed(gateway, billed.number, billed.id, "WINDSTONE")


LIVES = {
    "authorization": Life(
        "PREAUTH",
        "preauths",
        "preAuth",
        _preauth,
        {
            "review": ("preAuthReview", nothing),
            "inquire": ("preAuthInquire", said(question="since when?")),
            "decide": ("preAuthDecide", said(**GRANTED)),
            "withdraw": ("preAuthWithdraw", nothing),
        },
    ),
    "letter": Life(
        "GUARANTEE_LETTER",
        "guarantee_letters",
        "letter",
        _letter,
        {
            "deliver": ("guaranteeLetterDeliver", nothing),
            "revoke": ("guaranteeLetterRevoke", said(reason="cancelled")),
            "draw": ("guaranteeLetterDraw", lambda placed: {"claim": placed.more["claim"], "amount": "10.00"}),
        },
    ),
    "claim": Life(
        "CLAIM",
        "claims",
        "claim",
        _claim,
        {
            "receiveOriginals": ("claimOriginalsReceive", nothing),
            "review": ("claimReview", nothing),
            "requestSupplement": ("claimSupplementRequest", said(kinds=["OTHER"])),
            "closeIncomplete": ("claimClose", said(reason="never came")),
            "addDocuments": ("claimDocumentsAdd", handing_in("OTHER")),
            "ship": ("claimShipmentRegister", lambda _: {"trackingNumber": new_key()}),
            "changeAccount": ("claimAccountChange", said(bankAccount=claims.ACCOUNT)),
            "decide": ("claimAdjudicate", said(**LINE)),
            "withdraw": ("claimWithdraw", nothing),
            "pay": ("claimPay", lambda _: {"reference": new_key()}),
        },
    ),
    "appeal": Life(
        "APPEAL",
        "appeals",
        "appeal",
        _appeal,
        {
            "extend": ("appealExtend", said(answerBy="2026-06-30", reason="an expert is asked")),
            "decide": ("appealDecide", said(outcome="UPHELD", reason="not covered")),
        },
    ),
    "advance": Life(
        "ADVANCE",
        "advances",
        "advance",
        _advance,
        {
            "contact": ("advanceContactRecord", said(isConfirmed=True)),
            "review": ("advanceReview", said(outcome="APPROVED", findings=advances.FOUND)),
            "authorize": ("advanceAuthorize", said(outcome="APPROVED")),
            "sign": ("advanceSign", handing_in("ADVANCE_MANDATE")),
            "pay": ("advancePay", lambda _: {"reference": new_key()}),
            "topUp": ("advanceTopUp", said(amount="100.00")),
            "notifyDischarge": ("advanceDischargeNotify", said(dischargeOn="2026-03-20")),
            "settle": ("advanceSettle", nothing),
            "cancel": ("advanceCancel", nothing),
        },
    ),
    "bill": Life(
        "BILL",
        "bills",
        "bill",
        _bill,
        {
            "remind": ("billReminderRecord", said(channel="PHONE")),
            "pay": ("billPay", lambda _: {"reference": new_key()}),
            "waive": ("billWaive", said(reason="goodwill")),
            "dispute": ("billDispute", said(grounds="it is too much")),
        },
    ),
}
FOLLOWING = {
    "PREAUTH": {"supersede", "expire", "answer", "approve"},
    "GUARANTEE_LETTER": {"supersede", "expire", "giveBack"},
    "CLAIM": {"sign", "supplement", "revise", "order", "approve"},
    "APPEAL": {"review"},
    "ADVANCE": {"submitDocuments", "addDocuments", "collect", "investigate", "fileClaim", "resettle"},
    "BILL": {"withdrawDispute", "decideDispute"},
}
"""Steps that timers take, that follow from others, or that need what only an earlier step brings."""

PLACES = [(name, state, role) for name, life in LIVES.items() for state in life.states for role in ROLES]
BY_STATE = ("present state", "not possible while", "An open appeal is", "has been decided")
BRINGS_PAPERS = {"addDocuments", "sign"}
"""Commands whose papers are uploaded first, which leaves a trace of its own."""

BY_ANOTHER_COMMAND = {("letter", "revoke", "CUSTOMER"), ("letter", "revoke", "VENDOR")}
"""A letter goes with the authorization that they withdraw."""


@pytest.fixture(scope="module")
def anywhere(gateway: Gateway) -> dict[str, Placed]:
    made = {name: life.make(gateway) for name, life in LIVES.items()}
    for placed in made.values():
        for table in ("preauths", "claims", "bills"):
            sql = f"update {table} set vendor_code = $2 where policy_id = $1"
            change(gateway, sql, policy_id(placed.number), placed.vendor)
    return made


def send(life: Life, placed: Placed, role: str, command: str, *, dry_run: bool) -> Answer:
    mutation, fields = life.calls[command]
    given = {"idempotencyKey": new_key(), life.names: placed.id} | fields(placed)
    return placed.who(role, command, mutation).ask(
        f"mutation M($input: {input_of(mutation).name}!, $dryRun: Boolean!) "
        f"{{ {mutation}(input: $input, dryRun: $dryRun) {{ refusals {{ message rule {{ code }} }} }} }}",
        input=given,
        dryRun=dry_run,
    )


def outcome(answer: Answer) -> str:
    if "errors" in answer.body:
        return f"{answer.code} {answer.error['message']}"
    ((_, payload),) = answer.data.items()
    return "; ".join(refusal["message"] for refusal in payload["refusals"]) or "agreed"


@pytest.mark.parametrize(("name", "state", "role"), PLACES)
def test_what_the_lifecycle_lacks_is_refused_and_leaves_no_trace(
    gateway: Gateway, anywhere: dict[str, Placed], name: str, state: str, role: str
) -> None:
    life, placed = LIVES[name], anywhere[name]
    life.put(placed, state)
    before = row_counts(gateway)
    illegal = [command for command in life.calls if (state, command, role) not in life.legal]
    for command in illegal:
        answer = send(life, placed, role, command, dry_run=command in BRINGS_PAPERS)
        assert outcome(answer) != "agreed", command
        assert "errors" not in answer.body or answer.code in ("FORBIDDEN", "BAD_USER_INPUT"), (command, answer.error)
        if life.knows(command, role) and (name, command, role) not in BY_ANOTHER_COMMAND and "errors" in answer.body:
            assert any(words in answer.error["message"] for words in BY_STATE), (command, answer.error)
    if not BRINGS_PAPERS & set(illegal):
        assert row_counts(gateway) == before
    assert life.state_of(placed) == state


@pytest.mark.parametrize(("name", "state", "role"), PLACES)
def test_what_the_lifecycle_has_is_not_refused_for_state_or_caller(
    anywhere: dict[str, Placed], name: str, state: str, role: str
) -> None:
    life, placed = LIVES[name], anywhere[name]
    life.put(placed, state)
    for command in life.calls:
        if (state, command, role) in life.legal and (name, command, role) not in BY_ANOTHER_COMMAND:
            answer = send(life, placed, role, command, dry_run=True)
            assert "errors" not in answer.body or answer.code == "BAD_USER_INPUT", (command, answer.error)
            assert not any(words in outcome(answer) for words in BY_STATE), command


def test_every_command_of_these_tables_is_tried_or_follows_from_another() -> None:
    for life in LIVES.values():
        commands = {edge.command for edge in MACHINES[life.machine] if list(edge.before) != [""]}
        assert commands - set(life.calls) == FOLLOWING.get(life.machine, set())
