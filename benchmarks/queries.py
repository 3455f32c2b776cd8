"""What is asked: documents that every contender answers alike, and variables drawn from the data."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.auth.tokens import TokenKey
from gateway.auth.viewer import CUSTOMER_SCOPES, VENDOR_SCOPES, Viewer, ViewerKind
from gateway.postgres.pool import connection

SEED = 20260101
SAMPLES = 200
LIFETIME = dt.timedelta(days=30)
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
FRESH = "@@@@@@@@@@@@"
"""Stands for a number that no other request has, in as many characters; whoever sends requests puts it in."""


@dataclass(frozen=True, slots=True)
class Query:
    """One document, in the words of all contenders but one."""

    key: str
    title: str
    document: str
    postgraphile: str
    """The same answer in the words that PostGraphile derives from the views of `sql/shape.sql`."""

    is_write: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """Variables, and who asks: our token, and for those without tokens the vendor in a header."""

    variables: Mapping[str, Any]
    token: str
    vendor: str = ""
    values: Sequence[Any] = field(default=())
    """The same as parameters of the hand-written SQL."""


Q1 = Query(
    "Q1",
    "a policy with product, insured and entitlements",
    """query Policy($number: String!) { policy(number: $number) {
  number status effectiveAt startsOn endsOn product { code name } insured { name gender birthOn }
  entitlements { service granted reserved used remaining usableFrom expiresOn } } }""",
    """query Policy($number: String!) { policy: policyByNumber(number: $number) {
  number status effectiveAt startsOn endsOn product { code name }
  insured: insuredList(orderBy: [POSITION_ASC]) { name gender birthOn }
  entitlements: entitlementsList(orderBy: [POSITION_ASC, INSURED_ID_ASC]) {
    service granted reserved used remaining usableFrom expiresOn } } }""",
)
Q2 = Query(
    "Q2",
    "20 hospitals of a city and department, with departments and total",
    """query Hospitals($city: String!, $department: String!) {
  hospitals(where: {city: $city, department: $department}, first: 20) {
    totalCount nodes { code name level type departments { code name isFeatured } } } }""",
    """query Hospitals($city: String!, $department: String!) {
  hospitals: hospitalsWith(city: $city, department: $department, first: 20) {
    totalCount nodes { code name level type departments: departmentsList(orderBy: [CODE_ASC]) {
      code name isFeatured } } } }""",
)
Q3 = Query(
    "Q3",
    "20 bookings of a policy with hospital and city, and 20 claims with lines and documents",
    """query Cases($number: String!) { policy(number: $number) { number
  bookings(first: 20) {
    nodes { number service status visitAt plannedMinutes hospital { code name city { name } } } }
  claims(first: 20) { nodes { number kind status createdAt askedAmount { amount currency }
    lines { position category name asked { amount } } documents { kind isRequired status } } } } }""",
    """query Cases($number: String!) { policy: policyByNumber(number: $number) { number
  bookings(first: 20, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
    nodes { number service status visitAt plannedMinutes hospital { code name city { name } } } }
  claims(first: 20, orderBy: [SUBMITTED_AT_DESC, ROW_ID_DESC]) {
    nodes { number kind status createdAt askedAmount { amount currency }
      lines: linesList(orderBy: [POSITION_ASC]) { position category name asked { amount } }
      documents: documentsList(orderBy: [KIND_ASC, ROW_ID_ASC]) { kind isRequired status } } } } }""",
)
Q4 = Query(
    "Q4",
    "102 drugs in two pages",
    """query Drugs($after: String!) {
  one: drugs(first: 51) { nodes { seq brand generic manufacturer } }
  two: drugs(first: 51, after: $after) { nodes { seq brand generic manufacturer } } }""",
    """query Drugs($after: Cursor!) {
  one: allDrugs(first: 51, orderBy: [SEQ_ASC, ROW_ID_ASC]) { nodes { seq brand generic manufacturer } }
  two: allDrugs(first: 51, after: $after, orderBy: [SEQ_ASC, ROW_ID_ASC]) {
    nodes { seq brand generic manufacturer } } }""",
)
Q5 = Query(
    "Q5",
    "a page after a keyset cursor deep in a vendor's bookings; two requests are the walk",
    """query Page($first: Int!, $after: String) { bookings(first: $first, after: $after) {
  nodes { number status visitAt } pageInfo { hasNextPage endCursor } } }""",
    """query Page($first: Int!, $after: Cursor, $vendor: String) {
  bookings: allBookings(first: $first, after: $after, condition: {vendorCode: $vendor},
    orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
    nodes { number status visitAt } pageInfo { hasNextPage endCursor } } }""",
)
M1 = Query(
    "M1",
    "an escort is booked",
    """mutation Book($input: EscortBookInput!) { escortBook(input: $input) {
  booking { service status visitAt plannedMinutes hospital { code name } } } }""",
    """mutation Book($input: BookEscortInput!) { escortBook: bookEscort(input: $input) {
  booking: result { service status visitAt plannedMinutes hospital { code name } } } }""",
    is_write=True,
)
DRUG_PAGE = Query(
    "",
    "where the second page of drugs begins",
    "{ drugs(first: 51) { pageInfo { endCursor } } }",
    "{ drugs: allDrugs(first: 51, orderBy: [SEQ_ASC, ROW_ID_ASC]) { pageInfo { endCursor } } }",
)
READS = (Q1, Q2, Q3, Q4, Q5)
QUERIES = (*READS, M1)

# What the data holds that is worth asking for.
POLICIES = "select number, policy_id from bench.keys where not is_written order by md5(n::text) limit $1"
BUSY = """
select k.number, k.policy_id from bench.keys k
join (
  select policy_id from bookings group by policy_id having count(*) >= 20 order by policy_id limit 1000
) b using (policy_id)
order by md5(k.n::text) limit $1
"""
WRITTEN = """
select k.number, k.policy_id, m.name, m.gender, m.birth_on from bench.keys k
join policy_members m on m.policy_id = k.policy_id and m.role = 'INSURED'
where k.is_written order by md5(k.n::text) limit $1
"""
CITIES = """
select h.city_code, d.department_code from hospitals h join hospital_departments d on d.hospital_code = h.code
where h.source = 'IMPORTED' group by 1, 2 having count(*) >= 3 order by md5(h.city_code || d.department_code) limit $1
"""
HOSPITALS = """
select h.code from hospitals h join service_cities s on s.city_code = h.city_code
where s.product_code = 'ZYB' and s.service = 'OUTPATIENT_ESCORT' and h.level = 3 and h.ownership = 'PUBLIC'
  and h.source = 'IMPORTED'
