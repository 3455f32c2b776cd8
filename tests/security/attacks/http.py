"""Attacks by HTTP: bytes that are no request, bodies, headers that go on and on, and what a page elsewhere may send."""

import gzip
import zlib

import brotli

from tests.security.attacks.target import Attack, Target
from tests.support.wire import KIND, exchanged, head, post, status

LONG = 60_000
"""Characters: just below what a head may have."""

BROKEN = {
    "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40, {400}),
    "a request line without a target": (b"POST HTTP/1.1\r\nHost: x\r\n\r\n", {400}),
    "two lengths that differ": (post(KIND.encode(), "Content-Length: 5"), {400}),
    "a length below zero": (head("Content-Type: application/json", "Content-Length: -1") + b"{}", {400}),
    "a length in words": (head("Content-Type: application/json", "Content-Length: ten") + b"{}", {400}),
    "a chunk whose size is no number": (
        head("Content-Type: application/json", "Transfer-Encoding: chunked") + b"zz\r\n{}\r\n0\r\n\r\n",
        {400},
    ),
    "a header that is a body": (head("Content-Type: application/json", "X: " + "x" * 200_000), {400, 431}),
    "five thousand headers": (head(*[f"x-{at}: {at}" for at in range(5_000)]), {400, 415, 431}),
    "a target as long as a book": (head(method="GET", target="/graphql?query=" + "x" * 300_000), {400, 414, 431}),
    "a method that nobody knows": (head(method="BREW"), {400, 405}),
}


BODIES = {
    "bytes that are no UTF-8": (b'{"query": "{ viewer { kind } } # \xff\xfe"}', 400),
    "half a character": (b'{"query": "{ viewer { kind } }", "variables": {"a": "\\ud800"}}', 400),
    "NaN": (b'{"query": "{ viewer { kind } }", "variables": {"a": NaN}}', 400),
    "a number of a thousand digits": (
        b'{"query": "query ($n: Int) { cities(first: $n) { nodes { code } } }", "variables": {"n": '
        + b"9" * 1_000
        + b"}}",
        400,
    ),
    "brackets within each other": (b"[" * 20_000, 400),
    "brackets without end": (b"[" * 100_000, 413),
    "objects without end": (b'{"a":' * 50_000, 413),
    "lists side by side": (b'{"variables": [' + b"[[]]," * 190_000 + b"1]}", 413),
    "numbers side by side": (b'{"variables": [' + b"1," * 490_000 + b"1]}", 413),
    "no object": (b'"{ viewer { kind } }"', 400),
    "a batch": (f"[{KIND}, {KIND}]".encode(), 400),
    "an empty batch": (b"[]", 400),
    "nothing": (b"", 400),
}


