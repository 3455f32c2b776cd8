"""Strawberry with SQLAlchemy's asynchronous ORM and DataLoaders, put together the way tutorials do it.

A resolver for each relation, a DataLoader behind each resolver, whole rows through the ORM, a session for each read.
Its schema is the part of ours that the queries touch.
"""

import contextlib
import datetime as dt
import os
import uuid
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import strawberry
from sqlalchemy import URL, exists, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

from models.bookings import Booking as BookingRow
from models.cities import City as CityRow
from models.claim_papers import ClaimDocument as ClaimDocumentRow
from models.claims import Claim as ClaimRow
from models.claims import ClaimLine as ClaimLineRow
from models.departments import Department as DepartmentRow
from models.drugs import Drug as DrugRow
from models.entitlements import EntitlementAccount as AccountRow
from models.hospitals import Hospital as HospitalRow
from models.hospitals import HospitalDepartment as HospitalDepartmentRow
from models.policies import Policy as PolicyRow
from models.policies import PolicyMember as MemberRow
from models.products import Product as ProductRow
from models.products import ProductService as ServiceRow

Sessions = async_sessionmaker[AsyncSession]
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
# Columns of a SQLModel class are typed as the values they hold.
Booking_: Any = BookingRow
Claim_: Any = ClaimRow
Hospital_: Any = HospitalRow
Drug_: Any = DrugRow
Policy_: Any = PolicyRow
Account_: Any = AccountRow
Service_: Any = ServiceRow

DateTime = strawberry.scalar(
    name="DateTime",
    serialize=lambda value: value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
    parse_value=dt.datetime.fromisoformat,
)


@strawberry.type
class Product:
    code: str
    name: str


@strawberry.type
class Person:
    name: str
    gender: str
    birth_on: dt.date | None


@strawberry.type
class Entitlement:
    service: str
    granted: int | None
    reserved: int
    used: int
    remaining: int | None
    usable_from: dt.date | None
    expires_on: dt.date


@strawberry.type
class City:
    name: str


@strawberry.type
class HospitalDepartment:
    code: str
    is_featured: bool

    @strawberry.field
    async def name(self, info: Info) -> str:
        department = await info.context["departments"].load(self.code)
        return department.name_en


@strawberry.type
class Hospital:
    code: str
    name: str
    level: int | None
    type: str
    city_code: strawberry.Private[str]

    @strawberry.field
    async def city(self, info: Info) -> City:
        return City(name=(await info.context["cities"].load(self.city_code)).name)

    @strawberry.field
    async def departments(self, info: Info) -> list[HospitalDepartment]:
        rows = await info.context["hospital_departments"].load(self.code)
        return [HospitalDepartment(code=row.department_code, is_featured=row.is_featured) for row in rows]


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Booking:
    number: str
    service: str
    status: str
    visit_at: dt.datetime | None
    planned_minutes: int | None
    hospital_code: strawberry.Private[str | None]

    @strawberry.field
    async def hospital(self, info: Info) -> Hospital | None:
        return _hospital(await info.context["hospitals"].load(self.hospital_code))


@strawberry.type
class BookingConnection:
    nodes: list[Booking]
    page_info: PageInfo


@strawberry.type
class Money:
    amount: Decimal
    currency: str = "CNY"


@strawberry.type
class ClaimLine:
    position: int
    category: str
    name: str
    asked: Money


@strawberry.type
class ClaimDocument:
    kind: str
    is_required: bool
    status: str


@strawberry.type
class Claim:
    number: str
    kind: str
    status: str
    created_at: dt.datetime
    asked_amount: Money
    key: strawberry.Private[tuple[Any, Any]]

    @strawberry.field
    async def lines(self, info: Info) -> list[ClaimLine]:
        rows = await info.context["claim_lines"].load(self.key)
        return [
            ClaimLine(position=row.position, category=row.category, name=row.name, asked=Money(amount=row.asked))
            for row in rows
        ]

    @strawberry.field
    async def documents(self, info: Info) -> list[ClaimDocument]:
        rows = await info.context["claim_documents"].load(self.key)
        return [ClaimDocument(kind=row.kind, is_required=row.is_required, status=row.state) for row in rows]


