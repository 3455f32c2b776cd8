"""What stands open beyond registered documents, as `serve` and `doctor` announce it."""

from collections.abc import Iterator

from gateway.settings import Settings

OF_DEVELOPMENT = (
    "documents that nobody registered",
    "the schema",
    "suggestions of names",
    "GraphiQL",
    "x-dev-now",
    "x-dev-plan",
    "tokens that are signed here",
    "the checkout of the payment sandbox",
)
NEVER = "WARNING: development mode; never expose it to a network. Open to anybody:"


def openings(settings: Settings) -> Iterator[str]:
    """Line by line; none where all is closed."""
    if settings.is_development:
        yield NEVER
        yield from (f"- {what}" for what in OF_DEVELOPMENT)
        return
    for lane in settings.lanes.all[:-1]:
        rights = {"any document within its budget": lane.may_ask_freely, "the schema": lane.may_introspect}
        if any(rights.values()):
            yield f"{lane.name}: {' and '.join(name for name, has in rights.items() if has)}"
    for origin in settings.origins:
        yield f"pages of {origin}"
