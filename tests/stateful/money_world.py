"""Claims, direct claims, advances and what hangs on them, in one life; and what a random person says about them."""

import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import STAFF_ROLES, VENDOR_LIMIT, Viewer, ViewerKind
from gateway.execution import ids
from gateway.repositories.policies import policy_id
from tests.stateful.looking import Eyes
from tests.support import advances, claims, direct_claims, preauths
from tests.support.client import Client, Gateway, new_key

PREFIXES = {"claims": "claim", "advances": "adv", "bills": "bill", "appeals": "appeal", "repayments": "repay"}
PREFIXES |= {"guarantee_letters": "letter"}
JUDGES = ("adjuster", "second adjuster", "supervisor", "second supervisor")
PAPERS = (*advances.FOR_REVIEW, *advances.FOR_CLAIM)


def amount(dice: random.Random, most: Decimal) -> str:
    """Up to `most`, often all of it, with odd cents; now and then a cent too much."""
    kind = dice.random()
    if kind < 0.3:
        return str(most)
    if kind < 0.38:
        return str(most + Decimal("0.01"))
    return str(Decimal(dice.randint(1, max(1, int(most * 100)))) / 100)


@dataclass
class Treasury:
    gateway: Gateway
    eyes: Eyes
    numbers: dict[str, str] = field(default_factory=dict[str, str])
    callers: dict[str, Client] = field(default_factory=dict[str, Client])
    direct: direct_claims.Visit | None = None
    authorized: preauths.Case | None = None

    def number(self, product: str) -> str:
        if product not in self.numbers:
            made = claims.policy(self.gateway) if product == "CY26" else advances.policy(self.gateway, product)
            self.numbers[product] = made
        return self.numbers[product]

    def visit(self) -> direct_claims.Visit:
        if self.direct is None:
            self.direct = direct_claims.begin(self.gateway, "CY23")
            self.numbers["CY23"] = self.direct.number
        return self.direct

    def authorization(self) -> preauths.Case:
        """One that was granted, with its letter."""
        if self.authorized is None:
            self.authorized = preauths.begin(self.gateway)
            self.authorized.approve()
            self.numbers["authorized"] = self.authorized.number
        return self.authorized

    def claim_on_letter(self, dice: random.Random) -> None:
        """A direct claim under it; several come to more than the letter promises."""
        asked = Decimal(dice.randint(100_000, 700_000)) / 100
        preauths.itemize(self.gateway, self.authorization().claim(asked_amount=asked))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Of this life's policies, each with the id that clients know."""
        found = self.eyes.rows(f"select * from {table} where policy_id = any($1) order by id", self.policies)
        return [row | {"gid": ids.encode(PREFIXES[table], row["policy_id"], row["id"])} for row in found]

    @property
    def policies(self) -> list[Any]:
        return [policy_id(number) for number in self.numbers.values()]

    # Who sends

    def customer(self, row: dict[str, Any]) -> Client:
        (number,) = [number for number in self.numbers.values() if policy_id(number) == row["policy_id"]]
        return self._caller(f"customer {number}", lambda: self.gateway.customer(number))

    def vendor(self, row: dict[str, Any]) -> Client:
        code = row["vendor_code"] or "WINDSTONE"
        return self._caller(f"vendor {code}", lambda: self.gateway.vendor(code, *VENDOR_LIMIT))

    def judge(self, name: str) -> Client:
        """The second of a role is another person."""
        role = name.rsplit(" ", maxsplit=1)[-1]
        viewer = Viewer(ViewerKind.STAFF, f"staff:{name}", role, frozenset(STAFF_ROLES[role]), role=role)
        return self._caller(name, lambda: self.gateway.client(viewer))

    def _caller(self, name: str, make: Any) -> Client:
        if name not in self.callers:
            self.callers[name] = make()
        return self.callers[name]

    # What is said

    def claim(self, dice: random.Random) -> dict[str, Any]:
        parts = [Decimal(dice.randint(1, 300_000)) / 100 for _ in range(dice.randint(1, 3))]
        lines = [{"category": "DRUG", "name": f"line {at}", "amount": str(part)} for at, part in enumerate(parts)]
        visits = [claims.visit(amount=str(sum(parts)), lines=lines)]
        return claims.request(self.gateway, self.number("CY26"), visits=visits)

    def direct_claim(self, dice: random.Random) -> dict[str, Any]:
        parts = [Decimal(dice.randint(1, 90_000)) / 100 for _ in range(dice.randint(1, 3))]
        lines = [direct_claims.LINE | {"amount": str(part)} for part in parts]
        return {"idempotencyKey": new_key()} | self.visit().request(lines=lines)

    def advance(self, product: str, dice: random.Random) -> dict[str, Any]:
        asked = Decimal(dice.randint(100_000, 3_000_000)) / 100
        stay = {"requestedAmount": str(asked), "admittedOn": f"2026-03-0{dice.randint(1, 5)}"}
        return advances.request(self.gateway, self.number(product), product, **stay)

    def paid_advance(self, product: str, dice: random.Random, **changes: Any) -> advances.Case:
        """One whose first payment has been made: so far nothing is left to chance but the amount."""
        asked = {"requestedAmount": str(Decimal(dice.randint(100_000, 3_000_000)) / 100)}
        return advances.begin(self.gateway, product, number=self.number(product), **asked | changes).go_to("PAID")

    def settled_advance(self, product: str, dice: random.Random) -> None:
        """One whose claim grants anything, and that is settled accordingly."""
        case = self.paid_advance(product, dice, admittedOn="2026-03-07")
        claim = claims.Case(self.gateway, case.number, case.file("35000.00")["claims"][0]["id"])
        claim.decide(deductible=str(Decimal(dice.randint(0, 3_500_000)) / 100))
        case.take("adjuster", "advanceSettle")

    def rulings(self, claim: dict[str, Any], dice: random.Random) -> dict[str, Any]:
        """A ruling for every line; what is taken off is now and then more than there is."""
        lines = self.eyes.rows(
            "select position, asked from claim_lines where policy_id = $1 and claim_id = $2 order by position",
            claim["policy_id"],
            claim["id"],
        )
        return {"lines": [_ruling(line, dice) for line in lines], "reason": "as the terms say"}

    def paper(self, row: dict[str, Any], kind: str) -> dict[str, Any]:
        (number,) = [number for number in self.numbers.values() if policy_id(number) == row["policy_id"]]
        return advances.paper(self.gateway, number, kind)


def _ruling(line: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    made: dict[str, Any] = {"position": line["position"], "reason": "as the terms say"}
    left = line["asked"]
    for part in ("excluded", "other", "deductible"):
        if dice.random() < 0.4:
            made[part] = amount(dice, left if dice.random() < 0.3 else left / 4)
            made[part] = str(Decimal(made[part]).quantize(Decimal("0.01")))
            left = max(left - Decimal(made[part]), Decimal("0.01"))
    if dice.random() < 0.4:
        made |= {"copayPercent": dice.choice(("10", "33.33", "100"))} if dice.random() < 0.6 else {"copay": "0.01"}
    return made
