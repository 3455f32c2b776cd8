"""Plans: an operation as statements, made once for all requests of the same shape."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from graphql import FragmentDefinitionNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, OperationType
from graphql.execution.values import VariableValues, get_variable_values
from sqlalchemy import Text, cast, func

from gateway.auth.sight import Setting, Sight, read_by
from gateway.auth.viewer import Viewer
from gateway.execution import commands
from gateway.execution.coercers import Coercer, Doubt, coercer
from gateway.execution.commands import BoundCommands, Commands
from gateway.execution.documents import Document
from gateway.execution.filling import Bound as BoundFilling
from gateway.execution.filling import Filling
from gateway.execution.forms import Scope
from gateway.execution.parameters import Call, Recorder, Shape
from gateway.execution.planner import Planner
from gateway.execution.printers import NullPromised
from gateway.execution.selections import Selections, Unplannable
from gateway.execution.statement import Statement
from gateway.faults import Fault

CACHED = 1_000
Shapes = tuple[tuple[str, Shape], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The statement of a query, and what Python tells after it."""

    statement: Statement
    filling: Filling

    @property
    def sql(self) -> str:
        return self.statement.sql

    def bind(self, call: Call, _given: Mapping[str, Any]) -> "Bound":
        filling = self.filling.bind(call) if self.filling.fills else None
        return Bound(self, self.statement.bind(call), filling)


@dataclass(frozen=True, slots=True)
class Bound:
    """A plan with the values of one request."""

    plan: Plan
    arguments: Sequence[Any]
    filling: BoundFilling | None

    @property
    def statements(self) -> list[Statement]:
        return [self.plan.statement]

    async def run(self, context: Any) -> bytes | None:
        """The JSON; none where the plain executor must say what is wrong."""
        try:
            json = await self.plan.statement.value(context, self.arguments)
            return json if self.filling is None else await self.filling.complete(json, context)
        except (Fault, NullPromised, asyncpg.DataError):  # a value that no column takes, or a null that must not be
            return None


@dataclass(frozen=True, slots=True)
class Message:
    """The statement of one message of a subscription, whose key comes when there is one."""

    statement: Statement

    def bind(self, call: Call, _given: Mapping[str, Any]) -> "BoundMessage":
        return BoundMessage(self.statement, self.statement.bind(call))


@dataclass(frozen=True, slots=True)
class BoundMessage:
    statement: Statement
    arguments: Sequence[Any]

    async def read(self, context: Any, key: Sequence[Any]) -> bytes | None:
        """The JSON; none where the plain executor must say what there is."""
        try:
            return await self.statement.value(context, self.statement.completed(self.arguments, key))
        except asyncpg.DataError:
            return None


class Plans:
    """A bounded memory of plans."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: OrderedDict[Any, Plan | Commands | Message | None] = OrderedDict()

    def find(
        self, document: Document, operation: OperationDefinitionNode, variables: Mapping[str, Any], context: Any
    ) -> Bound | BoundCommands | BoundMessage | None:
        """The plan of an operation for one request; none where only the plain executor can answer, or refuse."""
        name = None if operation.name is None else operation.name.value
        coercer = self._coercer(document, operation, name)

        def core() -> VariableValues:
            made = get_variable_values(self._schema, operation.variable_definitions or (), dict(variables), 1)
            if not isinstance(made, VariableValues):
                raise Doubt
            return made

        try:
            values = coercer.coerced(variables)
            plan = self._plan(document, operation, name, coercer.shapes(values), context)
            return None if plan is None else plan.bind(Call(values, context, core), variables)
        except (Doubt, GraphQLError, ValueError):
            return None

    def _coercer(self, document: Document, operation: OperationDefinitionNode, name: str | None) -> Coercer:
        found = document.coercers.get(name)
        if found is None:
            found = document.coercers[name] = coercer(self._schema, operation)
        return found

    def _plan(
        self, document: Document, operation: OperationDefinitionNode, name: str | None, shapes: Shapes, context: Any
    ) -> Plan | Commands | Message | None:
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
    ) -> Plan | Commands | Message:
        fragments = {
            item.name.value: item for item in document.node.definitions if isinstance(item, FragmentDefinitionNode)
        }
        making = _Making(self._schema, fragments, shapes, context.viewer, context.language)
        if operation.operation is OperationType.MUTATION:
            return commands.plan(making, self._schema, document, operation)
        if operation.operation is OperationType.SUBSCRIPTION:
            return _message(making, self._schema, operation)
        filling = Filling.of(making)
        planner = making.planner(filling)
        query: Any = self._schema.query_type
        answer = planner.object(query, [operation.selection_set], None)
        return Plan(_compiled(planner.recorder, answer, making.told), filling)


@dataclass(frozen=True, slots=True)
class _Making:
    """What all statements of one operation are planned for."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    shapes: Mapping[str, Shape]
    viewer: Viewer
    language: str

    @property
    def told(self) -> Sequence[Setting]:
        return read_by(self.viewer.kind, is_cut=self.viewer.is_cut)

    @property
    def selections(self) -> Selections:
        return Selections(self.schema, self.fragments, self.shapes, Recorder())

    def planner(self, filling: Filling | None = None) -> Planner:
        recorder = Recorder()
        scope = _scope(recorder, self.viewer.kind, self.viewer.is_cut, self.language)
        selections = Selections(self.schema, self.fragments, self.shapes, recorder)
        return Planner(selections, recorder, scope, self.viewer.scopes, filling)


def _scope(recorder: Recorder, kind: Any, is_cut: bool, language: str) -> Scope:
    def bind(setting: Setting) -> Any:
        return recorder.bind(setting.kind, lambda call: setting.read(call.context.viewer), setting)

    sight = Sight(kind, is_cut, bind)
    return Scope(sight, language, lambda type_, read: recorder.bind(type_, lambda call: read(call.context)))


def _message(making: _Making, schema: GraphQLSchema, operation: OperationDefinitionNode) -> Message:
    """Validation has seen to it that there is one field."""
    planner = making.planner()
    root: Any = schema.subscription_type
    ((key, nodes),) = planner.selections.fields([operation.selection_set], root).items()
    form = root.fields[nodes[0].name.value].extensions["strawberry-definition"].metadata["form"]
    answer = planner.message(form, key, [node.selection_set for node in nodes])
    return Message(_compiled(planner.recorder, answer, making.told))


def _compiled(recorder: Recorder, answer: Any, told: Sequence[Setting]) -> Statement:
    """The statement gives bytes, which go to the client as they are."""
    return Statement.compiled(recorder, func.convert_to(cast(answer, Text), "UTF8"), told)
