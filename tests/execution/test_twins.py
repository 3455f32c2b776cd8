"""Random documents, variables and viewers: a plan and the plain executor must give the same answer."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import orjson
import pytest

from gateway.auth.viewer import ANONYMOUS, VENDOR_LIMIT, Viewer
from tests.execution.conftest import People
from tests.execution.random_documents import Words, Writer, smallest
from tests.execution.twins import CORE, Twins, bound, customer, staff, vendor
from tests.support.escorts import HOSPITAL

BATCH = 20
BATCHES = int(os.environ.get("TWINS_EXAMPLES", "300")) // BATCH
SEED = os.environ.get("TWINS_SEED", "1")


@dataclass(frozen=True)
class World:
    twins: Twins
    words: Words
    viewers: Sequence[Viewer]


@pytest.fixture(scope="module")
def world(twins: Twins, people: People) -> World:
    found = twins.plain(
        """{ cities(first: 3) { nodes { id code name } } hospitals(first: 3) { nodes { id code name } }
        rules(first: 3) { nodes { id code } } products { nodes { id } } drugs(first: 2) { nodes { id brand } }
        policies { nodes { id number insured { id } entitlements { id } cards { id } } }
        bookings { nodes { id number } }
        preAuths { nodes { id number documents { id } } } claims { nodes { id number appeals { id } } }
        advances { nodes { id number repayments { id } } } bills { nodes { id number } } }""",
        viewer=staff(),
    ).data
    named: dict[str, Sequence[Any]] = {
        "booking": _ids(found["bookings"]),
        "first": [3, 2, 1, 0, 100, 101],
        "id": _ids(found),
        "ids": _ids(found),
        "policy": [*[node["id"] for node in found["policies"]["nodes"]], "pol_none"],
        "number": [*[node["number"] for node in found["policies"]["nodes"]], "none"],
        "TextCondition.eq": ["DEMO-CL-001", "DEMO-PA-001", "DEMO-AD-001", "DEMO-BL-001", "DEMO-CY26-001", "none"],
        "TextCondition.contains": ["DEMO", "-001", "%", ""],
        "hospital.code": [node["code"] for node in found["hospitals"]["nodes"]],
        "rule.code": [node["code"] for node in found["rules"]["nodes"]],
        "keyword": ["儿", "医院", "er tong", "shanghai", "x" * 101, "%", "_", "\\", "", " ", "肿瘤 北京"],
        "city": ["上海", "shanghai", "北京", "none"],
        "province": ["江苏", "上海", "none"],
        "department": ["PEDIATRICS", "儿科", "Cardiology", "none"],
        "plan": ["NATIONAL", "", "PLUS"],
        "operation": ["escortBook", "bookingCancel", "none"],
        "latitude": ["31.2", "89.99", "-91"],
        "longitude": ["121.4", "-179.999", "0"],
        "radiusKm": ["10", "500", "0.5"],
        "from": ["2026-02-01", "2026-10-01"],
        "to": ["2026-02-20", "2026-10-08", "2029-01-01"],
        "brand": [node["brand"] for node in found["drugs"]["nodes"]],
        "level": [3, 1, 0],
    }
    typed: dict[str, Sequence[Any]] = {
        "String": ["none", "E", "' or 1=1 --", "上海"],
        "ID": _ids(found),
        "Int": [1, 0, 2147483647],
        "Boolean": [True, False],
        "Date": ["2026-03-01", "1999-12-31"],
        "DateTime": ["2026-03-12T09:30:00+08:00", "2026-01-01T00:00:00.123456Z"],
        "Decimal": ["1.5"],
    }
    viewers = [
        ANONYMOUS,
        staff(),
        customer(people.zyb, people.vas),
        customer(people.idle),
        vendor("HUANQIU"),
        vendor("HUANQIU", "VAS"),
        bound("HUANQIU", services=("TEXT_CONSULTATION",)),
        bound("HUANQIU", hospitals=(HOSPITAL,)),
        customer("DEMO-CY26-001", "DEMO-CY23-001", "DEMO-ZAWX-001"),
        vendor("QITAI", scopes=VENDOR_LIMIT),
        vendor("WINDSTONE", scopes=VENDOR_LIMIT),
        bound("QITAI", scopes=VENDOR_LIMIT, hospitals=("DEMO-SH-002",)),
        bound("QITAI", scopes=VENDOR_LIMIT, products=("ZAWX",), services=("ADVANCE_PAYMENT",)),
        staff("hotline"),
    ]
    return World(twins, Words(named, typed), viewers)


def _ids(value: Any) -> list[str]:
    if isinstance(value, list):
        return [found for item in value for found in _ids(item)]
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in ([item] if key == "id" else _ids(item))]
    return []


@dataclass(frozen=True)
class Request:
    variables: dict[str, Any]
    viewer: Viewer
    language: str

    def planned(self, twins: Twins, text: str) -> bytes | None:
        """None where a value is refused, or would be if its field had a row to stand on."""
        return twins.planned(text, self.variables, self.viewer, self.language)

    def is_answered_differently(self, twins: Twins) -> Callable[[str], bool]:
        return lambda text: self.difference(twins, text, self.planned(twins, text)) is not None

    def difference(self, twins: Twins, text: str, ours: bytes | None) -> str | None:
        """What the two ways disagree about."""
        if ours is None:
            return None
        theirs = twins.plain(text, self.variables, self.viewer, self.language)
        if theirs.errors:
            return f"{ours.decode()} is not {theirs.errors}"
        same = orjson.dumps(orjson.loads(ours)) == orjson.dumps(theirs.data)
        return None if same else f"{ours.decode()}\nis not\n{orjson.dumps(theirs.data).decode()}"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_both_ways_answer_alike(world: World, batch: int) -> None:
    planned = 0
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        random = Random(f"{SEED}-{seed}")
        writer = Writer(CORE, world.words, random)
        text = writer.document()
        request = Request(writer.variables, random.choice(world.viewers), random.choice(["en", "zh"]))
        if not world.twins.takes(text):
            continue  # two types of one interface may name fields of different types alike
        ours = request.planned(world.twins, text)
        planned += ours is not None
        if first := request.difference(world.twins, text, ours):
            least = smallest(CORE, text, request.is_answered_differently(world.twins))
            again = request.difference(world.twins, least, request.planned(world.twins, least))
            pytest.fail(f"{least}\n{request}\n{again or f'only once: {first}'}")
    assert planned >= BATCH // 4  # the others are refused: no scope, or a value out of bounds
