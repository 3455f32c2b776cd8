"""A Postgres of our own for machines that have none: found, created, started, joined and stopped from here.

What lies in the folder that `start` is given:

    health-insurance-gateway   the mark that the folder is ours, with the Postgres version that made it
    data/                      the database files
    run/                       the socket (in the temporary folder instead when this path is too long for one)
    owner                      the process whose child the server is
    lock                       serializes start-up between processes
    server.log, server.log.1   what the server said in this run and the one before

There is no TCP port and no password: whoever may enter the socket's folder is the superuser, so that folder
is closed to everybody but the account that runs the server.

The server lives exactly as long as the process that started it. `Server.stop` ends it in order; if its owner
is killed, the kernel sends it the same signal (elsewhere than on Linux a watchdog at the end of a pipe does).
Processes that joined lose their connections then; one that is `inheriting` starts the server again for all.

Postgres refuses to run as root. Started by root it runs as the owner of existing data, or else as `postgres`
or `nobody`. Where that account cannot enter the folder, the data lives in FALLBACK/<hash of the folder> and a
note in the folder says so; binaries out of its reach are copied to FALLBACK/binaries. Permissions of folders
that are not ours are never changed.

    server.py      start, and the Server that it gives
    homes.py       the folder: whose it is, its mark, its lock, its socket
    accounts.py    who runs the server, and what that account reaches
    binaries.py    where Postgres is installed
    cluster.py     the data folder: made whole or not at all, of the right version
    running.py     a server that already runs
    heirs.py       a server that outlives whoever started it
    children.py    the server as a child of ours
    processes.py   what the operating system knows of processes, and how ours are started
"""

from gateway.postgres.embedded.heirs import inheriting
from gateway.postgres.embedded.problems import EmbeddedError
from gateway.postgres.embedded.server import DATABASE, Server, start

__all__ = ["DATABASE", "EmbeddedError", "Server", "inheriting", "start"]
