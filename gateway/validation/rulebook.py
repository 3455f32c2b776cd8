"""The rulebook: the checks of each operation, joined with each product's numbers."""

from collections.abc import Iterable, Mapping

from gateway.validation.facts import Facts
from gateway.validation.operations import OPERATIONS
from gateway.validation.rule import Check, Rule
from gateway.validation.verdict import Verdict

PART_OF: Mapping[str, str] = {
    "GROWTH_ASSESSMENT": "HEALTH_RECORD",
    "HEALTH_RECORD": "FAMILY_DOCTOR",
    "VACCINATION_REMINDER": "HEALTH_RECORD",
}
"""Service → the service that it is a part of, whose rules govern it as well."""


class Rulebook:
    """All rules of all products, ready to be asked. `version` is what a stored decision cites."""

    def __init__(self, rules: Iterable[Rule], version: str = "") -> None:
        self.rules = {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.position)}
        self.version = version
        self._governing: dict[tuple[str, str, str], tuple[tuple[Rule, Check], ...]] = {}
        self._of: dict[tuple[str, str], tuple[Rule, ...]] = {}

    def check(self, facts: Facts) -> list[Verdict]:
        """Every rule that governs the operation for this product and service, in handbook order."""
        governing = self.governing(facts.operation, facts.product, facts.service)
        return [check(rule, facts).by(check.__name__) for rule, check in governing]

    def of(self, product: str, service: str) -> tuple[Rule, ...]:
        """Rules of a service of a product, those that govern the whole product included."""
        found = self._of.get((product, service))
        if found is None:
            rules = self.rules.values()
            found = tuple(rule for rule in rules if rule.product == product and rule.service in (None, service))
            self._of[product, service] = found
        return found

    def governing(self, operation: str, product: str, service: str) -> tuple[tuple[Rule, Check], ...]:
        found = self._governing.get((operation, product, service))
        if found is None:
            found = tuple(self._find(operation, product, service))
            self._governing[operation, product, service] = found
        return found

    def _find(self, operation: str, product: str, service: str) -> Iterable[tuple[Rule, Check]]:
        services = {None, service, PART_OF.get(service)}
        for rule in self.rules.values():
            if rule.product != product or operation not in rule.operations or rule.service not in services:
                continue
            for check in OPERATIONS.get(operation, ()):
                if check.__name__ in rule.checks:
                    yield rule, check
