"""Calls with experts, green channels and second opinions: every step by those who may take it and no other, replays,
dry runs and strangers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from seeds.files import read
from tests.api.test_visit_lifecycle import written
from tests.support import escorts, expert_calls, green_channels, second_opinions
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.consultations import send
from tests.support.escorts import NOW, as_owner, at, change, put_back, row_counts, step
from tests.support.special_services import Order

TABLES = read("lifecycles.yaml")
ROLES = ("CUSTOMER", "VENDOR", "STAFF")
Call = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Life:
    """A machine, a booking of it with all that its steps need, and the mutations of its commands."""

    machine: str
    now: str
    make: Callable[[Gateway], Order] = field(hash=False)
    calls: dict[str, Call] = field(hash=False)

    @property
    def steps(self) -> set[tuple[str, str, str, str]]:
        return {
            (state, edge["command"], role, after)
            for edge in TABLES[self.machine]
            for state in edge["from"]
            for role in edge["by"]
            for after in edge["to"]
        }

    @property
    def states(self) -> list[str]:
        return sorted({state for edge in self.steps for state in (edge[0], edge[3]) if state})

    def legal(self, state: str, role: str) -> set[str]:
        """Mutations, or steps of one mutation, that the table has here."""
        commands = {edge[1] for edge in self.steps if (edge[0], edge[2]) == (state, role)}
        return {command for command in self.calls if command in commands}


COMMON: dict[str, Call] = {
    "accept": ("bookingAccept", {}),
    "review": ("bookingReview", {"outcome": "PASSED"}),
    "decline": ("bookingDecline", {"reason": "约不到"}),
    "cancel": ("bookingCancel", {}),
    "noShow": ("bookingNoShowRecord", {"cause": "CLIENT"}),
    "rate": ("bookingRate", {"score": 5}),
}
ATTACH: dict[str, Call] = {"attach": ("bookingDocumentsAttach", {})}
SEEN: dict[str, Call] = {
    "checkIn": ("bookingCheckIn", {}),
    "checkOut": ("bookingCheckOut", {}),
    "followUp": ("bookingFollowUpRecord", {"note": "顺利"}),
}
ADMISSION = green_channels.ADMISSION | {"admittedAt": at("2026-03-16 10:00")}
STAGES = {
    "consult": "CONSULT",
    "assess": "ASSESSMENT",
    "translateRecords": "RECORD_TRANSLATION",
    "send": "SENDING",
    "consultAbroad": "CONSULTATION",
    "translateResult": "RESULT_TRANSLATION",
    "interpret": "INTERPRETATION",
    "follow": "FOLLOW_UP",
}


def explained(gateway: Gateway) -> Order:
    """A second opinion that has come far: hospitals, papers, consent and report are there."""
    return second_opinions.go_to(second_opinions.begin(gateway), "INTERPRETED")


LIVES = {
    "expert call": Life(
        "EXPERT_CALL",
        at("2026-03-12 15:00"),
        expert_calls.booked,
        {name: COMMON[name] for name in ("decline", "cancel", "rate")}
        | {
            "attemptCall": ("bookingCallAttemptRecord", {"caller": "EXPERT", "isAnswered": True}),
            "complete": ("bookingComplete", {}),
            "terminate": ("bookingTerminate", {"reason": "打断"}),
        },
    ),
    "outpatients": Life(
        "OUTPATIENT_GREEN",
        green_channels.WANTED,
        green_channels.assigned,
        COMMON | SEEN | {"assign": ("bookingAssign", {"doctor": green_channels.DOCTOR})},
    ),
    "inpatients": Life(
        "INPATIENT_GREEN",
        at("2026-03-16 09:00"),
        green_channels.arranged,
        COMMON
        | SEEN
        | ATTACH
        | {
            "confirm": (
                "bookingConfirm",
                {"admission": ADMISSION},
            )
        },
    ),
    "second opinion": Life(
        "SECOND_OPINION",
        NOW,
        explained,
        COMMON
        | ATTACH
        | {command: ("secondOpinionStageAdvance", {"stage": stage}) for command, stage in STAGES.items()}
        | {
            "proposeHospitals": ("secondOpinionHospitalsPropose", {"hospitals": second_opinions.HOSPITALS}),
            "selectHospital": ("secondOpinionHospitalSelect", {"hospital": 1}),
            "submitDocuments": ("secondOpinionDocumentsSubmit", {}),
            "terminate": ("bookingTerminate", {"reason": "打断"}),
        },
    ),
}
AS_FAR_AS = ("RECORDS_TRANSLATED", "HOSPITALS_PROPOSED")
PLACES = [(name, state, role) for name, life in LIVES.items() for state in life.states for role in ROLES]


@pytest.fixture(scope="module")
def anywhere(gateway: Gateway) -> Iterator[dict[str, Order]]:
    """A booking of each machine, which is put into every state in turn. What is proposed and chosen once only is
    tried on second opinions that have come so far and no farther.
    """
    made = {name: life.make(gateway) for name, life in LIVES.items()}
    yield made | {state: second_opinions.go_to(second_opinions.begin(gateway), state) for state in AS_FAR_AS}
    put_back(gateway)


def found_in(anywhere: dict[str, Order], name: str, state: str) -> Order:
    order = anywhere[state if name == "second opinion" and state in AS_FAR_AS else name]
    put(order, state)
    return order


def put(order: Order, state: str) -> None:
    number = order.seen_by()["number"]
    change(order.gateway, "update bookings set state = $2 where number = $1", number, state)


def brought(order: Order, command: str) -> dict[str, Any]:
    """What a step brings along that is made for each time."""
    if command == "attemptCall":
        return {"callReference": new_key()}
    if command == "assess":
        return {"questions": ["能否手术？"]}
    if command == "attach":
        return {"documents": second_opinions.papers(order, "LAB_REPORT")}
    if command == "consultAbroad":
        return {"document": second_opinions.papers(order, "CONSULTATION_RECORD")[0]["document"]}
    if command == "submitDocuments":
        papers = second_opinions.papers(order, *second_opinions.GROUP_A)
        return {"documents": papers, "notApplicable": second_opinions.reasons(second_opinions.GROUP_B)}
    return {}


def trying(order: Order, life: Life, role: str, command: str) -> Answer:
    mutation, fields = life.calls[command]
    given = {"booking": order.booking} | fields | brought(order, command)
    return send(order.who(role.lower(), life.now), mutation, dry_run=True, **given)


def is_taken(order: Order, life: Life, role: str, command: str) -> bool:
    """Whether the API would take the step; else a rule refuses it, or it is nobody's, or not the caller's."""
    answer = trying(order, life, role, command)
    if "errors" in answer.body:
        assert answer.code in ("FORBIDDEN", "BAD_USER_INPUT"), answer.error
        return False
    return answer.data[life.calls[command][0]]["refusals"] == []


@pytest.mark.parametrize(("name", "state", "role"), PLACES)
def test_the_api_takes_exactly_the_steps_of_the_lifecycle(
    anywhere: dict[str, Order], name: str, state: str, role: str
) -> None:
    life, order = LIVES[name], found_in(anywhere, name, state)
    taken = {command for command in life.calls if is_taken(order, life, role, command)}
    assert taken == legal(life, state, role)


def legal(life: Life, state: str, role: str) -> set[str]:
    """A follow-up during a stay is a contact."""
    found = life.legal(state, role)
    contacts = {edge[0] for edge in life.steps if edge[1] == "contact" and edge[2] == role}
    return found | ({"followUp"} if state in contacts else set())


@pytest.mark.parametrize(("name", "state", "role"), PLACES)
def test_available_actions_are_the_steps_of_the_lifecycle(
    anywhere: dict[str, Order], name: str, state: str, role: str
) -> None:
    life, order = LIVES[name], found_in(anywhere, name, state)
    offered = set(order.seen_by(role.lower())["availableActions"])
    assert offered == {life.calls[command][0] for command in legal(life, state, role)}


@pytest.mark.parametrize("name", LIVES)
def test_the_database_refuses_every_step_that_the_lifecycle_lacks(anywhere: dict[str, Order], name: str) -> None:
    life, order = LIVES[name], anywhere[name]
    absent = [
        (state, command, role, after)
        for state in ["", *life.states]
        for command in [*life.calls, "request", "expire"]
        for role in (*ROLES, "SYSTEM")
        for after in (state or "REQUESTED", "COMPLETED")
        if (state, command, role, after) not in life.steps
    ]
    assert as_owner(order.gateway, lambda owner: written(owner, order, life, absent)) == []  # type: ignore[arg-type]


# Replays, dry runs, strangers -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asking:
    """How a service is asked for, by whom it serves."""

    mutation: str
    product: str
    given: Callable[[Gateway], tuple[str, dict[str, Any]]] = field(hash=False)
    service: str = ""


def _expert_call(gateway: Gateway) -> tuple[str, dict[str, Any]]:
    number, expert = expert_calls.policy(gateway), expert_calls.expert_with(gateway, "2026-03-12 15:00")
    return number, expert_calls.wanted(number, expert, startsAt=at("2026-03-12 15:00"))


def _direct_call(gateway: Gateway) -> tuple[str, dict[str, Any]]:
    number = expert_calls.policy(gateway)
    expert = expert_calls.expert_with(gateway, "2026-03-09 10:00", "2026-03-09 10:15", is_visit_hours=True)
    return number, expert_calls.wanted(number, expert)


def _outpatients(gateway: Gateway) -> tuple[str, dict[str, Any]]:
    number = escorts.register(gateway, "VAS")
    return number, green_channels.outpatient(number)


def _critically_ill(gateway: Gateway) -> tuple[str, dict[str, Any]]:
    number, who = green_channels.policy(gateway)
    return number, green_channels.care(gateway, number, who)


ASKINGS = {
    "expertCallBook": Asking("expertCallBook", "VAS", _expert_call, "EXPERT_CALL"),
    "expertCallNow": Asking("expertCallNow", "VAS", _direct_call, "EXPERT_CALL"),
    "outpatientGreenChannelRequest": Asking(
        "outpatientGreenChannelRequest", "VAS", _outpatients, "OUTPATIENT_GREEN_CHANNEL"
    ),
    "inpatientGreenChannelRequest": Asking(
        "inpatientGreenChannelRequest", "ZAWX", _critically_ill, "INPATIENT_GREEN_CHANNEL"
    ),
    "secondOpinionRequest": Asking("secondOpinionRequest", "ZAWX", _critically_ill, "SECOND_OPINION"),
}
HOUR = expert_calls.NOW


def uses(gateway: Gateway, number: str, service: str) -> tuple[int, int]:
    account = escorts.entitlement(gateway.customer(number), number, service)
    return account["reserved"], account["used"]


@pytest.mark.parametrize("mutation", ASKINGS)
def test_the_same_key_asks_once(gateway: Gateway, mutation: str) -> None:
    number, given = ASKINGS[mutation].given(gateway)
    customer, key = gateway.customer(number).at(HOUR), new_key()
    first, again = (send(customer, mutation, **given, idempotencyKey=key).data[mutation] for _ in range(2))
    assert first["refusals"] == []
    assert (first["isReplay"], again["isReplay"]) == (False, True)
    assert (again["booking"], again["verdicts"]) == (first["booking"], first["verdicts"])
    assert uses(gateway, number, ASKINGS[mutation].service) == (1, 0)


@pytest.mark.parametrize("mutation", ASKINGS)
def test_the_same_key_with_another_request_is_refused(gateway: Gateway, mutation: str) -> None:
    number, given = ASKINGS[mutation].given(gateway)
    customer, key = gateway.customer(number).at(HOUR), new_key()
    send(customer, mutation, **given, idempotencyKey=key)
    other = given | ({"diagnosis": "x"} if "diagnosis" in given else {"symptom": "x"} if "symptom" in given else {})
    other |= {"phone": "13900139000"} if "phone" in given else {}
    assert send(customer, mutation, **other, idempotencyKey=key).code == "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.parametrize("mutation", ASKINGS)
def test_a_dry_run_shows_the_booking_and_leaves_no_trace(gateway: Gateway, mutation: str) -> None:
    number, given = ASKINGS[mutation].given(gateway)
    customer, before = gateway.customer(number).at(HOUR), row_counts(gateway)
    answer = send(customer, mutation, dry_run=True, **given).data[mutation]
    assert (answer["isDryRun"], answer["refusals"]) == (True, [])
    assert answer["booking"]["id"]
    assert row_counts(gateway) == before


@pytest.mark.parametrize("mutation", ASKINGS)
def test_a_refused_request_leaves_no_trace(gateway: Gateway, mutation: str) -> None:
    number, given = ASKINGS[mutation].given(gateway)
    send(gateway.customer(number).at(HOUR), mutation, **given)
    before = row_counts(gateway)
    again = send(gateway.customer(number).at(HOUR), mutation, **given).data[mutation]
    assert again["refusals"] != []
    assert again["booking"] is None
    assert row_counts(gateway) == before
    assert uses(gateway, number, ASKINGS[mutation].service) == (1, 0)


@pytest.mark.parametrize("mutation", ASKINGS)
def test_a_foreign_policy_is_answered_like_none(gateway: Gateway, mutation: str) -> None:
    number, given = ASKINGS[mutation].given(gateway)
    customer = gateway.customer(escorts.register(gateway, "VAS")).at(HOUR)
    foreign, absent = (
        send(customer, mutation, **given | {"policyNumber": named}).error for named in (number, "NO-SUCH-POLICY")
    )
    assert foreign["extensions"]["inputPath"] == ["input", "policyNumber"]
    assert (foreign["message"], foreign["extensions"]["code"]) == (absent["message"], absent["extensions"]["code"])


STEPS = {
    "expert call": ("bookingCallAttemptRecord", "bookingComplete", "bookingCancel"),
    "outpatients": ("bookingAssign", "bookingCheckIn", "bookingCancel"),
    "inpatients": ("bookingReview", "bookingConfirm", "bookingCancel"),
    "second opinion": (
        *("secondOpinionStageAdvance", "secondOpinionHospitalsPropose"),
        *("secondOpinionHospitalSelect", "secondOpinionDocumentsSubmit"),
    ),
}


@pytest.mark.parametrize(("name", "mutation"), [(name, step) for name, steps in STEPS.items() for step in steps])
def test_a_foreign_booking_is_answered_like_none(
    gateway: Gateway, anywhere: dict[str, Order], name: str, mutation: str
) -> None:
    life, order = LIVES[name], anywhere[name]
    command = next(command for command, (sent, _) in life.calls.items() if sent == mutation)
    given = life.calls[command][1] | brought(order, command)
    strangers: list[Client] = [gateway.vendor("HUANQIU")]
    if mutation in ("bookingCancel", "secondOpinionHospitalSelect", "secondOpinionDocumentsSubmit"):
        strangers = [gateway.customer(escorts.register(gateway))]
    absent = order.booking[:-8] + "00000000"
    for stranger in strangers:
        answers = [step(stranger.at(NOW), mutation, booking, **given).error for booking in (order.booking, absent)]
        assert answers[0]["extensions"]["inputPath"] == ["input", "booking"]
        assert answers[0]["message"] == answers[1]["message"]


@pytest.mark.parametrize("mutation", ["bookingAccept", "bookingReview"])
def test_a_step_that_is_sent_twice_is_taken_once(gateway: Gateway, mutation: str) -> None:
    order = green_channels.begin_inpatient(gateway)
    given: dict[str, Any] = {}
    if mutation == "bookingReview":
        order.take("vendor", "bookingAccept")
        given = {"outcome": "PASSED"}
    key = new_key()
    first, again = (order.take("vendor", mutation, **given, idempotencyKey=key) for _ in range(2))
    assert (first["isReplay"], again["isReplay"]) == (False, True)
    steps = [event["command"] for event in order.seen_by()["timeline"]]
    assert steps.count("accept" if mutation == "bookingAccept" else "review") == 1