order by md5(h.code) limit $1
"""
VENDOR = "select vendor_code from bookings group by 1 order by count(*) desc limit 1"


@dataclass(frozen=True, slots=True)
class Asking:
    """Samples of each query that need no cursor, and the vendor whose list is walked."""

    samples: Mapping[str, Sequence[Sample]]
    vendor: Sample


async def draw(dsn: str, folder: Path) -> Asking:
    """The same variables for every contender, and the same at every run."""
    key = TokenKey.load(folder / "token.pem")
    async with connection(dsn) as opened:
        policies = await opened.fetch(POLICIES, SAMPLES)
        busy = await opened.fetch(BUSY, SAMPLES)
        written = await opened.fetch(WRITTEN, 20 * SAMPLES)
        cities = await opened.fetch(CITIES, SAMPLES)
        hospitals = [row["code"] for row in await opened.fetch(HOSPITALS, SAMPLES)]
        vendor = await opened.fetchval(VENDOR)
    anyone = _customer(key, policies[0])
    samples = {
        "Q1": [_of_policy(key, row) for row in policies],
        "Q2": [
            Sample({"city": row["city_code"], "department": row["department_code"]}, anyone, values=tuple(row))
            for row in cities
        ],
        "Q3": [_of_policy(key, row) for row in busy],
        "M1": [_booking(key, row, hospitals[place % len(hospitals)]) for place, row in enumerate(written)],
    }
    viewer = Viewer(ViewerKind.VENDOR, f"vendor:{vendor}", vendor, frozenset(VENDOR_SCOPES), vendor=vendor)
    token = key.issue(viewer, lifetime=LIFETIME)
    return Asking(samples, Sample({"vendor": vendor}, token, vendor))


async def listed(dsn: str, vendor: str) -> int:
    """How long the vendor's list is."""
    async with connection(dsn) as opened:
        return await opened.fetchval("select count(*) from bookings where vendor_code = $1", vendor)


def shuffled(samples: Sequence[Sample]) -> list[Sample]:
    mixed = list(samples)
    random.Random(SEED).shuffle(mixed)
    return mixed


def _of_policy(key: TokenKey, row: Any) -> Sample:
    return Sample({"number": row["number"]}, _customer(key, row), values=(row["number"],))


def _customer(key: TokenKey, row: Any) -> str:
    viewer = Viewer(
        ViewerKind.CUSTOMER,
        f"customer:{row['policy_id'].hex}",
        "a customer",
        frozenset(CUSTOMER_SCOPES),
        policies=(row["policy_id"],),
    )
    return key.issue(viewer, lifetime=LIFETIME)


def _booking(key: TokenKey, row: Any, hospital: str) -> Sample:
    given = {
        "idempotencyKey": f"bench-{FRESH}",
        "policyNumber": row["number"],
        "hospital": hospital,
        "department": "PEDIATRICS",
        "visitAt": _visit().isoformat(),
        "patient": {
            "name": row["name"],
            "gender": row["gender"],
            "birthOn": row["birth_on"].isoformat(),
            "phone": "13800138000",
        },
        "registration": "儿科 上午 12 号",
        "isDiagnosed": False,
        "symptom": "咳嗽",
        "need": "首次就诊，需要引导",
        "acknowledged": ["ZYB-ESC-23"],
    }
    return Sample(
        {"input": given}, _customer(key, row), values=(row["number"], hospital, "PEDIATRICS", given["visitAt"])
    )


def _visit() -> dt.datetime:
    """A Tuesday morning after next weekend, so that every notice period is kept."""
    today = dt.datetime.now(SHANGHAI).replace(hour=9, minute=30, second=0, microsecond=0)
    return today + dt.timedelta(days=8 + (1 - today.weekday()) % 7)
