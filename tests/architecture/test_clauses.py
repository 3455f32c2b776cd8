"""Every rule cites the place where its handbook states it.

The places stand here a second time, as they were looked up in the handbooks: whoever moves a rule to another clause has
looked there again and says so in both.
"""

import csv
from pathlib import Path

from seeds.files import product_files

LOOKED_UP = Path(__file__).parents[1] / "handbooks" / "clauses.csv"


def test_every_rule_cites_the_clause_that_was_looked_up() -> None:
    with LOOKED_UP.open(encoding="utf-8", newline="") as file:
        expected = {row[0]: row[1:] for row in list(csv.reader(file))[1:]}
    cited = {
        rule.id: [rule.kind, rule.clause.section.zh, rule.clause.item or "", rule.clause.lines]
        for product in product_files()
        for rule in product.rules
    }
    assert cited == expected
