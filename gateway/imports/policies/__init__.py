"""Policies from a file: a line for each insured, the lines of a number together; each is registered once, and whole."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from gateway.auth.personal import PersonalVault
from gateway.imports.lines import Line, Problem, Report, quoted, read_lines, word
from gateway.imports.loading import batches, load
from gateway.imports.policies import cells
from gateway.imports.policies.cells import GENDERS, ID_TYPES, has_right_check_digit
from gateway.imports.policies.findings import Tally
from gateway.imports.policies.registered import not_registered, taken
from gateway.repositories.policies import PersonDraft, PolicyDraft, register_all
from gateway.validation.civil_time import civil_day, start_of

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


@dataclass(frozen=True, slots=True)
class Known:
    """What a line may refer to, read once."""

    plans: Mapping[str, list[str]]  # product → its plans
    riders: Mapping[str, list[str]]  # product → its riders
    today: dt.date


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
        new = await not_registered(connection, batch, vault, done)
        if may_write and (keep_good or not done.problems):
            written = await register_all(connection, new, vault=vault, actor=actor, now=now)
            done.problems += [taken(draft, done) for draft in new if draft.number not in written]
            done.written += len(written)

    drafts = _drafts(read_lines(path, COLUMNS), known, done, is_demo)
    await load(connection, batches(drafts, BATCH), write, done, keep_good=keep_good, progress=progress)
    return Report(done.read, done.written, sorted(done.problems, key=lambda problem: problem.line), done.warnings)


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
    effective_on = take("effectiveOn", cells.effective_on) or known.today
    return PolicyDraft(
        number=take("number", cells.number),
        product=product,
        plan=product and take("plan", partial(cells.plan, product=product, plans=known.plans)),
        riders=product and take("riders", partial(cells.riders, product=product, riders=known.riders)),
        effective_on=effective_on,
        effective_at=start_of(effective_on),
        waiting_days=take("waitingDays", cells.waiting_days),
        channel=take("channel", cells.channel),
        advance_limit=take("advanceLimit", cells.amount),
        holder=_person(first, HOLDER, known.today),
        insured=tuple(_person(line, INSURED, known.today) for line in policy),
        is_demo=is_demo,
    )


def _person(line: Line, columns: Mapping[str, str], today: dt.date) -> PersonDraft:
    take: Callable[..., Any] = line.take
    id_type = take(columns["idType"], partial(word, words=ID_TYPES))
    return PersonDraft(
        name=take(columns["name"], cells.name),
        gender=take(columns["gender"], partial(word, words=GENDERS)),
        birth_on=take(columns["birthOn"], partial(cells.birth_on, today=today)),
        phone=take(columns["phone"], cells.phone),
        id_type=id_type,
        id_number=take(columns["idNumber"], partial(cells.id_number, kind=id_type or "OTHER")),
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


CATALOGUE = """
select product.code,
  array(select code from plans where product_code = product.code order by position) as plans,
  array(select code from riders where product_code = product.code order by position) as riders
from products as product order by product.position
"""


async def _known(connection: Any, today: dt.date) -> Known:
    products = await connection.fetch(CATALOGUE)
    return Known(
        plans={row["code"]: row["plans"] for row in products},
        riders={row["code"]: row["riders"] for row in products},
        today=today,
    )
