"""The rules as their handbooks state them, asked one by one."""

from dataclasses import replace

from gateway.validation.facts import Facts
from gateway.validation.operations import OPERATIONS
from gateway.validation.rule import Rule
from gateway.validation.rulebook import Rulebook
from gateway.validation.verdict import Verdict
from seeds.files import product_files
from seeds.format.rules import RuleRow

ROWS = {row.id: row for file in product_files() for row in file.rules}


def rule_of(row: RuleRow) -> Rule:
    return Rule(
        code=row.id,
        product=row.id.partition("-")[0],
        position=0,
        kind=row.kind.value,
        service=row.service,
        parameters=row.parameters,
        operations=frozenset(row.operations),
        checks=frozenset(row.checks),
    )


RULES = {code: rule_of(row) for code, row in ROWS.items()}


def asked(code: str, check: str, facts: Facts, **others: object) -> Verdict:
    """What a check of a rule says of a case: in its operation, or in the first one in which the rule asks it. `others`
    are numbers in place of those of the rule, which is another rule then, without a code."""
    rule = RULES[code]
    if others:
        rule = replace(rule, code="", parameters={**rule.parameters, **others})
    operations = operations_of(code, check)
    case = replace(
        facts,
        operation=facts.operation if facts.operation in operations else operations[0],
        product=rule.product,
        service=rule.service or facts.service,
    )
    [verdict] = [found for found in Rulebook([rule]).check(case) if found.check == check]
    return verdict


def operations_of(code: str, check: str) -> list[str]:
    return [name for name in ROWS[code].operations if check in {item.__name__ for item in OPERATIONS.get(name, ())}]
