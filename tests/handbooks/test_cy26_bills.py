"""The CY26 handbook on bills and their reminders, through the API."""

from tests.support.bills import begin
from tests.support.client import Gateway
from tests.support.escorts import at, refused, verdict_of

ON_MONDAY = at("2026-03-16 10:00")


def test_bill_02_reminders_lie_a_day_apart(gateway: Gateway) -> None:
    billed = begin(gateway, "CY26")
    billed.send("hotline", "billReminderRecord", ON_MONDAY, channel="PHONE")
    same_day = billed.send("hotline", "billReminderRecord", "2026-03-16T23:59:59+08:00", channel="EMAIL")
    assert refused(same_day) == {"CY26-BILL-02"}
    assert verdict_of(same_day, "CY26-BILL-02")["passesFrom"] == "2026-03-16T16:00:00Z"
    missed = billed.send("hotline", "billReminderRecord", ON_MONDAY, channel="PHONE", isDelivered=False)
    assert refused(missed) == set()
    next_day = billed.send("hotline", "billReminderRecord", "2026-03-17T00:00:00+08:00", channel="EMAIL")
    assert (refused(next_day), next_day["bill"]["reminderCount"]) == (set(), 2)
