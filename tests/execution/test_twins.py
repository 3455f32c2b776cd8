"""Random documents, variables and viewers: a plan and the plain executor must give the same answer."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from graphql import parse, validate
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from gateway.auth.viewer import ANONYMOUS, Viewer
from gateway.execution.limits import too_much
from tests.execution.conftest import People
from tests.execution.random_documents import Words, Writer
from tests.execution.twins import CORE, Twins, bound, customer, staff, vendor
from tests.support.escorts import HOSPITAL

EXAMPLES = int(os.environ.get("TWINS_EXAMPLES", "300"))


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
        policies { nodes { id number insured { id } entitlements { id } } } bookings { nodes { id number } } }""",
        viewer=staff(),
    ).data
    named: dict[str, Sequence[Any]] = {
        "first": [3, 2, 1, 0, 100, 101],
        "id": _ids(found),
        "ids": _ids(found),
        "policy": [*[node["id"] for node in found["policies"]["nodes"]], "pol_none"],
        "number": [*[node["number"] for node in found["policies"]["nodes"]], "none"],
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
        staff("hotline"),
    ]
    return World(twins, Words(named, typed), viewers)


def _ids(value: Any) -> list[str]:
    if isinstance(value, list):
        return [found for item in value for found in _ids(item)]
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in ([item] if key == "id" else _ids(item))]
    return []


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="TWINS_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_both_ways_answer_alike(world: World, data: st.DataObject) -> None:
    writer = Writer(CORE, world.words, data.draw)
    text = writer.document()
    viewer = data.draw(st.sampled_from(world.viewers))
    language = data.draw(st.sampled_from(["en", "zh"]))
    node = parse(text)
    assume(too_much(node) is None)
    assert not validate(CORE, node), text
    ours = world.twins.planned(text, writer.variables, viewer, language)
    theirs = world.twins.plain(text, writer.variables, viewer, language)
    event("planned" if ours is not None else "left to the plain executor")
    told = f"\n{text}\n{orjson.dumps(writer.variables).decode()}\n{viewer.principal} {viewer.products} {language}"
    if ours is None:
        # what has no plan is refused, in part at least; nothing else is left to the plain executor
        assert theirs.errors, f"no plan for{told}"
    else:
        assert not theirs.errors, f"{theirs.errors}{told}"
        assert orjson.dumps(orjson.loads(ours)) == orjson.dumps(theirs.data), told
