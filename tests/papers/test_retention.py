"""Papers are kept for as long as is set, and longer where a case is open or somebody has said so."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from gateway.execution import ids
from gateway.jobs import papers
from gateway.jobs.clockwork import Clockwork
from gateway.jobs.house import House
from gateway.repositories.policies import policy_id
from gateway.settings import Settings
from gateway.variables import SettingsError
from tests.conftest import dsn
from tests.jobs.house import tick, with_clockwork
from tests.support import advances, bills, claims, preauths
from tests.support.client import Client, Gateway
from tests.support.escorts import change, look, register
from tests.support.papers import download, paper, picture, upload
from tests.support.processes import Said
from tests.support.processes import gateway as command

PICTURE = picture(size=(60, 80))
ENDS = "2026-06-30"
KEPT = {"LAB_REPORT": 365}
LAST_DAY, DUE = "2027-06-30T12:00:00+08:00", "2027-07-01T12:00:00+08:00"
"""365 days after the last day of cover are over with the first of July."""


def remove(gateway: Gateway, now: str = DUE, **kept: int) -> int:
    async def work(works: Clockwork) -> int:
        return await papers.remove(House(works.services, dt.datetime.fromisoformat(now)))

    return with_clockwork(gateway, work, keep_papers=kept or KEPT)


def end(gateway: Gateway, number: str) -> None:
    sql = "update policies set cover = daterange(lower(cover), $2::date + 1) where policy_id = $1"
    change(gateway, sql, policy_id(number), dt.date.fromisoformat(ENDS))


def ended(gateway: Gateway) -> tuple[str, Client, str]:
    """A policy that is over, its client, and a paper of it."""
    number = register(gateway)
    me = gateway.customer(number)
    document = upload(me, number, PICTURE)
    change(gateway, "update documents set subject_id = gen_random_uuid() where id = $1", key_of(document))
    end(gateway, number)
    return number, me, document


def key_of(document: str) -> Any:
    return ids.decode_as("doc", document, 2)[1]


def status(me: Client, document: str) -> str:
    return paper(me, document)["status"]


# How long


def test_a_paper_is_kept_to_the_last_day_and_removed_after_it(gateway: Gateway) -> None:
    _, me, document = ended(gateway)
    remove(gateway, LAST_DAY)
    assert status(me, document) == "CLEAN"
    assert remove(gateway) >= 1
    assert status(me, document) == "REMOVED"


@pytest.mark.parametrize("kept", [{"INVOICE": 1}, {"INVOICE": 1, "*": 366}], ids=["unnamed", "longer"])
def test_a_kind_without_a_period_is_kept(gateway: Gateway, kept: dict[str, int]) -> None:
    _, me, document = ended(gateway)
    remove(gateway, **kept)
    assert status(me, document) == "CLEAN"


def test_a_kind_of_its_own_period_does_not_take_the_common_one(gateway: Gateway) -> None:
    _, me, document = ended(gateway)
    remove(gateway, **{"LAB_REPORT": 9999, "*": 1})
    assert status(me, document) == "CLEAN"
    remove(gateway, **{"*": 1})
    assert status(me, document) == "REMOVED"


# What is left of it


def test_a_removed_paper_leaves_what_is_known_of_it_and_no_byte(gateway: Gateway) -> None:
    _, me, document = ended(gateway)
    remove(gateway)
    seen = paper(me, document)
    assert (seen["kind"], seen["fileName"], seen["size"]) == ("LAB_REPORT", None, len(PICTURE))
    answer = download(me, document)
    assert answer.status_code == 409
    assert "its time is over" in answer.json()["errors"][0]["message"]
    assert [file for file in (gateway.folder / "documents").rglob("*") if key_of(document).hex in str(file)] == []


def test_a_removal_is_noted_once(gateway: Gateway) -> None:
    _, _, document = ended(gateway)
    remove(gateway)
    remove(gateway)
    sql = "select actor, details from audit_entries where subject_id = $1 and operation = 'documentRemove'"
    assert look(gateway, sql, key_of(document)) == [{"actor": "system:uploads", "details": {"kind": "LAB_REPORT"}}]
    steps = look(gateway, "select command, to_state from document_events where document_id = $1", key_of(document))
    assert steps[-1] == {"command": "remove", "to_state": "REMOVED"}


# What keeps it


def _asked(gateway: Gateway) -> str:
    return preauths.begin(gateway).number


def _claimed(gateway: Gateway) -> str:
    return claims.begin(gateway).number


def _granted(gateway: Gateway) -> str:
    case = claims.begin(gateway)
    case.decide()
    return case.number


def _advanced(gateway: Gateway) -> str:
    return advances.begin(gateway).number


def _billed(gateway: Gateway) -> str:
    return bills.begin(gateway).number


@pytest.mark.parametrize("open_case", [_asked, _claimed, _granted, _advanced, _billed])
def test_papers_of_a_policy_with_an_open_case_are_kept(gateway: Gateway, open_case: Callable[[Gateway], str]) -> None:
    number = open_case(gateway)
    me = gateway.customer(number)
    document = upload(me, number, PICTURE)
    change(gateway, "update documents set subject_id = gen_random_uuid() where id = $1", key_of(document))
    end(gateway, number)
    remove(gateway)
    assert status(me, document) == "CLEAN"


def test_papers_of_a_refused_claim_are_not_kept_by_it(gateway: Gateway) -> None:
    case = claims.begin(gateway)
    case.decide(excluded="860.00")
    end(gateway, case.number)
    me = case.who("customer")
    document = upload(me, case.number, PICTURE)
    remove(gateway)
    assert status(me, document) == "REMOVED"


def papers_command(gateway: Gateway, database: str, *arguments: str) -> Said:
    said = command(gateway.folder, "papers", *arguments, DATABASE_URL=dsn(database))
    assert said.code == 0, said.err
    return said


def test_a_hold_keeps_papers_until_it_is_released(gateway: Gateway, database: str) -> None:
    number, me, document = ended(gateway)
    hold = papers_command(gateway, database, "hold", number, "--reason", "a lawsuit").out.strip()
    assert f"{hold}  {number}" in papers_command(gateway, database, "holds").out
    remove(gateway)
    assert status(me, document) == "CLEAN"
    papers_command(gateway, database, "release", hold)
    remove(gateway)
    assert status(me, document) == "REMOVED"
    told = look(gateway, "select operation, purpose from audit_entries where subject_id::text = $1 order by id", hold)
    assert told == [
        {"operation": "retentionHoldPlace", "purpose": "a lawsuit"},
        {"operation": "retentionHoldLift", "purpose": None},
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("hold", "NO-SUCH", "--reason", "x"), "no policy NO-SUCH"),
        (("release", "x"), "no id of a hold"),
        (("release", "00000000-0000-0000-0000-000000000001"), "stands"),
    ],
    ids=["policy", "no id", "unknown hold"],
)
def test_what_cannot_be_held_or_released_is_told(
    gateway: Gateway, database: str, arguments: tuple[str, ...], told: str
) -> None:
    said = command(gateway.folder, "papers", *arguments, DATABASE_URL=dsn(database))
    assert said.code == 1
    assert told in said.err


# The clock


def test_the_clockwork_looks_after_papers(gateway: Gateway) -> None:
    number = register(gateway)
    me = gateway.customer(number)
    stranded, unused = upload(me, number, PICTURE), upload(me, number, PICTURE)
    aged = "update documents set state = $2, uploaded_at = now() - interval '1 hour' where id = $1"
    change(gateway, aged, key_of(stranded), "UPLOADED")
    change(gateway, "update documents set keep_until = now() - interval '1 hour' where id = $1", key_of(unused))
    tick(gateway, dt.datetime.now(dt.UTC).isoformat(), rehearsing=False)
    assert (status(me, stranded), status(me, unused)) == ("CLEAN", "EXPIRED")


def test_a_paper_whose_bytes_are_gone_keeps_no_other_waiting(gateway: Gateway) -> None:
    number = register(gateway)
    me = gateway.customer(number)
    lost, whole = upload(me, number, PICTURE), upload(me, number, PICTURE)
    for document, hours in ((lost, 2), (whole, 1)):
        aged = "update documents set state = 'UPLOADED', uploaded_at = now() - make_interval(hours => $2) where id = $1"
        change(gateway, aged, key_of(document), hours)
    for file in [file for file in (gateway.folder / "documents").rglob("*") if key_of(lost).hex in str(file.parent)]:
        file.unlink()
    tick(gateway, dt.datetime.now(dt.UTC).isoformat(), rehearsing=False)
    assert (status(me, lost), status(me, whole)) == ("UPLOADED", "CLEAN")


# The setting


def test_periods_are_days_by_kind() -> None:
    assert Settings.load({}).keep_papers == {}
    assert Settings.load({"GATEWAY_KEEP_PAPERS": '{"INVOICE": 3650, "*": 1}'}).keep_papers == {"INVOICE": 3650, "*": 1}


@pytest.mark.parametrize("value", ["10", "{", '{"invoice": 1}', '{"INVOICE": -1}', '{"INVOICE": true}', '{"A": "1"}'])
def test_any_other_setting_is_refused_by_its_name(value: str) -> None:
    with pytest.raises(SettingsError, match="GATEWAY_KEEP_PAPERS"):
        Settings.load({"GATEWAY_KEEP_PAPERS": value})
