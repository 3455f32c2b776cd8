"""Rules, and the texts of their checks."""

from enum import StrEnum
from typing import Any

from pydantic import Field, model_validator

from seeds.format.shape import Shape, Text


class Kind(StrEnum):
    HARD = "HARD"
    SOFT = "SOFT"
    CONSEQUENCE = "CONSEQUENCE"
    SLA = "SLA"
    DISCLOSURE = "DISCLOSURE"
    FLOW = "FLOW"
    DATA = "DATA"


class Account(StrEnum):
    """How the gateway accounts for a rule."""

    ENFORCED = "ENFORCED"  # a check of the validation module or a lifecycle edge upholds it
    DATA = "DATA"  # carried as data that the API answers
    DISCLOSED = "DISCLOSED"  # shown to the client, and acknowledged where an operation demands it
    TIMED = "TIMED"  # a clock or a reminder runs it
    NOT_FOR_SOFTWARE = "NOT_FOR_SOFTWARE"  # nothing a gateway could do; `accountNote` says why
    PENDING = "PENDING"  # its service is not built yet


class Clause(Shape):
    section: Text
    item: str | None = None  # the printed number inside the section, such as "③" or "2)"
    lines: str  # lines of the handbook's text file, such as "L66,L68"


class RuleTexts(Shape):
    """Templates of what a client reads; {names} are filled with the actual values of the verdict."""

    refused: Text | None = None
    warned: Text | None = None
    unknown: Text | None = None
    remedy: Text | None = None


class RuleRow(Shape):
    id: str = Field(pattern=r"^(ZYB|ZAWX|CY23|VAS|CY26)-[A-Z]+-\d{2}$")
    kind: Kind
    service: str | None = None  # a ServiceKind, or null when it governs the whole product
    clause: Clause
    statement: Text
    reading: Text | None = None  # how an ambiguity was read, and why
    parameters: dict[str, Any] = {}
    operations: list[str] = []  # API names of the mutations and queries that it governs
    same_as: list[str] = []
    account: Account
    account_note: Text | None = None
    checks: list[str] = []  # functions of gateway.validation.rules
    texts: RuleTexts = RuleTexts()

    @model_validator(mode="after")
    def is_accounted_for(self) -> "RuleRow":
        if self.account is Account.NOT_FOR_SOFTWARE and self.account_note is None:
            raise ValueError(f"{self.id}: NOT_FOR_SOFTWARE needs accountNote, the reason")
        if self.checks and self.account is not Account.ENFORCED:
            raise ValueError(f"{self.id}: has checks, so account must be ENFORCED")
        return self


class CheckTexts(RuleTexts):
    """Texts of a check, for rules that have several checks and none of their own for this one."""

    passed: Text | None = None
    overridden: Text | None = None  # by the hotline, for one request