@strawberry.type
class ClaimConnection:
    nodes: list[Claim]


@strawberry.type
class Policy:
    number: str
    status: str
    effective_at: dt.datetime
    starts_on: dt.date
    ends_on: dt.date
    row: strawberry.Private[Any]

    @strawberry.field
    async def product(self, info: Info) -> Product | None:
        row = await info.context["products"].load(self.row.product_code)
        return Product(code=row.code, name=row.name_en)

    @strawberry.field
    async def insured(self, info: Info) -> list[Person]:
        rows = await info.context["insured"].load(self.row.policy_id)
        return [Person(name=row.name, gender=row.gender, birth_on=row.birth_on) for row in rows]

    @strawberry.field
    async def entitlements(self, info: Info) -> list[Entitlement]:
        return [_entitlement(row) for row in await info.context["accounts"].load(self.row.policy_id)]

    @strawberry.field
    async def bookings(self, info: Info, first: int = 20) -> BookingConnection:
        statement = select(Booking_).where(Booking_.policy_id == self.row.policy_id)
        return await _bookings(info, statement, first)

    @strawberry.field
    async def claims(self, info: Info, first: int = 20) -> ClaimConnection:
        statement = select(Claim_).where(Claim_.policy_id == self.row.policy_id)
        async with info.context["sessions"]() as session:
            ordered = statement.order_by(Claim_.created_at.desc(), Claim_.id.desc()).limit(first)
            rows = (await session.scalars(ordered)).all()
        return ClaimConnection(nodes=[_claim(row) for row in rows])


@strawberry.type
class HospitalConnection:
    nodes: list[Hospital]
    condition: strawberry.Private[Any]

    @strawberry.field
    async def total_count(self, info: Info) -> int:
        async with info.context["sessions"]() as session:
            return await session.scalar(select(func.count()).select_from(HospitalRow).where(self.condition))


@strawberry.type
class Drug:
    seq: int
    brand: str
    generic: str
    manufacturer: str


@strawberry.type
class DrugConnection:
    nodes: list[Drug]
    page_info: PageInfo


@strawberry.input
class HospitalFilter:
    city: str
    department: str


@strawberry.type
class Query:
    @strawberry.field
    async def policy(self, info: Info, number: str) -> Policy | None:
        async with info.context["sessions"]() as session:
            row = await session.scalar(select(Policy_).where(Policy_.number == number))
        if row is None:
            return None
        last = row.cover.upper - dt.timedelta(days=1)
        return Policy(
            number=row.number,
            status=row.status,
            effective_at=row.effective_at,
            starts_on=row.cover.lower,
            ends_on=last,
            row=row,
        )

    @strawberry.field
    async def hospitals(self, info: Info, where: HospitalFilter, first: int = 20) -> HospitalConnection:
        own: Any = HospitalDepartmentRow
        has_department = exists().where(own.hospital_code == Hospital_.code, own.department_code == where.department)
        condition = (Hospital_.city_code == where.city) & has_department
        statement = select(Hospital_).where(condition).order_by(Hospital_.sort_key, Hospital_.id).limit(first)
        async with info.context["sessions"]() as session:
            rows = (await session.scalars(statement)).all()
        return HospitalConnection(nodes=[_hospital(row) for row in rows], condition=condition)

    @strawberry.field
    async def drugs(self, info: Info, first: int = 20, after: str | None = None) -> DrugConnection:
        statement = select(Drug_).order_by(Drug_.seq, Drug_.id).limit(first + 1)
        if after is not None:
            seq, _, key = after.partition(":")
            statement = statement.where(tuple_(Drug_.seq, Drug_.id) > (int(seq), uuid.UUID(key)))
        async with info.context["sessions"]() as session:
            rows = (await session.scalars(statement)).all()
        page = rows[:first]
        end = f"{page[-1].seq}:{page[-1].id}" if page else None
        return DrugConnection(nodes=[_drug(row) for row in page], page_info=_page_info(rows, first, end))

    @strawberry.field
    async def bookings(self, info: Info, first: int = 20, after: str | None = None) -> BookingConnection:
        statement = select(Booking_).where(Booking_.vendor_code == info.context["request"].headers["x-vendor"])
        if after is not None:
            micros, _, key = after.partition(":")
            place = (EPOCH + int(micros) * MICROSECOND, uuid.UUID(key))
            statement = statement.where(tuple_(Booking_.created_at, Booking_.id) < place)
        return await _bookings(info, statement, first)


