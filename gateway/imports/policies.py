"""Policies from a file: a line for each insured, the lines of a number together; each is registered once, and whole."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import Any, TypeVar

from gateway.auth.personal import PersonalVault
from gateway.faults import Fault
from gateway.imports.lines import Line, Problem, Report, quoted, read_lines, word
from gateway.imports.loading import load
from gateway.repositories.policies import PersonDraft, PolicyDraft, policy_id, register_all
from gateway.resolvers import inputs
from gateway.validation.civil_time import civil_day, start_of

T = TypeVar("T")

HEADER = (
    "number,product,plan,riders,effectiveOn,waitingDays,channel,advanceLimit,"
    "holderName,holderGender,holderBirthOn,holderPhone,holderIdType,holderIdNumber,"
    "name,gender,birthOn,phone,idType,idNumber"
)
COLUMNS = HEADER.split(",")
INSURED = {name: name for name in COLUMNS[14:]}
HOLDER = dict(zip(INSURED, COLUMNS[8:14], strict=True))
SHARED = COLUMNS[:14]
BATCH = 500

CHANNELS = ("ONLINE", "OFFLINE_PAPER")
GENDERS = ("MALE", "FEMALE")
ID_TYPES = (
    "ID_CARD",
    "PASSPORT",
    "BIRTH_CERTIFICATE",
    "HOUSEHOLD_REGISTER",
    "HK_MACAO_PERMIT",
    "TAIWAN_PERMIT",
    "OTHER",
)
YEARS = range(2000, 2101)
EARLIEST_BIRTH = dt.date(1900, 1, 1)
LONGEST_NUMBER = 64
MOST_WAITING_DAYS = 3650

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAYS = re.compile(r"\d{1,4}", re.ASCII)
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Known:
    """What a line may refer to, read once."""

    plans: Mapping[str, list[str]]  # product → its plans
    riders: Mapping[str, list[str]]  # product → its riders
    today: dt.date


@dataclass(slots=True)
class Tally:
    """What has been found so far; `first_lines` tells where a number began, `torn` which may not be kept."""

    read: int = 0
    written: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    first_lines: dict[str, int] = field(default_factory=dict)
    torn: set[str] = field(default_factory=set)


async def import_policies(
    connection: Any,
    path: Path,
    *,
    vault: PersonalVault,
    actor: str,
    now: dt.datetime,
    keep_good: bool,
    progress: Callable[[int], None],
    is_demo: bool = False,
) -> Report:
    """Reads the whole file in any case, so that every bad line is told. `progress` hears the lines read so far.

    With a problem anywhere nothing is written, unless `keep_good` is set: then the good policies are. `written`
    counts policies; one that is registered already with the same product, plan and first day stays as it is.
    """
    known = await _known(connection, civil_day(now))
    done = Tally(torn=_torn(read_lines(path, COLUMNS)) if keep_good else set())

    async def write(batch: list[PolicyDraft], may_write: bool) -> None:
        new = await _not_registered(connection, batch, vault, done)
        if may_write and (keep_good or not done.problems):
            written = await register_all(connection, new, vault=vault, actor=actor, now=now)
            done.problems += [_taken(draft, done) for draft in new if draft.number not in written]
            done.written += len(written)

    drafts = _drafts(read_lines(path, COLUMNS), known, done, is_demo)
    await load(connection, _batches(drafts), write, done, keep_good=keep_good, progress=progress)
    return Report(done.read, done.written, sorted(done.problems, key=lambda problem: problem.line), done.warnings)


def _batches(drafts: Iterator[PolicyDraft]) -> Iterator[list[PolicyDraft]]:
    while batch := list(islice(drafts, BATCH)):
        yield batch


# Lines to policies


def _torn(lines: Iterable[Line | Problem]) -> set[str]:
    """Numbers that stand in two places, or beside a line that cannot be read and may be another one of theirs.

    To keep a part of a policy would be worse than to keep none: the rest could never be added.
    """
    seen: set[str] = set()
    torn: set[str] = set()
    before, is_beside_unreadable = "", False
    for line in lines:
        if isinstance(line, Problem):
            torn.add(before)
            is_beside_unreadable = True
            continue
        number = line.cells["number"]
        if is_beside_unreadable or (number != before and number in seen):
            torn.add(number)
        seen.add(number)
        before, is_beside_unreadable = number, False
    return torn


def _drafts(lines: Iterable[Line | Problem], known: Known, done: Tally, is_demo: bool) -> Iterator[PolicyDraft]:
    """The good policies; the others leave their problems behind."""
    for _, group in groupby(_readable(lines, done), key=lambda line: line.cells["number"] or line.number):
        policy = list(group)
        draft = _draft(policy, known, is_demo)
        _check_together(policy, draft, done)
        problems = [problem for line in policy for problem in line.problems]
        done.problems += problems
        if problems:
            continue
        done.warnings += _doubts(policy, draft)
        if draft.number in done.torn:
            done.warnings.append(f"line {policy[0].number}: {draft.number} is left out, not all of it can be read")
        else:
            yield draft


def _readable(lines: Iterable[Line | Problem], done: Tally) -> Iterator[Line]:
    for line in lines:
        if isinstance(line, Problem):
            done.problems.append(line)
        else:
            done.read += 1
            yield line


def _draft(policy: list[Line], known: Known, is_demo: bool) -> PolicyDraft:
    """A policy as its lines describe it. It is whole only where all of them are left without problems."""
    first = policy[0]
    take: Callable[..., Any] = first.take
    product = take("product", partial(word, words=known.plans))
    effective_on = take("effectiveOn", _effective_on) or known.today
    return PolicyDraft(
        number=take("number", _number),
        product=product,
        plan=product and take("plan", partial(_plan, product=product, plans=known.plans)),
        riders=product and take("riders", partial(_riders, product=product, riders=known.riders)),
        effective_on=effective_on,
        effective_at=start_of(effective_on),
        waiting_days=take("waitingDays", _waiting_days),
        channel=take("channel", _channel),
        advance_limit=take("advanceLimit", _amount),
        holder=_person(first, HOLDER, known.today),
        insured=tuple(_person(line, INSURED, known.today) for line in policy),
        is_demo=is_demo,
    )


def _person(line: Line, columns: Mapping[str, str], today: dt.date) -> PersonDraft:
    take: Callable[..., Any] = line.take
    id_type = take(columns["idType"], partial(word, words=ID_TYPES))
    return PersonDraft(
        name=take(columns["name"], _name),
        gender=take(columns["gender"], partial(word, words=GENDERS)),
        birth_on=take(columns["birthOn"], partial(_birth_on, today=today)),
        phone=take(columns["phone"], _phone),
        id_type=id_type,
        id_number=take(columns["idNumber"], partial(_id_number, kind=id_type or "OTHER")),
    )


def _check_together(policy: list[Line], draft: PolicyDraft, done: Tally) -> None:
    """The number begins once, all lines say the same of the policy and its holder, and nobody is insured twice."""
    first, *others = policy
    begun = done.first_lines.setdefault(first.cells["number"], first.number)
    if first.cells["number"] and begun != first.number:
        first.refuse(
            "number",
            f"{quoted(first.cells['number'])} begins in line {begun}; expected are its lines one after another",
        )
    for line in others:
        for column in SHARED:
            if line.cells[column] != first.cells[column]:
                line.refuse(column, f"it differs from line {first.number}, where this policy begins")
    seen: dict[tuple[str, str], int] = {}
    for line, person in zip(policy, draft.insured, strict=True):
        same = seen.setdefault((person.id_type, person.id_number), line.number)
        if person.id_number and same != line.number:
            line.refuse("idNumber", f"this person is insured in line {same} already")


def _doubts(policy: list[Line], draft: PolicyDraft) -> Iterator[str]:
    """A spreadsheet that takes an identity card's number for an amount rounds its last digits away."""
    people = [(policy[0], HOLDER, draft.holder)]
    people += [(line, INSURED, person) for line, person in zip(policy, draft.insured, strict=True)]
    for line, columns, person in people:
        if person.id_type == "ID_CARD" and not has_right_check_digit(person.id_number):
            yield f"line {line.number}, {columns['idNumber']}: the last digit does not fit the others; compare it"


