"""No table that tells of a policy is read without saying who sees it."""

import gateway.schema as api
from gateway.auth.visibility import PRIVATE, STAFF_ONLY
from gateway.execution.sources import SOURCES

OPEN = {"expert_slots"}
"""Times of experts are for everybody; whose they are, no field tells."""
COMPUTED = {"benefits", "work"}
"""No tables of their own: selects of private ones, with a rule for vendors of their own (none for benefits)."""


def test_every_table_of_policies_that_the_api_reads_has_its_predicate() -> None:
    assert api.schema
    tables = [source.table for source in SOURCES.values() if source.table is not None]
    of_policies = {table.__tablename__ for table in tables if "policy_id" in table.__table__.columns}
    assert of_policies > {"bookings", "drug_order_details"}
    assert of_policies - set(PRIVATE) - STAFF_ONLY - OPEN - COMPUTED == set()
