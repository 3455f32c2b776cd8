"""The clockwork inside a gateway that serves."""

import time
from pathlib import Path

import httpx

from gateway.postgres.migrate import ROLE
from tests.conftest import dsn
from tests.jobs.house import Receiver, hook
from tests.support.client import Gateway
from tests.support.escorts import begin
from tests.support.server import running_gateway


def test_a_serving_gateway_sends_by_itself(gateway: Gateway, database: str, folder: Path, receiver: Receiver) -> None:
    journey = begin(gateway)
    webhooks = (hook(receiver, folder, "VENDOR", "HUANQIU"),)
    with running_gateway(dsn(database, ROLE), folder, jobs="inside", webhooks=webhooks):
        assert receiver.reached.wait(60)
        ends = time.monotonic() + 60
        while not journey.look(
            "select from outbox_messages where $1 = policy_id and $2 = subject_id and sent_at > '1900-01-01'"
        ):
            assert time.monotonic() < ends
            time.sleep(0.1)


def test_the_figures_tell_what_waits(gateway: Gateway) -> None:
    begin(gateway)
    text = httpx.get(f"{gateway.address}/metrics").text
    figures = dict(line.split() for line in text.splitlines() if line.startswith("gateway_jobs_"))
    assert float(figures["gateway_jobs_oldest_due_seconds"]) > 0
    assert set(figures) >= {"gateway_jobs_queued", "gateway_jobs_failed"}
