"""Plans: a query operation as one SQL statement, made once for all requests of the same shape."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode, OperationType
from sqlalchemy import Text, cast, func, select

from gateway.auth.visibility import Sight
from gateway.execution.coercers import Coercer, Doubt, coercer
from gateway.execution.documents import Document
from gateway.execution.forms import Scope
from gateway.execution.parameters import Call, Produce, Recorder, Shape
from gateway.execution.planner import Planner
from gateway.execution.selections import Selections, Unplannable
from gateway.faults import Fault
from gateway.postgres.statements import compile_

CACHED = 1_000
Shapes = tuple[tuple[str, Shape], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement and where its parameters come from. It holds no value of any variable or viewer."""

    sql: str
    kinds: Sequence[str]
    producers: Sequence[Produce]
    checks: Sequence[Produce]

    def bind(self, call: Call) -> list[Any]:
        for check in self.checks:
            check(call)
        return [produce(call) for produce in self.producers]


@dataclass(frozen=True, slots=True)
class Bound:
    """A plan with the values of one request."""

    plan: Plan
    arguments: Sequence[Any]


class Plans:
    """A bounded memory of plans."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: OrderedDict[Any, Plan | None] = OrderedDict()

    def find(
        self, document: Document, operation: OperationDefinitionNode, variables: Mapping[str, Any], context: Any
    ) -> Bound | None:
        """The plan of a query for one request; none where only the plain executor can answer, or refuse."""
        if operation.operation is not OperationType.QUERY:
            return None
        name = None if operation.name is None else operation.name.value
        coercer = self._coercer(document, operation, name)
        try:
            values = coercer.coerced(variables)
            plan = self._plan(document, operation, name, coercer.shapes(values), context)
            return None if plan is None else Bound(plan, plan.bind(Call(values, context)))
        except (Doubt, Fault):
            return None

    def _coercer(self, document: Document, operation: OperationDefinitionNode, name: str | None) -> Coercer:
        found = document.coercers.get(name)
        if found is None:
            found = document.coercers[name] = coercer(self._schema, operation)
        return found

    def _plan(
        self, document: Document, operation: OperationDefinitionNode, name: str | None, shapes: Shapes, context: Any
    ) -> Plan | None:
        viewer = context.viewer
        key = (document.key, name, viewer.kind.value, viewer.scopes, viewer.is_cut, context.language, shapes)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        try:
            plan = self._make(document, operation, dict(shapes), context)
        except Unplannable:
            plan = None
        self._known[key] = plan
        if len(self._known) > CACHED:
            self._known.popitem(last=False)
        return plan

    def _make(
        self, document: Document, operation: OperationDefinitionNode, shapes: Mapping[str, Shape], context: Any
    ) -> Plan:
        recorder = Recorder()
        fragments = {
            item.name.value: item for item in document.node.definitions if isinstance(item, FragmentDefinitionNode)
        }
        planner = Planner(
            Selections(self._schema, fragments, shapes, recorder),
            recorder,
            _scope(recorder, context.viewer.kind, context.viewer.is_cut, context.language),
            context.viewer.scopes,
        )
        query: Any = self._schema.query_type
        return _compiled(recorder, planner.object(query, [operation.selection_set], None))


def _scope(recorder: Recorder, kind: Any, is_cut: bool, language: str) -> Scope:
    sight = Sight(
        kind, is_cut, lambda type_, read: recorder.bind(type_, lambda call: read(call.context.viewer), read, str(type_))
    )
    return Scope(sight, language, lambda type_, read: recorder.bind(type_, lambda call: read(call.context)))


def _compiled(recorder: Recorder, answer: Any) -> Plan:
    """The statement gives bytes, which go to the client as they are."""
    compiled = compile_(select(func.convert_to(cast(answer, Text), "UTF8")))
    producers = [recorder.producers[name] for name in compiled.names]
    return Plan(compiled.sql, compiled.kinds, producers, tuple(recorder.checks))
