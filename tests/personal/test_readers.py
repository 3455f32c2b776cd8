"""`gateway personal readers`: an insured who asks gets the list of who has read what."""

from dataclasses import replace

from tests.personal.test_reads import NODE
from tests.support.client import Gateway
from tests.support.escorts import begin, look
from tests.support.processes import Said
from tests.support.processes import gateway as command


def readers(gateway: Gateway, number: str) -> Said:
    return command(gateway.folder.parent, "personal", "readers", number, DATABASE_URL=gateway.owner_dsn)


def test_every_reader_is_told_with_reason_and_fields_and_without_values(gateway: Gateway) -> None:
    journey = begin(gateway)
    journey.who("vendor").ask(NODE, id=journey.booking)
    said = {"x-purpose": "COMPLAINT", "x-on-behalf-of": "ticket-1"}
    replace(journey.who("staff"), headers=said).ask(NODE, id=journey.booking)
    told = readers(gateway, journey.number).out
    lines = [line.split("\t")[1:8] for line in told.splitlines()[1:]]
    read = [journey.key[1].hex, "EscortDetails.need, EscortDetails.symptom"]
    assert lines == [
        ["VENDOR", "vendor:HUANQIU", "fieldsRead", *read, "-", "-"],
        ["STAFF", "staff:adjuster", "fieldsRead", *read, "COMPLAINT", "ticket-1"],
    ]
    assert "咳嗽" not in told


def test_the_list_is_noted_itself(gateway: Gateway) -> None:
    journey = begin(gateway)
    readers(gateway, journey.number)
    (entry,) = look(
        gateway, "select * from audit_entries where policy_id = $1 and operation = 'readersTold'", journey.key[0]
    )
    assert (entry["actor"], entry["details"]) == ("cli:personal", {"lines": 0})


def test_an_unknown_number_is_told_so(gateway: Gateway) -> None:
    assert readers(gateway, "NO-SUCH").complaint == "No policy has the number NO-SUCH."
