"""Who uses which connection. asyncpg's pool makes, mends and ends them; here they are lent.

A read is one statement, and taking a connection out of asyncpg's pool and putting it back costs as much of the
processor as the statement itself (37 of 79 µs). So a connection whose statement ended well stays out, and goes to
whoever waits or to the next who asks. After anything else it goes back to the pool, which looks after it.
"""

import asyncio
from collections import deque
from collections.abc import Generator, Sequence
from typing import Any

import asyncpg

PATIENCE = 5.0  # seconds for the server to end what was given up


class Connections:
    """The connections of one worker, at most `size`; whoever waits is served in order."""

    def __init__(self, pool: "asyncpg.Pool[Any]", size: int) -> None:
        self._pool = pool
        self.size = size
        self._out = 0  # taken from asyncpg's pool
        self._kept: list[Any] = []  # of these, the ones that nobody uses
        self._waiting: deque[asyncio.Future[Any]] = deque()

    def acquire(self) -> "Loan":
        """A connection to be kept for a while: `async with`, or `await` and `release`."""
        return Loan(self)

    def give_back(self, connection: Any) -> None:
        """One that was taken, and whose last statement ended well: it goes to whoever is next."""
        self._hand_on(connection)

    async def release(self, connection: Any) -> None:
        """Back to asyncpg's pool, which ends what may be under way on it, or replaces it."""
        try:
            await self._pool.release(connection)
        finally:
            self._make_room()

    async def fetch(self, sql: str, *arguments: Any) -> Sequence[Any]:
        return await self._once("fetch", sql, arguments)

    async def fetchrow(self, sql: str, *arguments: Any) -> Any:
        return await self._once("fetchrow", sql, arguments)

    async def fetchval(self, sql: str, *arguments: Any) -> Any:
        return await self._once("fetchval", sql, arguments)

    async def execute(self, sql: str, *arguments: Any) -> Any:
        return await self._once("execute", sql, arguments)

    async def close(self) -> None:
        while self._kept:
            await self.release(self._kept.pop())
        await self._pool.close()

    def terminate(self) -> None:
        self._pool.terminate()

    async def take(self) -> Any:
        while True:
            if self._kept:
                connection = self._kept.pop()
                if _is_open(connection):
                    return connection
                await self.release(connection)
            elif self._out < self.size:
                return await self._from_pool()
            elif (handed := await self._handed()) is not None:
                return handed

    async def _once(self, method: str, sql: str, arguments: Sequence[Any]) -> Any:
        connection = await self.take()
        try:
            answer = await getattr(connection, method)(sql, *arguments)
        except BaseException:  # a statement that was given up, as much as one that failed
            await asyncio.shield(self._ended(connection))
            raise
        self._hand_on(connection)
        return answer

    async def _ended(self, connection: Any) -> None:
        """A value that cannot be sent is noticed between the driver's preparing and running of a statement. The server
        waits then for the rest, and when the time of that statement is over, whoever comes next is told so."""
        try:
            async with asyncio.timeout(PATIENCE):
                await connection.execute(";")
        except Exception:  # whatever it is, another connection is made in its place
            if _is_open(connection):
                connection.terminate()
        finally:
            await self.release(connection)

    async def _from_pool(self) -> Any:
        self._out += 1
        try:
            return await self._pool.acquire()
        except BaseException:
            self._make_room()
            raise

    async def _handed(self) -> Any:
        """What somebody hands over: a connection, or None where there is room to take another one."""
        turn: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it came in the same moment
                self._pass_by(turn.result())
            raise

    def _pass_by(self, handed: Any) -> None:
        if handed is not None:
            self._hand_on(handed)
        else:
            self._wake(None)

    def _hand_on(self, connection: Any) -> None:
        if not self._waiting or not self._wake(connection):
            self._kept.append(connection)

    def _make_room(self) -> None:
        self._out -= 1
        self._wake(None)

    def _wake(self, handed: Any) -> bool:
        """Hand something to the first who still waits."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(handed)
                return True
        return False


def _is_open(connection: Any) -> bool:
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:  # it ended while nobody used it, and asyncpg's pool has taken it back
        return False


class Loan:
    """Like asyncpg's own: to be awaited, or the connection of a block."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._connection: Any = None

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._connections.take().__await__()

    async def __aenter__(self) -> Any:
        self._connection = await self._connections.take()
        return self._connection

    async def __aexit__(self, *_: object) -> None:
        await self._connections.release(self._connection)
