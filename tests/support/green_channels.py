"""Green channels as clients ask for them, and the steps that follow."""

from typing import Any

from tests.support.client import Gateway, new_number
from tests.support.consultations import send
from tests.support.escorts import ADULT, NOW, add_paper, at, change, person, register
from tests.support.special_services import Order

WANTED = at("2026-03-18 09:30")
"""Nine days after `NOW`: there is time enough to arrange it."""

HOSPITAL = "DEMO-SH-001"
ILLNESS = "恶性肿瘤——重度"
ADMISSION = {"hospital": HOSPITAL, "admittedAt": at("2026-03-16 08:00"), "doctorName": "王", "doctorContact": "021-1"}
DOCTOR = {"name": "王医生", "title": "ASSOCIATE_CHIEF"}


def outpatient(number: str, **changes: Any) -> dict[str, Any]:
    good: dict[str, Any] = {
        "policyNumber": number,
        "hospital": HOSPITAL,
        "department": "PEDIATRICS",
        "visitAt": WANTED,
        "patient": {**ADULT, "phone": "13800138000"},
        "isDiagnosed": False,
        "symptom": "咳嗽",
        "need": "专家门诊",
    }
    return good | changes


def ask_outpatient(
    gateway: Gateway, number: str, now: str = NOW, *, dry_run: bool = False, **changes: Any
) -> dict[str, Any]:
    client = gateway.customer(number).at(now)
    given = outpatient(number, **changes)
    mutation = "outpatientGreenChannelRequest"
    return send(client, mutation, dry_run=dry_run, **given).data[mutation]


def begin_outpatient(gateway: Gateway, **changes: Any) -> Order:
    number = register(gateway, "VAS")
    made = ask_outpatient(gateway, number, **changes)
    assert made["refusals"] == []
    return Order(gateway, "VAS", number, made["booking"]["id"], NOW)


def assigned(gateway: Gateway) -> Order:
    order = begin_outpatient(gateway)
    take_all(
        order, ("bookingAccept", {}), ("bookingReview", {"outcome": "PASSED"}), ("bookingAssign", {"doctor": DOCTOR})
    )
    return order


def take_all(order: Order, *steps: tuple[str, dict[str, Any]]) -> None:
    """Steps of the vendor, each of which must be agreed to."""
    for mutation, given in steps:
        answer = order.take("vendor", mutation, **given)
        assert answer["refusals"] == [], answer["refusals"]


# For the critically ill


def policy(gateway: Gateway, **changes: Any) -> tuple[str, dict[str, str]]:
    """A policy, and what its insured is verified by."""
    paper = f"P{new_number()[-8:]}"
    number = register(gateway, "ZAWX", insured=[person(idNumber=paper)], **changes)
    return number, {"name": ADULT["name"], "idType": "PASSPORT", "idNumber": paper}


def care(gateway: Gateway, number: str, who: dict[str, str], **changes: Any) -> dict[str, Any]:
    """A request that the services for critical illnesses accept."""
    papers = [
        {"kind": kind, "document": add_paper(gateway, number, kind, None)} for kind in ("EXAM_REPORT", "ADMISSION_SLIP")
    ]
    good: dict[str, Any] = {
        "policyNumber": number,
        "person": who,
        "diagnosis": "肺恶性肿瘤",
        "criticalIllness": ILLNESS,
        "firstDiagnosedOn": "2026-03-01",
        "diagnosedAt": HOSPITAL,
        "isDiagnosedBySpecialist": True,
        "documents": papers,
    }
    return good | changes


def ask_inpatient(
    gateway: Gateway, number: str, who: dict[str, str], now: str = NOW, *, dry_run: bool = False, **changes: Any
) -> dict[str, Any]:
    client, mutation = gateway.customer(number).at(now), "inpatientGreenChannelRequest"
    return send(client, mutation, dry_run=dry_run, **care(gateway, number, who, **changes)).data[mutation]


def begin_inpatient(gateway: Gateway, **changes: Any) -> Order:
    number, who = policy(gateway)
    made = ask_inpatient(gateway, number, who, **changes)
    assert made["refusals"] == []
    return Order(gateway, "ZAWX", number, made["booking"]["id"], NOW)


def arranged(gateway: Gateway) -> Order:
    order = begin_inpatient(gateway)
    passed = {"outcome": "PASSED"}
    take_all(order, ("bookingAccept", {}), ("bookingReview", passed), ("bookingConfirm", {"admission": ADMISSION}))
    return order


def list_illnesses(gateway: Gateway, *names: str) -> None:
    """The list as it is loaded; none unloads it."""
    change(gateway, "delete from critical_illnesses")
    for name in names:
        change(gateway, "insert into critical_illnesses (product_code, name) values ('ZAWX', $1)", name)