def has_right_check_digit(id_card: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(id_card, _WEIGHTS, strict=False))
    return id_card[-1] == _CHECK_DIGITS[total % 11]


# Cells: the value, or a ValueError that says what is wrong and what is expected


def _number(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"it has {len(text)} characters; expected are {LONGEST_NUMBER} at most")
    return _accepted(lambda: inputs.required(inputs.text(text)))


def _plan(text: str, *, product: str, plans: Mapping[str, list[str]]) -> str | None:
    if text and not plans[product]:
        raise ValueError(f"{quoted(text)}, but {product} has no plans; expected is nothing")
    return word(text, words=plans[product]) if plans[product] else None


def _riders(text: str, *, product: str, riders: Mapping[str, list[str]]) -> tuple[str, ...]:
    items = [item.strip() for item in text.split(";") if item.strip()]
    if items and not riders[product]:
        raise ValueError(f"{quoted(text)}, but {product} has no riders; expected is nothing")
    return tuple(dict.fromkeys(word(item, words=riders[product]) for item in items))


def _effective_on(text: str) -> dt.date:
    day = _day(text)
    if day.year not in YEARS:
        raise ValueError(f"{text} is not within the years {YEARS[0]} to {YEARS[-1]}")
    return day


def _birth_on(text: str, *, today: dt.date) -> dt.date:
    day = _day(text)
    if not EARLIEST_BIRTH <= day <= today:
        raise ValueError(f"{text}; expected is a day from {EARLIEST_BIRTH} to today")
    return day


