"""Whether an error means that the database was lost on the way, rather than that something is wrong with a request."""

import asyncpg

LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TooManyConnectionsError,
    ConnectionError,
)
CLOSED = (
    "connection is closed",
    "connection was closed",
    "connection has been",
    "underlying connection",
    'in the "failed" state',
    "another operation (2) is in progress",  # the server's farewell, which came while nothing was asked
)
"""What the driver says when a connection ends under it, in errors that mean other things as well."""

SLOW = (asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError)
"""What the server says of a statement that it ended itself, since it waited for others or ran for too long."""


def is_lost(error: BaseException) -> bool:
    if isinstance(error, LOST):
        return True
    is_drivers = isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError)
    return is_drivers and any(words in str(error) for words in CLOSED)
