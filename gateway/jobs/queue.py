"""The queue's library, over our own schema and names."""

from typing import Any

from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.adapters.persistence.queries import Queries

from gateway.postgres.queue import names

DELIVER = "deliver"


def queries(driver: Any) -> Queries:
    known = names()
    return Queries(driver, QueryBuilderEnvironment(known), QueryQueueBuilder(known), QuerySchedulerBuilder(known))