JSON = "Content-Type: application/json"
SPACES = b'{"query": "' + b" " * 20_000_000 + b'"}'
TWICE = b'{"query": "{ viewer { kind } }", ' + b", ".join([b'"query": 1'] * 1_000) + b"}"
ACCEPT = "bookingAccept(input:%7BidempotencyKey:%22a%22,booking:%22b%22%7D)%7BisReplay%7D"
SENT: dict[str, tuple[bytes, set[int]]] = {
    "a bomb in gzip": (post(gzip.compress(SPACES), "Content-Encoding: gzip"), {415}),
    "a bomb in deflate": (post(zlib.compress(SPACES), "Content-Encoding: deflate"), {415}),
    "a bomb in Brotli": (post(brotli.compress(SPACES, quality=1), "Content-Encoding: br"), {415}),
    "a bomb within bombs": (post(gzip.compress(gzip.compress(SPACES)), "Content-Encoding: gzip, gzip"), {415}),
    "chunks without end": (
        head(JSON, "Transfer-Encoding: chunked") + (b"400\r\n" + b" " * 1024 + b"\r\n") * 1_100,
        {413},
    ),
    "a byte in each chunk": (head(JSON, "Transfer-Encoding: chunked") + b"1\r\n \r\n" * 30_000, {431}),
    "a body that is larger than it says": (post(KIND.encode()) + b" " * 200_000, {200}),
    "a length of a terabyte": (head(JSON, f"Content-Length: {10**12}") + b" " * 1_100_000, {413}),
    "types that are taken, without end": (post(KIND.encode(), "Accept: " + "a/b;q=0.1," * (LONG // 10)), {406}),
    "languages without end": (post(KIND.encode(), "Accept-Language: " + "xx;q=0.1," * (LONG // 9)), {200}),
    "encodings without end": (post(KIND.encode(), "Accept-Encoding: " + "xx;q=0.1," * (LONG // 9)), {200}),
    "known answers without end": (post(KIND.encode(), "If-None-Match: " + '"a",' * (LONG // 4)), {200}),
    "senders without end": (post(KIND.encode(), "X-Forwarded-For: " + "1.1.1.1," * (LONG // 8)), {200}),
    "a thousand senders": (post(KIND.encode(), *["X-Forwarded-For: 1.1.1.1"] * 1_000), {200}),
    "a thousand cookies": (post(KIND.encode(), *["Cookie: a=b"] * 1_000), {200}),
    "a long trace": (post(KIND.encode(), "traceparent: 00-" + "0" * LONG), {200}),
    "a long request id": (post(KIND.encode(), "x-request-id: " + "a" * LONG), {200}),
    "a long deadline": (post(KIND.encode(), "x-deadline-ms: " + "9" * LONG), {400}),
    "a long clock": (post(KIND.encode(), "x-dev-now: " + "2" * LONG), {400}),
    "a long type": (post(KIND.encode(), content_type="application/json;" + "a=b;" * (LONG // 4)), {200}),
    "parameters without end": (
        head(method="GET", target="/graphql?query=%7B__typename%7D&" + "a=&" * (LONG // 4)),
        {400},
    ),
    "escapes without end": (head(method="GET", target="/graphql?query=" + "%7B" * (LONG // 3)), {200, 400}),
    "lists in an address": (
        head(method="GET", target=f"/graphql?query=1&variables=[{'[],' * (LONG // 3)}"),
        {400, 413},
    ),
    "a mutation by GET": (head(method="GET", target=f"/graphql?query=mutation%7B{ACCEPT}%7D"), {405}),
    "a preflight from nowhere": (
        head("Origin: https://evil.example", "Access-Control-Request-Method: POST", method="OPTIONS"),
        {405},
    ),
    "one key a thousand times": (post(TWICE), {400}),
    "a path out of here": (head(method="GET", target="/documents/..%2f..%2f..%2fetc%2fpasswd"), {401, 404}),
    "a path out of here, unescaped": (head(method="GET", target="/../../etc/passwd"), {400, 404}),
    "a path as long as it may be": (head(method="GET", target="/" + "a/" * (LONG // 2)), {404}),
    "another method for each letter": (head(method="G" * 30), {400, 405}),
}
FORMS = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/graphql",
    "*/*",
)


def refused(sent: bytes, statuses: set[int], address: str) -> None:
    """Answered with one of these, or the connection was closed while it still came; and no word of what is within, nor
    of what it is made with.
    """
    answer = exchanged(address, sent)
    assert not answer or status(answer) in statuses, answer[:300]
    assert b"Traceback" not in answer
    assert b"site-packages" not in answer
    assert b"\r\nserver:" not in answer.lower()


def sending(sent: bytes, statuses: set[int]) -> Attack:
    closed = sent.replace(b"Host: gateway\r\n", b"Host: gateway\r\nConnection: close\r\n", 1)

    def attack(target: Target) -> None:
        refused(closed, statuses, target.gateway.address)

    return attack


HTTP: dict[str, Attack] = {
    **{name: sending(*each) for name, each in BROKEN.items()},
    **{f"{name}, as a body": sending(post(body), {code}) for name, (body, code) in BODIES.items()},
    **{name: sending(*each) for name, each in SENT.items()},
    **{f"a form as {kind}": sending(post(KIND.encode(), content_type=kind), {415}) for kind in FORMS},
}
