"""Writing a file batch by batch in one transaction: all of it or nothing, unless the good lines shall be kept."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Protocol, TypeVar

from gateway.imports.lines import Problem

T = TypeVar("T")


class Counted(Protocol):
    """What an import counts while it goes."""

    read: int
    written: int
    problems: list[Problem]


async def load(
    connection: Any,
    batches: Iterable[list[T]],
    write: Callable[[list[T], bool], Awaitable[None]],
    done: Counted,
    *,
    keep_good: bool,
    progress: Callable[[int], None],
) -> None:
    """Every batch goes to `write`, also once nothing is to be written any more, so that every problem is told.

    The second argument of `write` says whether it may write. `progress` hears the lines read so far.
    """
    transaction = connection.transaction()
    await transaction.start()
    try:
        for batch in batches:
            await write(batch, keep_good or not done.problems)
            progress(done.read)
    except BaseException:
        await transaction.rollback()
        raise
    progress(done.read)
    if done.problems and not keep_good:
        await transaction.rollback()
        done.written = 0
    else:
        await transaction.commit()


def batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(items, size)):
        yield batch
