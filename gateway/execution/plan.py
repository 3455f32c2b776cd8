"""Plans: a query operation as one SQL statement, made once for all requests of the same shape."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode, OperationType
from graphql.execution.values import VariableValues, get_variable_values
from sqlalchemy import Text, cast, func, select

from gateway.auth.sight import READERS, Setting, Sight
from gateway.auth.viewer import Viewer, ViewerKind
from gateway.auth.visibility import is_private
from gateway.execution.documents import Document
from gateway.execution.forms import Scope
from gateway.execution.parameters import Call, Produce, Recorder, Shape, shape_of
from gateway.execution.planner import Planner
from gateway.execution.selections import Selections, Unplannable
from gateway.faults import Fault
from gateway.postgres.session import opened
from gateway.postgres.statements import compile_

CACHED = 1_000


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
        values = get_variable_values(self._schema, operation.variable_definitions or (), dict(variables), 1)
        if not isinstance(values, VariableValues):
            return None
        plan = self._plan(document, operation, _shapes(values), context)
        if plan is None:
            return None
        try:
            return Bound(plan, plan.bind(Call(values.coerced, context)))
        except Fault:
            return None

    def _plan(
        self, document: Document, operation: OperationDefinitionNode, shapes: Mapping[str, Shape], context: Any
    ) -> Plan | None:
        viewer = context.viewer
        sees = (viewer.is_cut, viewer.has_one_policy)
        name = None if operation.name is None else operation.name.value
        key = (document.key, name, viewer.kind, viewer.scopes, sees, context.language, tuple(shapes.items()))
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        try:
            plan = self._make(document, operation, shapes, context)
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
            _scope(recorder, context.viewer, context.language),
            context.viewer.scopes,
        )
        query: Any = self._schema.query_type
        return _compiled(recorder, planner.object(query, [operation.selection_set], None), context.viewer.kind)


def _scope(recorder: Recorder, viewer: Viewer, language: str) -> Scope:
    """What a plan knows of the one who asks: no value, but the kind of viewer, and which values there will be."""
    sight = Sight(
        viewer.kind,
        viewer.is_cut,
        lambda type_, read: recorder.bind(type_, lambda call: read(call.context.viewer), read, str(type_)),
        viewer.has_one_policy,
    )
    return Scope(sight, language, lambda type_, read: recorder.bind(type_, lambda call: read(call.context)))


def _compiled(recorder: Recorder, answer: Any, kind: ViewerKind) -> Plan:
    """The statement gives bytes, which go to the client as they are. Where it reads what is private, it first tells
    the database who asks; a document of public fields is spared that.
    """
    compiled = compile_(select(func.convert_to(cast(answer, Text), "UTF8")))
    producers = [recorder.producers[name] for name in compiled.names]
    if not is_private(compiled.sql):
        return Plan(compiled.sql, compiled.kinds, producers, tuple(recorder.checks))
    told = READERS[kind]
    return Plan(
        opened(compiled.sql, [setting.name for setting in told], len(producers)),
        [*compiled.kinds, *("TEXT" for _ in told)],
        [*producers, *(partial(_told, setting) for setting in told)],
        tuple(recorder.checks),
    )


def _told(setting: Setting, call: Call) -> str:
    return setting.text(call.context.viewer)


def _shapes(values: VariableValues) -> dict[str, Shape]:
    return {name: shape_of(values.sources[name].signature.type, value) for name, value in values.coerced.items()}
