"""What a client sends and what it accepts, by the GraphQL-over-HTTP specification."""

from starlette.requests import Request

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
HTML = "text/html"


def media_type(header: str) -> str:
    return header.partition(";")[0].strip().lower()


def accepted_type(header: str) -> str | None:
    """The answer's type that the client wants most; None when it takes none that we have. No header: JSON."""
    if not header.strip():
        return JSON
    best: tuple[float, str] | None = None
    for part in header.split(","):
        wanted, weight = media_type(part), _weight(part)
        kind = _ours(wanted)
        if kind is not None and weight > 0 and (best is None or weight > best[0]):
            best = (weight, kind)
    return None if best is None else best[1]


def wants_page(request: Request) -> bool:
    """A browser that opens the address: it asks for HTML before anything else."""
    accept = request.headers.get("accept", "")
    return request.method == "GET" and media_type(accept.split(",")[0]) == HTML and "query" not in request.query_params


def is_utf8_json(header: str) -> bool:
    if media_type(header) != JSON:
        return False
    _, _, parameters = header.partition(";")
    name, _, value = parameters.partition("=")
    return name.strip().lower() != "charset" or value.strip().strip('"').lower() in ("utf-8", "utf8")


def _ours(wanted: str) -> str | None:
    if wanted in (GRAPHQL_JSON, JSON):
        return wanted
    if wanted in ("*/*", "application/*"):
        return JSON
    return None


def _weight(part: str) -> float:
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
