"""What is noted of an answer that shows sensitive fields, before it leaves: without the note there is no answer."""

from gateway.context import Context
from gateway.repositories import audit


async def note(context: Context, *, is_answered: bool) -> None:
    """Where all that was read has come to nothing, nothing was shown."""
    shown = context.shown.taken()
    if shown and is_answered:
        await audit.record_shown(context, shown)
