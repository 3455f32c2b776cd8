"""A walk through a service: real requests, their answers, and the page that tells of them.

What changes from run to run (ids, keys, numbers) becomes a placeholder, so that the same walk writes the same page.
"""

import datetime as dt
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import parse, print_ast

from gateway.auth.viewer import VENDOR_LIMIT, Viewer, ViewerKind
from gateway.jobs.house import House
from tests.jobs.house import with_clockwork
from tests.support.client import Client, Gateway, new_key
from tests.support.escorts import NOW, add_paper, person, register
from tests.support.mutations import input_of
from tests.support.visits import CLINIC

WIDTH = 100
ORDER = "booking { id number status availableActions }"
RATED = "booking { status rating { score comment } }"
SEEN = "query ($id: ID!) { node(id: $id) { ... on Booking { %s } } }"
REFUSED = "refusals { message remedy passesFrom inputPath rule { code clause { handbook section item } } }"
AGREED = "refusals { message }"
GRANTED = "query ($number: String!) { policy(number: $number) { entitlements { service remaining usableFrom } } }"
ID = re.compile(r"\b([a-z]+)_[0-9a-f]{32}(?:[0-9a-f]{32})?\b")
NUMBER = re.compile(r"\b([A-Z]{2,3}\d{8})[0-9A-Z]{8}\b")
BLOCK = re.compile(r"^([^\n]*)\{\n((?:(?![^\n]*\{ ?$)(?! *\}$)[^\n]*\n)+) *\}$", re.MULTILINE)
VENDORS = {
    "ZYB": "HUANQIU",
    "ZAWX": "QITAI",
    "VAS": "VAS-SERVICE",
    "CY23": "WINDSTONE",
    "CY26": "JDHEALTH",
}
PLACES = {"hospital": "DEMO-SH-001", "clinic": CLINIC}
STAFF = {"adjuster": "an adjuster", "supervisor": "a supervisor", "hotline": "somebody at the hotline"}
CALLERS = {
    "customer": "the client",
    "vendor": "the vendor",
    "hospital": "the hospital",
    "clinic": "the clinic",
    **STAFF,
}
FOOT = "*Written from real answers by `tests/walks`; `make walks` writes it anew.*"


@dataclass(frozen=True)
class Description:
    """What a page is about, and the steps that lead through it."""

    page: str
    title: str
    product: str
    services: frozenset[str]
    terms: Mapping[str, Any]
    steps: Callable[["Walk"], None]
    refuses: bool = True  # whether the handbook refuses anything here

    @property
    def about(self) -> str:
        return " ".join((self.steps.__doc__ or "").split())

    def write(self, gateway: Gateway) -> str:
        walk = Walk.begin(gateway, self)
        self.steps(walk)
        return walk.page()


WALKS: list[Description] = []


def walk(
    page: str, title: str, product: str, *services: str, refuses: bool = True, **terms: Any
) -> Callable[..., Callable[["Walk"], None]]:
    """The steps of a page; the first words of it are the docstring. `terms` are those of the policy."""

    def note(steps: Callable[["Walk"], None]) -> Callable[["Walk"], None]:
        WALKS.append(Description(page, title, product, frozenset(services), terms, steps, refuses))
        return steps

    return note


@dataclass(frozen=True)
class Step:
    """A request and its answer, as they were."""

    says: str
    who: str
    now: str
    document: str
    variables: Mapping[str, Any]
    data: Mapping[str, Any]


