"""A walk through a service: real requests, their answers, and the page that tells of them.

What changes from run to run (ids, keys, numbers) becomes a placeholder, so that the same walk writes the same page.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import parse, print_ast

from gateway.auth.viewer import VENDOR_LIMIT, Viewer, ViewerKind
from tests.support import papers
from tests.support.client import Client, Gateway, new_key
from tests.support.escorts import NOW, person, register
from tests.support.mutations import input_of

WIDTH = 100
REFUSED = "refusals { message remedy passesFrom inputPath rule { code clause { handbook section item } } }"
AGREED = "refusals { message }"
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
STAFF = {"adjuster": "an adjuster", "supervisor": "a supervisor", "hotline": "somebody at the hotline"}
CALLERS = {"customer": "the client", "vendor": "the vendor", "hospital": "the hospital", **STAFF}
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

    @property
    def about(self) -> str:
        return " ".join((self.steps.__doc__ or "").split())

    def write(self, gateway: Gateway) -> str:
        walk = Walk.begin(gateway, self)
        self.steps(walk)
        return walk.page()


WALKS: list[Description] = []


def walk(page: str, title: str, product: str, *services: str, **terms: Any) -> Callable[..., Callable[["Walk"], None]]:
    """The steps of a page; the first words of it are the docstring. `terms` are those of the policy."""

    def note(steps: Callable[["Walk"], None]) -> Callable[["Walk"], None]:
        WALKS.append(Description(page, title, product, frozenset(services), terms, steps))
        return steps

    return note


@dataclass
class Walk:
    gateway: Gateway
    description: Description
    number: str
    id_number: str
    now: str = NOW
    known: dict[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)

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
        self._note(who, says, document, variables, data)
        return data

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

    def paper(self, kind: str, **changes: Any) -> str:
        """A paper that the client has uploaded; its id."""
        return papers.upload(self._client("customer"), self.number, papers.picture(), kind=kind, **changes)

    def papers(self, *kinds: str) -> list[dict[str, str]]:
        return [{"kind": kind, "document": self.paper(kind)} for kind in kinds]

    def at(self, now: str) -> "Walk":
        """The clock of the steps that follow."""
        self.now = now
        return self

    def tell(self, words: str) -> "Walk":
        self.parts.append(words)
        return self

    # Behind the steps

    def _send(
        self, who: str, says: str, mutation: str, shows: str, given: Mapping[str, Any], *, dry_run: bool = False
    ) -> dict[str, Any]:
        key = new_key()
        self.hide(key, f"{self.description.page}-{len(self.parts) + 1}")
        arguments = "input: $input, dryRun: true" if dry_run else "input: $input"
        document = f"mutation ($input: {input_of(mutation).name}!) {{ {mutation}({arguments}) {{ {shows} }} }}"
        return self.ask(who, says, document, input={"idempotencyKey": key} | dict(given))[mutation]

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
        bound = {"hospitals": ("DEMO-SH-001",)} if who == "hospital" else {}
        return self.gateway.client(
            Viewer(ViewerKind.VENDOR, f"vendor:{vendor}", vendor, frozenset(VENDOR_LIMIT), vendor=vendor, **bound)
        )

    def _note(self, who: str, says: str, document: str, variables: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        step = sum(part.startswith("## ") for part in self.parts) + 1
        clock = self.now[:16].replace("T", " ")
        shown = [f"## {step}. {says}", f"By {CALLERS[who]}, {clock}."]
        shown.append(f"```graphql\n{compact(print_ast(parse(document)))}\n```")
        if variables:
            shown.append(f"Variables:\n\n```json\n{laid_out(variables)}\n```")
        shown.append(f"Answer:\n\n```json\n{laid_out(data)}\n```")
        self.parts.append("\n\n".join(shown))

    def page(self) -> str:
        head = f"# {self.description.title}\n\n{self.description.about}"
        return self._settled("\n\n".join([head, *self.parts, FOOT])) + "\n"

    def _settled(self, text: str) -> str:
        for found, placeholder in self.known.items():
            text = text.replace(found, placeholder)
        seen: dict[str, str] = {}

        def numbered(match: re.Match[str]) -> str:
            count = sum(name.startswith(f"{match[1]}_") for name in seen.values())
            return seen.setdefault(match[0], f"{match[1]}_example{count + 1}")

        return NUMBER.sub(r"\1EXAMPLE", ID.sub(numbered, text))


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