@strawberry.input
class PatientInput:
    name: str
    gender: str | None = None
    phone: str | None = None
    birth_on: dt.date | None = None


@strawberry.input
class EscortBookInput:
    idempotency_key: strawberry.ID
    policy_number: str
    hospital: str
    visit_at: dt.datetime
    patient: PatientInput
    department: str | None = None
    registration: str | None = None
    is_diagnosed: bool | None = None
    symptom: str | None = None
    need: str | None = None
    acknowledged: list[strawberry.ID] = strawberry.field(default_factory=list)


@strawberry.type
class EscortBookPayload:
    booking: Booking | None


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def escort_book(self, info: Info, input: EscortBookInput) -> EscortBookPayload:
        """Lock, insert and decrement alone, as the hand-written transaction does."""
        async with info.context["sessions"]() as session, session.begin():
            account, vendor = await _locked(session, input.policy_number)
            row = _row(account, vendor, input)
            session.add(row)
            await session.flush()
            has_use = Account_.granted.is_(None) | (Account_.held + Account_.used + 1 <= Account_.granted)
            own = (Account_.policy_id == account.policy_id) & (Account_.id == account.id)
            done = await session.execute(update(Account_).where(own, has_use).values(held=Account_.held + 1))
            if done.rowcount != 1:
                raise RuntimeError("no use is left")
            return EscortBookPayload(booking=_booking(row))


async def _locked(session: AsyncSession, number: str) -> Any:
    statement = (
        select(Account_, Service_.vendor_code)
        .join(Policy_, Policy_.policy_id == Account_.policy_id)
        .join(Service_, (Service_.product_code == Account_.product_code) & (Service_.kind == Account_.service))
        .where(Policy_.number == number, Account_.service == "OUTPATIENT_ESCORT")
        .limit(1)
        .with_for_update(of=Account_)
    )
    return (await session.execute(statement)).one()


def _row(account: Any, vendor: str | None, given: EscortBookInput) -> BookingRow:
    key, now = uuid.uuid4(), dt.datetime.now(dt.UTC)
    return BookingRow(
        policy_id=account.policy_id,
        id=key,
        number=f"ESC-{key}",
        product_code=account.product_code,
        service=account.service,
        machine="ESCORT",
        state="REQUESTED",
        state_seq=1,
        insured_id=account.insured_id,
        vendor_code=vendor,
        hospital_code=given.hospital,
        department_code=given.department,
        visit_at=given.visit_at,
        visit_on=given.visit_at.date(),
        planned_minutes=240,
        created_at=now,
        updated_at=now,
    )


async def _bookings(info: Info, statement: Any, first: int) -> BookingConnection:
    ordered = statement.order_by(Booking_.created_at.desc(), Booking_.id.desc()).limit(first + 1)
    async with info.context["sessions"]() as session:
        rows = (await session.scalars(ordered)).all()
    page = rows[:first]
    end = f"{(page[-1].created_at - EPOCH) // MICROSECOND}:{page[-1].id}" if page else None
    return BookingConnection(nodes=[_booking(row) for row in page], page_info=_page_info(rows, first, end))


def _page_info(rows: Sequence[Any], first: int, end: str | None) -> PageInfo:
    return PageInfo(has_next_page=len(rows) > first, end_cursor=end)


def _drug(row: Any) -> Drug:
    return Drug(seq=row.seq, brand=row.brand, generic=row.generic, manufacturer=row.manufacturer)


def _booking(row: Any) -> Booking:
    return Booking(
        number=row.number,
        service=row.service,
        status=row.state,
        visit_at=row.visit_at,
        planned_minutes=row.planned_minutes,
        hospital_code=row.hospital_code,
    )


def _claim(row: Any) -> Claim:
    return Claim(
        number=row.number,
        kind=row.kind,
        status=row.state,
        created_at=row.created_at,
        asked_amount=Money(amount=row.asked_amount),
        key=(row.policy_id, row.id),
    )


