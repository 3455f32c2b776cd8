"""What keeps the embedded server from running."""

from gateway.mendable import Mendable

ANOTHER_WAY = "Or set DATABASE_URL to a Postgres that already runs."


class EmbeddedError(Mendable):
    """Says to a person what is wrong, where, and what to do."""