def _day(text: str) -> dt.date:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{quoted(text)} is no date; expected is YYYY-MM-DD, such as 2026-01-01") from None


def _waiting_days(text: str) -> int | None:
    if not text:
        return None
    if not _DAYS.fullmatch(text) or int(text) > MOST_WAITING_DAYS:
        raise ValueError(f"{quoted(text)}; expected are 0 to {MOST_WAITING_DAYS} days, or nothing")
    return int(text)


def _channel(text: str) -> str:
    return word(text, words=CHANNELS) if text else CHANNELS[0]


def _amount(text: str) -> Decimal | None:
    if not text:
        return None
    if not _AMOUNT.fullmatch(text):
        raise ValueError(f"{quoted(text)}; expected is an amount such as 50000.00, or nothing")
    return Decimal(text)


def _name(text: str) -> str:
    return _accepted(lambda: inputs.required(inputs.name(text)))


def _phone(text: str) -> str | None:
    return _accepted(lambda: inputs.phone(text))


def _id_number(text: str, *, kind: str) -> str:
    return _accepted(lambda: inputs.id_number(kind, text))


def _accepted(check: Callable[[], T]) -> T:
    """What the API accepts in the same field; such messages never repeat a person's number."""
    try:
        return check()
    except Fault as fault:
        raise ValueError(fault.message) from None


# What lines may refer to, and what is registered already

CATALOGUE = """
select product.code,
  array(select code from plans where product_code = product.code order by position) as plans,
  array(select code from riders where product_code = product.code order by position) as riders
from products as product order by product.position
"""
REGISTERED = """
select number, product_code, plan_code, lower(cover) as effective_on,
  array(select id_number_hash from policy_members as member
        where member.policy_id = policies.policy_id and role = 'INSURED') as insured
from policies where policy_id = any($1::uuid[])
"""


async def _known(connection: Any, today: dt.date) -> Known:
    products = await connection.fetch(CATALOGUE)
    return Known(
        plans={row["code"]: row["plans"] for row in products},
        riders={row["code"]: row["riders"] for row in products},
        today=today,
    )


async def _not_registered(
    connection: Any, drafts: list[PolicyDraft], vault: PersonalVault, done: Tally
) -> list[PolicyDraft]:
    """Those that are new. Of the others, one that is the same is passed over, and one that is not is a problem."""
    rows = await connection.fetch(REGISTERED, [policy_id(draft.number) for draft in drafts])
    registered = {row["number"]: row for row in rows}
    for draft in drafts:
        row = registered.get(draft.number)
        if row is None:
            continue
        if (draft.product, draft.plan, draft.effective_on) != (
            row["product_code"],
            row["plan_code"],
            row["effective_on"],
        ):
            done.problems.append(_taken(draft, done))
        elif not _has_same_insured(set(row["insured"]), draft, vault):
            line = done.first_lines[draft.number]
            done.warnings.append(f"line {line}: {draft.number} is registered with other insured, and stays as it is")
    return [draft for draft in drafts if draft.number not in registered]


def _has_same_insured(hashes: set[bytes], draft: PolicyDraft, vault: PersonalVault) -> bool:
    """While keys change, each may be hashed by another one."""
    wanted = [set(vault.fingerprints(who.id_type, who.id_number)) for who in draft.insured]
    return len(hashes) == len(wanted) and all(hashes & each for each in wanted)


def _taken(draft: PolicyDraft, done: Tally) -> Problem:
    message = f"{draft.number} exists already: policies are registered once"
    return Problem(done.first_lines[draft.number], "number", message)
