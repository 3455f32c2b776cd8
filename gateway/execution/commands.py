"""A planned mutation: each field is sent in its transaction, and its payload is read there in one statement.

Whatever can be refused before anything is sent, and what has no plan, the plain executor answers in its own words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import orjson
from graphql import (
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
)
from graphql.error import located_error
from sqlalchemy import LargeBinary, Text, cast, func, select
from sqlalchemy.dialects.postgresql import UUID, array
from sqlalchemy.orm import aliased

from gateway.execution import forms, plain
from gateway.execution.arguments import Arguments
from gateway.execution.documents import Document
from gateway.execution.objects import list_of
from gateway.execution.parameters import Call
from gateway.execution.planner import Planner
from gateway.execution.printers import Lookups, Making, NullPromised, Print, Printers, Sets, Sheet, Wanted
from gateway.execution.selections import Unplannable
from gateway.execution.sources import SOURCES
from gateway.execution.statement import Statement
from gateway.execution.unit import ordering

SUBJECT = -1
"""The lookup of what hangs on the key of the subject; all others have numbers from 0."""


@dataclass(frozen=True, slots=True)
class Command:
    """One field of a mutation. Its payload is printed, but for the rows that `subject` reads by the subject's key."""

    nodes: Sequence[FieldNode]
    arguments: Arguments
    send: Any
    print_: Print
    subject: Statement | None
    printers: Printers


@dataclass(frozen=True, slots=True)
class Commands:
    """The fields of a mutation by their response keys; `None` is its `__typename`."""

    schema: GraphQLSchema
    document: Document
    operation: OperationDefinitionNode
    fields: Mapping[str, Command | None]

    def bind(self, call: Call, given: Mapping[str, Any]) -> "BoundCommands":
        bound = {key: command and _bound(command, call) for key, command in self.fields.items()}
        return BoundCommands(self, bound, given)


@dataclass(frozen=True, slots=True)
class BoundCommand:
    command: Command
    arguments: Mapping[str, Any]
    subject: Sequence[Any]
    lookups: Lookups

    async def run(self, context: Any) -> Any:
        """Send it, read the payload, and settle before anything else begins."""
        try:
            name = self.command.nodes[0].name.value
            sent: forms.Sent = await self.command.send(context, name, self.arguments)
            return await self._payload(sent, context)
        finally:
            if context.transaction is not None:
                await context.transaction.settle()

    async def _payload(self, sent: forms.Sent, context: Any) -> Any:
        try:
            sheet = Sheet(context, sent.key)
            made = self.command.print_(sent.payload, sheet)
            await self._read_subject(sheet)
            await self.lookups.fill(sheet)
        except (NullPromised, asyncpg.DataError):
            if context.transaction is not None:
                context.transaction.commits = False
            raise NullPromised from None
        return made

    async def _read_subject(self, sheet: Sheet) -> None:
        places, statement = sheet.waiting.pop(SUBJECT, ()), self.command.subject
        if not places or statement is None or sheet.key is None:
            return
        arguments = statement.completed(self.subject, sheet.key)
        values = await statement.value(sheet.context, arguments)
        for made, name, at in places:
            made[name] = None if values[at] is None else orjson.Fragment(values[at])


