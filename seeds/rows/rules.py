"""Rows of the rules."""

from models.base import derived_id
from models.rules import CheckText, Rule
from seeds import files
from seeds.format import rules
from seeds.rows.part import Part, Row, both, given_texts


def of_rules() -> list[Part]:
    rows = [(file.product.code, rule) for file in files.product_files() for rule in file.rules]
    texts = [{"check": check, "texts": given_texts(text)} for check, text in files.check_texts().items()]
    return [
        Part(Rule, [_rule(product, position, rule) for position, (product, rule) in enumerate(rows, 1)]),
        Part(CheckText, texts),
    ]


def _rule(product: str, position: int, rule: rules.RuleRow) -> Row:
    return {
        "code": rule.id,
        "id": derived_id("rule", rule.id),
        "position": position,
        "product_code": product,
        **rule.model_dump(include={"kind", "service", "parameters", "operations", "same_as", "account", "checks"}),
        **both("section", rule.clause.section),
        "item": rule.clause.item,
        "lines": rule.clause.lines,
        **both("statement", rule.statement),
        **both("reading", rule.reading),
        **both("account_note", rule.account_note),
        "texts": given_texts(rule.texts),
    }
