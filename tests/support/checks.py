"""What the source of a check tells of it: the answers that it can give, and whether it compares."""

import ast
import inspect
from collections.abc import Callable, Iterator
from types import FunctionType

from gateway.validation.operations import OPERATIONS

CHECKS: dict[str, Callable[..., object]] = {check.__name__: check for asked in OPERATIONS.values() for check in asked}
ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def with_helpers(check: Callable[..., object]) -> Iterator[ast.AST]:
    """The source of a check, and of the functions of the validation module that it calls."""
    waiting, seen = [check], set[object]()
    while waiting:
        function = waiting.pop()
        if function not in seen:
            seen.add(function)
            source = ast.parse(inspect.getsource(function))
            yield source
            waiting += called(function, source)


def called(function: Callable[..., object], source: ast.AST) -> list[FunctionType]:
    names = {item.id for item in ast.walk(source) if isinstance(item, ast.Name)}
    found = [function.__globals__.get(name) for name in sorted(names)]
    return [item for item in found if inspect.isfunction(item) and item.__module__.startswith("gateway.validation")]


def kinds(check: Callable[..., object]) -> list[str]:
    """Answers that a check can give, other than that the rule holds."""
    source = "".join(ast.unparse(part) for part in with_helpers(check))
    return [kind for kind in ("refused", "warned", "unknown") if f".{kind}" in source]


def compares(check: Callable[..., object]) -> bool:
    """Whether more or less, earlier or later makes a difference to it: such a check has a boundary."""
    return any(_is_comparison(item) for source in with_helpers(check) for item in ast.walk(source))


def _is_comparison(item: ast.AST) -> bool:
    if isinstance(item, ast.Compare):
        return any(isinstance(operator, ORDERED) for operator in item.ops)
    return isinstance(item, ast.Constant) and item.value == "operator"  # the one that a rule's parameters name