def _hospital(row: Any) -> Hospital:
    return Hospital(code=row.code, name=row.name, level=row.level, type=row.ownership, city_code=row.city_code)


def _entitlement(row: Any) -> Entitlement:
    return Entitlement(
        service=row.service,
        granted=row.granted,
        reserved=row.held,
        used=row.used,
        remaining=row.remaining,
        usable_from=row.usable_from,
        expires_on=row.period.upper - dt.timedelta(days=1),
    )


def _by_key(sessions: Sessions, table: Any, column: str) -> "DataLoader[Any, Any]":
    async def load(keys: Sequence[Any]) -> list[Any]:
        async with sessions() as session:
            rows = (await session.scalars(select(table).where(getattr(table, column).in_(keys)))).all()
        found = {getattr(row, column): row for row in rows}
        return [found.get(key) for key in keys]

    return DataLoader(load_fn=load)


def _lists(sessions: Sessions, table: Any, column: str, order: Sequence[str], *only: Any) -> "DataLoader[Any, Any]":
    async def load(keys: Sequence[Any]) -> list[list[Any]]:
        statement = select(table).where(getattr(table, column).in_(keys), *only)
        async with sessions() as session:
            rows = (await session.scalars(statement.order_by(*(getattr(table, name) for name in order)))).all()
        found: dict[Any, list[Any]] = defaultdict(list)
        for row in rows:
            found[getattr(row, column)].append(row)
        return [found[key] for key in keys]

    return DataLoader(load_fn=load)


def _of_claims(sessions: Sessions, table: Any, order: Sequence[str]) -> "DataLoader[Any, Any]":
    async def load(keys: Sequence[Any]) -> list[list[Any]]:
        statement = select(table).where(tuple_(table.policy_id, table.claim_id).in_(keys))
        async with sessions() as session:
            rows = (await session.scalars(statement.order_by(*(getattr(table, name) for name in order)))).all()
        found: dict[Any, list[Any]] = defaultdict(list)
        for row in rows:
            found[row.policy_id, row.claim_id].append(row)
        return [found[key] for key in keys]

    return DataLoader(load_fn=load)


class Endpoint(GraphQL[Any, Any]):
    """The context of a request: its loaders, which remember nothing of another request."""

    def __init__(self, *arguments: Any, sessions: Callable[[], Sessions], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.sessions = sessions

    async def get_context(self, request: Any, response: Any) -> dict[str, Any]:
        sessions = self.sessions()
        return {
            "request": request,
            "sessions": sessions,
            "products": _by_key(sessions, ProductRow, "code"),
            "cities": _by_key(sessions, CityRow, "code"),
            "departments": _by_key(sessions, DepartmentRow, "code"),
            "hospitals": _by_key(sessions, HospitalRow, "code"),
            "insured": _lists(sessions, MemberRow, "policy_id", ["position", "id"], MemberRow.role == "INSURED"),
            "accounts": _lists(sessions, AccountRow, "policy_id", ["position", "insured_id", "id"]),
            "claim_lines": _of_claims(sessions, ClaimLineRow, ["position"]),
            "claim_documents": _of_claims(sessions, ClaimDocumentRow, ["kind", "id"]),
            "hospital_departments": _lists(sessions, HospitalDepartmentRow, "hospital_code", ["department_code"]),
        }


def _address(dsn: str) -> URL:
    """The address of the bench, a socket's folder included, as SQLAlchemy wants it."""
    parts = urlsplit(dsn)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return URL.create("postgresql+asyncpg", parts.username, database=parts.path.lstrip("/"), query=query)


def app() -> Starlette:
    size = int(os.environ["BENCH_POOL"])

    @contextlib.asynccontextmanager
    async def lifespan(made: Starlette) -> AsyncGenerator[None]:
        engine = create_async_engine(_address(os.environ["BENCH_DSN"]), pool_size=size, max_overflow=0)
        made.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        yield
        await engine.dispose()

    schema = strawberry.Schema(Query, Mutation, config=StrawberryConfig(scalar_map={dt.datetime: DateTime}))
    made = Starlette(
        routes=[Route("/graphql", Endpoint(schema, sessions=lambda: made.state.sessions))], lifespan=lifespan
    )
    return made