@dataclass
class Walk:
    gateway: Gateway
    description: Description
    number: str
    id_number: str
    now: str = NOW
    known: dict[str, str] = field(default_factory=dict)
    parts: list[Step | str] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)

    @classmethod
    def begin(cls, gateway: Gateway, description: Description) -> "Walk":
        product, id_number = description.product, f"P{new_key()[:8]}"
        terms = dict(description.terms)
        insured = [person(idNumber=id_number, **terms.pop("who", {}))]
        made = cls(gateway, description, register(gateway, product, insured=insured, **terms), id_number)
        made.hide(made.number, f"{product}-EXAMPLE").hide(id_number, "P00000000")
        return made

    def hide(self, found: str, placeholder: str) -> "Walk":
        """What stands on the page in the place of something that no two runs share."""
        self.known[found] = placeholder
        return self

    # Steps

    def ask(self, who: str, says: str, document: str, **variables: Any) -> dict[str, Any]:
        """A query, its variables and its answer."""
        data = self._client(who).ask(document, **variables).data
        self.parts.append(Step(says, CALLERS[who], self.now, document, variables, data))
        return data

    def begins(self) -> None:
        """What a client asks first."""
        self.ask("customer", "What the policy grants, and from when", GRANTED, number=self.number)

    def send(
        self, who: str, says: str, mutation: str, shows: str = "booking { number status }", **given: Any
    ) -> dict[str, Any]:
        """A mutation that is agreed to; its payload."""
        payload = self._send(who, says, mutation, f"{AGREED} {shows}", given)
        assert payload["refusals"] == [], payload["refusals"]
        return payload

    def refused(self, who: str, says: str, mutation: str, *codes: str, **given: Any) -> None:
        """A mutation that exactly these rules refuse."""
        payload = self._send(who, says, mutation, REFUSED, given)
        found = {refusal["rule"]["code"] for refusal in payload["refusals"]}
        assert found == set(codes), found

    def tried(self, who: str, says: str, mutation: str, shows: str = "booking { status }", **given: Any) -> None:
        """A dry run that says yes."""
        verdicts = "verdicts { status rule { code } }"
        payload = self._send(who, says, mutation, f"isDryRun {AGREED} {shows} {verdicts}", given, dry_run=True)
        assert payload["refusals"] == [], payload["refusals"]

    def warned(self, who: str, says: str, mutation: str, *codes: str, **given: Any) -> None:
        """A dry run that says yes, and what these rules have to say besides."""
        verdicts = "verdicts { status message remedy inputPath rule { code } }"
        payload = self._send(who, says, mutation, f"{AGREED} {verdicts}", given, dry_run=True)
        found = {verdict["rule"]["code"] for verdict in payload["verdicts"] if verdict["status"] == "WARNED"}
        assert (payload["refusals"], found) == ([], set(codes)), payload

    def failed(self, who: str, says: str, mutation: str, *path: str, **given: Any) -> None:
        """A mutation that no rule refuses and that cannot be: the error says where and why."""
        document, variables = self._written(mutation, REFUSED, given)
        error = self._client(who).ask(document, **variables).error
        told = {name: error["extensions"][name] for name in ("code", "inputPath")}
        assert told == {"code": "BAD_USER_INPUT", "inputPath": list(path)}, error
        shown = {"errors": [{"message": error["message"], "extensions": told}]}
        self.parts.append(Step(says, CALLERS[who], self.now, document, variables, shown))

    def rated(self, booking: str) -> None:
        self.send("customer", "The client rates it", "bookingRate", RATED, booking=booking, score=5)

    def paper(self, kind: str, issued_on: str | None = None) -> str:
        """A paper that the client has uploaded; its id."""
        return add_paper(self.gateway, self.number, kind, issued_on)

    def papers(self, *kinds: str) -> list[dict[str, str]]:
        return [{"kind": kind, "document": self.paper(kind)} for kind in kinds]

    def at(self, now: str) -> "Walk":
        """The clock of the steps that follow."""
        self.now = now
        return self

    def timer(self, timer: Callable[[House], Awaitable[int]], now: str, words: str) -> "Walk":
        """What happens by itself at an hour, from which the steps go on."""

        async def once(works: Any) -> int:
            return await timer(House(works.services, dt.datetime.fromisoformat(now), with_rehearsals=True))

        assert with_clockwork(self.gateway, once), "the timer found nothing to do"
        return self.at(now).tell(f"*{words}*")

    def tell(self, words: str) -> "Walk":
        self.parts.append(words)
        return self

    # Behind the steps

    def _send(
        self, who: str, says: str, mutation: str, shows: str, given: Mapping[str, Any], *, dry_run: bool = False
    ) -> dict[str, Any]:
        document, variables = self._written(mutation, shows, given, dry_run=dry_run)
        return self.ask(who, says, document, **variables)[mutation]

    def _written(
        self, mutation: str, shows: str, given: Mapping[str, Any], *, dry_run: bool = False
    ) -> tuple[str, dict[str, Any]]:
        key = new_key()
        steps = sum(isinstance(part, Step) for part in self.parts)
        self.hide(key, f"{self.description.page}-{steps + 1}")
        arguments = "input: $input, dryRun: true" if dry_run else "input: $input"
        document = f"mutation ($input: {input_of(mutation).name}!) {{ {mutation}({arguments}) {{ {shows} }} }}"
        return document, {"input": {"idempotencyKey": key} | dict(given)}

    def _client(self, who: str) -> Client:
        if who == "customer":
            return self.gateway.customer(self.number).at(self.now)
        if who in STAFF:
            return self.gateway.staff(who).at(self.now)
        return self._partner(who).at(self.now)

    def _partner(self, who: str) -> Client:
        """The vendor, or a hospital by a token of the vendor that is bound to it."""
        code = "CY26-ADVANCE" if who == "vendor" and self.description.page == "advance" else None
        vendor = code or VENDORS[self.description.product]
        bound = {"hospitals": (PLACES[who],)} if who in PLACES else {}
        return self.gateway.client(
            Viewer(ViewerKind.VENDOR, f"vendor:{vendor}", vendor, frozenset(VENDOR_LIMIT), vendor=vendor, **bound)
        )

    def page(self) -> str:
        shown = [f"# {self.description.title}", self.description.about]
        steps = 0
        for part in self.parts:
            steps += isinstance(part, Step)
            shown.append(self._settled(part) if isinstance(part, str) else self._told(steps, part))
        return "\n\n".join([*shown, FOOT]) + "\n"

    def _told(self, place: int, step: Step) -> str:
        told = [f"## {place}. {step.says}", f"By {step.who}, {step.now[:16].replace('T', ' ')}."]
        told.append(f"```graphql\n{compact(self._settled(print_ast(parse(step.document))))}\n```")
        if step.variables:
            told.append(f"Variables:\n\n```json\n{self._laid_out(step.variables)}\n```")
        told.append(f"Answer:\n\n```json\n{self._laid_out(step.data)}\n```")
        return "\n\n".join(told)

    def _laid_out(self, value: Any) -> str:
        return laid_out(orjson.loads(self._settled(orjson.dumps(value).decode())))

    def _settled(self, text: str) -> str:
        for found, placeholder in self.known.items():
            text = text.replace(found, placeholder)
        return NUMBER.sub(r"\1EXAMPLE", ID.sub(self._numbered, text))

    def _numbered(self, match: re.Match[str]) -> str:
        count = sum(name.startswith(f"{match[1]}_") for name in self.seen.values())
        return self.seen.setdefault(match[0], f"{match[1]}_example{count + 1}")


def compact(document: str) -> str:
    """GraphQL for readers: a selection that fits on a line stands on one."""

    def joined(block: re.Match[str]) -> str:
        line = f"{block[1]}{{ {' '.join(block[2].split())} }}"
        return line if len(line) <= WIDTH else block[0].replace("{\n", "{ \n", 1)

    while (shorter := BLOCK.sub(joined, document)) != document:
        document = shorter
    return document.replace("{ \n", "{\n")


def laid_out(value: Any, indent: int = 0) -> str:
    """JSON for readers: whatever fits on a line stands on one."""
    flat = orjson.dumps(value).decode() if not isinstance(value, (dict, list)) else _flat(value)
    if len(flat) + indent <= WIDTH or not isinstance(value, (dict, list)):
        return flat
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        lines = [f'{inner}"{name}": {laid_out(item, indent + 2)}' for name, item in value.items()]
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(inner + laid_out(item, indent + 2) for item in value) + "\n" + " " * indent + "]"


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f'"{name}": {_flat(item)}' for name, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_flat(item) for item in value)}]"
    return orjson.dumps(value).decode()