@dataclass(frozen=True, slots=True)
class BoundCommands:
    """A mutation with the values of one request."""

    commands: Commands
    fields: Mapping[str, BoundCommand | None]
    given: Mapping[str, Any]

    @property
    def statements(self) -> list[Statement]:
        found = [field.command.subject for field in self.fields.values() if field is not None]
        return [statement for statement in found if statement is not None]

    async def run(self, context: Any) -> bytes | ExecutionResult:
        """The JSON of all fields. No field may be null, so the first error is the only one, and ends it."""
        made: dict[str, Any] = {}
        for key, field in self.fields.items():
            if field is None:
                made[key] = "Mutation"
                continue
            try:
                made[key] = await field.run(context)
            except NullPromised:
                alone = await self._alone(field.command, context)
                if alone.errors:
                    return ExecutionResult(None, alone.errors)
                made[key] = (alone.data or {})[key]
            except Exception as error:
                return ExecutionResult(None, [located_error(error, list(field.command.nodes), [key])])
        return orjson.dumps(made)

    async def _alone(self, command: Command, context: Any) -> ExecutionResult:
        """The plain executor's answer to one field, of which nothing was kept."""
        operation = self.commands.operation
        selections = replace(operation.selection_set, selections=tuple(command.nodes))
        document = self.commands.document
        fragments = [item for item in document.node.definitions if isinstance(item, FragmentDefinitionNode)]
        only = replace(operation, selection_set=selections)
        node = replace(document.node, definitions=(only, *fragments))
        return await plain.run(
            self.commands.schema,
            Document(node, (only,)),
            operation_name=None,
            variables=self.given,
            context=context,
            hide_suggestions=True,
        )


def plan(making: Making, schema: GraphQLSchema, document: Document, operation: OperationDefinitionNode) -> Commands:
    root: Any = schema.mutation_type
    found = making.selections.fields([operation.selection_set], root)
    fields = {key: _command(making, root, nodes) for key, nodes in found.items()}
    return Commands(schema, document, operation, fields)


def _command(making: Making, root: GraphQLObjectType, nodes: Sequence[FieldNode]) -> Command | None:
    name = nodes[0].name.value
    if name == "__typename":
        return None
    field = root.fields[name]
    form = field.extensions["strawberry-definition"].metadata.get("form")
    kind = get_named_type(field.type)
    if not isinstance(form, forms.Commanded) or not isinstance(kind, GraphQLObjectType):
        raise Unplannable
    printers = _PayloadPrinters(making, planner=making.planner())
    print_ = printers.object(kind, [node.selection_set for node in nodes])
    return Command(nodes, Arguments.of(field, nodes[0]), form.send, print_, printers.statement(), printers)


def _bound(command: Command, call: Call) -> BoundCommand:
    return BoundCommand(
        command,
        command.arguments.read(call),
        [] if command.subject is None else command.subject.bind(call),
        Lookups.bound(command.printers.lookups, call),
    )


class _PayloadPrinters(Printers):
    """Printers that gather the rows of the subject in one statement, whose values are the JSON of each."""

    def __init__(self, making: Making, planner: Planner) -> None:
        super().__init__(making)
        self._planner = planner
        self._parts: list[Any] = []

    def statement(self) -> Statement | None:
        if not self._parts:
            return None
        parts = [func.convert_to(cast(part, Text), "UTF8", type_=LargeBinary) for part in self._parts]
        return Statement.compiled(self._planner.recorder, array(parts))

    def field(self, owner: GraphQLObjectType, nodes: Sequence[FieldNode]) -> Print:
        field = owner.fields.get(nodes[0].name.value)
        form = field and field.extensions["strawberry-definition"].metadata.get("form")
        if not isinstance(form, forms.OfSubject):
            return super().field(owner, nodes)
        at = len(self._parts)
        self._parts.append(self._rows(form, [node.selection_set for node in nodes]))
        is_list = bool(form.order)
        return lambda _payload, sheet: Wanted(SUBJECT, at) if sheet.key is not None else [] if is_list else None

    def _rows(self, form: forms.OfSubject, sets: Sets) -> Any:
        """A list asks for the scope of its type; the subject itself its sender may see, as having written it."""
        planner = self._planner
        source = planner.readable(form.target) if form.order else SOURCES[form.target]
        row: Any = aliased(source.table)
        keys = [planner.recorder.bind_later(UUID(as_uuid=True), at) for at in range(len(form.columns))]
        matching = [getattr(row, name) == key for name, key in zip(form.columns, keys, strict=True)]
        made = planner.object(source.name, sets, row)
        if form.order:
            made = list_of(made, ordering(row, form.order))
        return select(made).select_from(row).where(*matching, *planner.visible(source, row)).scalar_subquery()
