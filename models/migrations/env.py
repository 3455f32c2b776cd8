"""How Alembic works here: on the connection that it is handed, in the transaction that is open there."""

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from models import metadata


def plain_text(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """SQLModel's own string type is a VARCHAR; a migration names it so and needs no import for it."""
    return "sa.String()" if kind == "type" and isinstance(item, AutoString) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    autogenerate_plugins=["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
    render_item=plain_text,
)
context.run_migrations()
