"""Other origins: which web pages may read answers. None unless the settings name them, each exactly."""

from collections.abc import Iterable, Sequence

from gateway.http.requests import Incoming

Header = tuple[bytes, bytes]

METHODS = b"GET, POST"
OF_PAPERS = b"GET, PUT"
REQUEST_HEADERS = (
    b"accept, accept-language, apollo-require-preflight, authorization, content-type, if-none-match, traceparent, "
    b"last-event-id, x-apollo-operation-name, x-client-name, x-client-version, x-deadline-ms, x-on-behalf-of, "
    b"x-purpose, x-request-id"
)
EXPOSED = b"content-disposition, etag, retry-after, x-request-id"
PREFLIGHT_SECONDS = b"600"


class Origins:
    """An origin that is not named gets the same answer as one that does not exist: without a word about origins."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._named: dict[bytes, tuple[Header, ...]] = {
            origin.encode(): (
                (b"access-control-allow-origin", origin.encode()),
                (b"access-control-expose-headers", EXPOSED),
            )
            for origin in allowed
        }

    def of(self, incoming: Incoming) -> Sequence[Header]:
        """What lets the page that asks read the answer; nothing where it may not."""
        return self._named.get(incoming.headers.get(b"origin", b""), ())

    def preflight(self, incoming: Incoming, methods: bytes = METHODS) -> Sequence[Header] | None:
        """None where the request is no preflight of an origin that is named."""
        if b"access-control-request-method" not in incoming.headers:
            return None
        allowed = self.of(incoming)
        if not allowed:
            return None
        return (
            *allowed,
            (b"access-control-allow-methods", methods),
            (b"access-control-allow-headers", REQUEST_HEADERS),
            (b"access-control-max-age", PREFLIGHT_SECONDS),
        )
