"""What a policy grants each insured and what is left of it, read from the tables that know. It is no table of its own.

A limit that neither the handbook's data nor the policy states is NULL.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    Date,
    Integer,
    Numeric,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
    values,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql import any_

from models.advances import Advance
from models.claim_decisions import ClaimDecision
from models.claims import Claim
from models.entitlements import EntitlementAccount
from models.policies import Policy, PolicyMember, PolicyRider
from models.preauths import GuaranteeLetter, PreAuth
from models.products import ProductService

Account: Any = EntitlementAccount
Service: Any = ProductService
Member: Any = PolicyMember
Term: Any = Policy
Stay: Any = Advance
Letter: Any = GuaranteeLetter
Asked: Any = PreAuth
Case: Any = Claim
Decision: Any = ClaimDecision
Held: Any = PolicyRider

BASE = "OUTPATIENT_INPATIENT"
COVERS: Sequence[tuple[int, str, str, str, str]] = (
    (
        1,
        BASE,
        "门急诊与住院医疗费用",
        "Outpatient, emergency and inpatient costs",
        "PUBLIC_OUTPATIENT PUBLIC_INPATIENT INTERNET_PRESCRIPTION DIRECT_OUTPATIENT DIRECT_INPATIENT "
        "ADVANCE_SETTLEMENT",
    ),
    (
        2,
        "VACCINE",
        "疫苗与健康检查费用",
        "Vaccination and health check costs",
        "VACCINE DIRECT_VACCINE DIRECT_HEALTH_CHECK",
    ),
    (3, "EYE", "眼科费用", "Eye care costs", "DIRECT_EYE"),
    (4, "DENTAL", "齿科费用", "Dental costs", "DIRECT_DENTAL"),
)
"""Position, liability, names, and the kinds of claim that are paid under it. All but the first are riders by name."""

ZERO = literal_column("0.00", Numeric)
ORDER = ("insured_position", "insured_id", "kind_position", "position", "starts_on", "key")


def _word(word: str) -> Any:
    return literal_column(f"'{word}'::text", Text)


def _selected(columns: Mapping[str, Any]) -> Select[Any]:
    """Every branch has the same columns in the same order."""
    made: Any = select(*(columns[name].label(name) for name in sorted(columns)))
    return made


def _services() -> Select[Any]:
    """Uses of the services, as the accounts count them."""
    columns: dict[str, Any] = {
        "kind": _word("SERVICE"),
        "kind_position": literal_column("1", Integer),
        "unit": _word("USES"),
        "period": _word("POLICY_TERM"),
        "limit_amount": cast(Account.granted, Numeric),
        "used": cast(Account.used, Numeric),
        "held": cast(Account.held, Numeric),
        "remaining": cast(Account.remaining, Numeric),
        "policy_id": Account.policy_id,
        "insured_id": Account.insured_id,
        "insured_position": Member.position,
        "position": Account.position,
        "key": cast(Account.id, Text),
        "service": cast(Account.service, Text),
        "liability": cast(null(), Text),
        "name_zh": cast(Service.name_zh, Text),
        "name_en": cast(Service.name_en, Text),
        "is_unlimited": and_(Account.granted.is_(None), Service.is_quota_stated),
        "monthly_cap": Service.monthly_cap,
        "starts_on": func.lower(Account.period, type_=Date),
        "ends_on": func.upper(Account.period, type_=Date) - literal_column("1", Integer),
        "usable_from": Account.usable_from,
        "rule_codes": cast(Service.rule_codes, ARRAY(Text)),
    }
    return (
        _selected(columns)
        .join_from(Account, Member, and_(Member.policy_id == Account.policy_id, Member.id == Account.insured_id))
        .join(Service, and_(Service.product_code == Account.product_code, Service.kind == Account.service))
    )


def _covers() -> Select[Any]:
    """Costs that are paid: by decisions in force, and promised by letters that are live."""
    cover = _known_covers()
    kinds = func.string_to_array(cover.c.kinds, _word(" "), type_=ARRAY(Text))
    columns: dict[str, Any] = {
        "kind": _word("COVER"),
        "kind_position": literal_column("2", Integer),
        "unit": _word("CNY"),
        "period": _word("POLICY_TERM"),
        "limit_amount": cast(null(), Numeric),
        "remaining": cast(null(), Numeric),
        "used": _paid(kinds).correlate(Term, Member, cover).scalar_subquery(),
        "held": _promised(cover).correlate(Term, Member, cover).scalar_subquery(),
        "policy_id": Term.policy_id,
        "insured_id": Member.id,
        "insured_position": Member.position,
        "position": cover.c.position,
        "key": cover.c.liability,
        "service": cast(null(), Text),
        "liability": cover.c.liability,
        "name_zh": cover.c.name_zh,
        "name_en": cover.c.name_en,
        "is_unlimited": false(),
        "monthly_cap": cast(null(), Integer),
        "starts_on": func.lower(Term.cover, type_=Date),
        "ends_on": func.upper(Term.cover, type_=Date) - literal_column("1", Integer),
        "usable_from": cast(null(), Date),
        "rule_codes": literal_column("array[]::text[]", ARRAY(Text)),
    }
    return _of_insured(_selected(columns)).join(cover, true()).where(_is_held(cover, kinds))


def _known_covers() -> Any:
    names = ("position", "liability", "name_zh", "name_en", "kinds")
    columns = (Column(name, Integer if name == "position" else Text) for name in names)
    return values(*columns, name="covers", literal_binds=True).data(COVERS).alias("covers")


def _paid(kinds: Any) -> Any:
    """By the decisions in force on claims of the insured of these kinds."""
    return select(func.coalesce(func.sum(Decision.paid), ZERO)).where(
        _is_claimed(kinds),
        Decision.policy_id == Case.policy_id,
        Decision.claim_id == Case.id,
        Decision.revision == Case.revision,
    )


def _is_claimed(kinds: Any) -> Any:
    return and_(Case.policy_id == Term.policy_id, Case.insured_id == Member.id, Case.kind == any_(kinds))


def _promised(cover: Any) -> Any:
    """What letters that are live may still be drawn on for."""
    return select(func.coalesce(func.sum(Letter.ceiling - Letter.drawn), ZERO)).where(
        cover.c.liability == _word(BASE),
        Asked.policy_id == Term.policy_id,
        Asked.insured_id == Member.id,
        Letter.policy_id == Asked.policy_id,
        Letter.preauth_id == Asked.id,
        Letter.ended_at.is_(None),
    )


def _is_held(cover: Any, kinds: Any) -> Any:
    """The base cover where hospitals bill directly, a rider by its name, and whatever has been claimed under it."""
    bills_directly = exists().where(Service.product_code == Term.product_code, Service.kind == _word("HOSPITAL_VISIT"))
    has_rider = exists().where(Held.policy_id == Term.policy_id, Held.rider_code == cover.c.liability)
    return or_(and_(cover.c.liability == _word(BASE), bills_directly), has_rider, exists().where(_is_claimed(kinds)))


def _stays() -> Select[Any]:
    """What is paid in advance: by stay, since the limit is one of each stay; without a stay, the limit alone."""
    spent: Any = func.coalesce(Stay.paid_amount, ZERO)
    held = case((Stay.settled_at.is_(None), func.coalesce(Stay.approved_amount, spent) - spent), else_=ZERO)
    limit: Any = func.coalesce(Stay.authorized_limit, Term.advance_limit)
    columns: dict[str, Any] = {
        "kind": _word("ADVANCE"),
        "kind_position": literal_column("3", Integer),
        "unit": _word("CNY"),
        "period": _word("STAY"),
        "limit_amount": limit,
        "used": spent,
        "held": held,
        "remaining": case((limit.is_not(None), func.greatest(limit - spent - held, ZERO))),
        "policy_id": Term.policy_id,
        "insured_id": Member.id,
        "insured_position": Member.position,
        "position": Service.position,
        "key": func.coalesce(cast(Stay.id, Text), _word("")),
        "service": cast(Service.kind, Text),
        "liability": cast(null(), Text),
        "name_zh": cast(Service.name_zh, Text),
        "name_en": cast(Service.name_en, Text),
        "is_unlimited": false(),
        "monthly_cap": cast(null(), Integer),
        "starts_on": Stay.admitted_on,
        "ends_on": Stay.discharged_on,
        "usable_from": cast(null(), Date),
        "rule_codes": cast(Service.rule_codes, ARRAY(Text)),
    }
    own = and_(Stay.policy_id == Member.policy_id, Stay.insured_id == Member.id, Stay.released_at.is_(None))
    return (
        _of_insured(_selected(columns))
        .join(Service, and_(Service.product_code == Term.product_code, Service.kind == _word("ADVANCE_PAYMENT")))
        .outerjoin(Stay, own)
    )


def _of_insured(selected: Select[Any]) -> Select[Any]:
    return selected.join_from(Term, Member, and_(Member.policy_id == Term.policy_id, Member.role == _word("INSURED")))


class _Read(DeclarativeBase):
    """What is read like a table and is none, so that no migration knows of it."""


_BENEFITS = union_all(_services(), _covers(), _stays()).subquery("benefits")


_KEY: Any = {"primary_key": [_BENEFITS.c[name] for name in ("policy_id", "insured_id", "kind", "key")]}


class Benefit(_Read):
    """One benefit of one insured."""

    __tablename__ = "benefits"
    __table__ = _BENEFITS
    __mapper_args__ = _KEY
