"""Papers come in by a ticket: counted, hashed, judged by their bytes, and only then readable."""

import datetime as dt
import io
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pikepdf
import pytest
from PIL import Image

from gateway.auth.upload_tickets import Ticket as Signed
from gateway.auth.upload_tickets import TicketKey
from gateway.bounds import LANES
from gateway.execution import ids
from gateway.postgres.place import ROLE
from tests.conftest import dsn
from tests.support import papers
from tests.support.client import PATIENCE, Client, Gateway, new_key
from tests.support.escorts import NOW, change, look, register
from tests.support.papers import EICAR, Ticket, download, paper, picture, put, scan, ticket, upload
from tests.support.processes import eventually
from tests.support.server import running_gateway, spent_while

PICTURE = picture()


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    return register(gateway)


@pytest.fixture
def me(gateway: Gateway, number: str) -> Client:
    return gateway.customer(number)


def stored(gateway: Gateway, document: str) -> list[Path]:
    """Files of a document in the storage."""
    found = ids.decode(document)
    assert found is not None
    folder = gateway.folder / "documents" / found[1][0].hex / found[1][1].hex
    return sorted(folder.rglob("*")) if folder.exists() else []


def incoming(gateway: Gateway) -> set[Path]:
    return set((gateway.folder / "incoming").glob("*"))


# The good way


def test_a_picture_is_uploaded_checked_and_read(gateway: Gateway, me: Client, number: str) -> None:
    document = upload(me, number, PICTURE, fileName="C:\\照片\\报告 1.png", sha256=papers.sha256(PICTURE))
    seen = paper(me, document)
    assert (seen["status"], seen["mediaType"], seen["size"]) == ("CLEAN", "image/png", len(PICTURE))
    assert (seen["width"], seen["height"], seen["dotsPerInch"], seen["hasColor"]) == (600, 800, 300, True)
    assert seen["fileName"] == "报告 1.png"
    answer = download(me, document)
    assert (answer.status_code, answer.content) == (200, PICTURE)
    (file,) = stored(gateway, document)
    assert file.name == papers.sha256(PICTURE)


@pytest.mark.parametrize(
    ("content", "media_type", "has_color", "dots"),
    [
        (picture(color=False), "image/png", False, 300),
        (picture(kind="JPEG", dots=150), "image/jpeg", True, 150),
        (picture(kind="WEBP"), "image/webp", True, None),
        (picture(kind="TIFF", color=False), "image/tiff", False, 300),
        (scan(), "application/pdf", True, 200),
        (scan(color=False, dots=150), "application/pdf", False, 150),
    ],
    ids=["gray PNG", "JPEG", "WebP", "gray TIFF", "colored PDF", "gray PDF"],
)
def test_what_a_file_is_is_told_by_its_bytes(
    me: Client, number: str, content: bytes, media_type: str, has_color: bool, dots: int | None
) -> None:
    seen = paper(me, upload(me, number, content))
    assert (seen["status"], seen["mediaType"]) == ("CLEAN", media_type)
    assert (seen["hasColor"], seen["dotsPerInch"]) == (has_color, dots)


def test_a_download_is_saved_and_kept_by_nobody(me: Client, number: str) -> None:
    answer = download(me, upload(me, number, PICTURE, fileName='a"; filename=evil.html\r\nx-evil: 1'))
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "image/png"
    assert "sandbox" in answer.headers["content-security-policy"]
    said = answer.headers["content-disposition"]
    assert said.startswith("attachment; filename=\"document.png\"; filename*=UTF-8''")
    assert "evil.html" in said.split("''")[1]
    assert not set(said.split("''")[1]) & set('"; \r\n')
    assert "x-evil" not in answer.headers


def test_the_ticket_of_a_repeated_request_is_the_same(me: Client, number: str) -> None:
    key = new_key()
    first, again = (papers.create(me, number, PICTURE, idempotencyKey=key).data["uploadTicketCreate"] for _ in range(2))
    assert again["isReplay"]
    assert again["uploadTicket"] == first["uploadTicket"]


def test_a_dry_run_gives_no_address(gateway: Gateway, me: Client, number: str) -> None:
    before = look(gateway, "select count(*) from documents")
    found = papers.create(me, number, PICTURE, dry_run=True).data["uploadTicketCreate"]["uploadTicket"]
    assert (found["uploadUrl"], found["document"]["status"]) == (None, "RESERVED")
    assert look(gateway, "select count(*) from documents") == before


def test_every_step_is_an_event_and_uploads_and_reads_are_audited(gateway: Gateway, me: Client, number: str) -> None:
    document = upload(me, number, PICTURE)
    download(me, document)
    key = ids.decode_as("doc", document, 2)[1]
    events = look(gateway, "select command, to_state from document_events where document_id = $1 order by seq", key)
    assert [tuple(row.values()) for row in events] == [
        ("reserve", "RESERVED"),
        ("upload", "UPLOADED"),
        ("check", "CHECKING"),
        ("judge", "CLEAN"),
    ]
    audited = look(
        gateway,
        "select operation, actor from audit_entries where subject_id = $1 and operation <> 'fieldsRead' order by id",
        key,
    )
    assert [row["operation"] for row in audited] == ["uploadTicketCreate", "documentUpload", "documentRead"]
    assert {row["actor"] for row in audited} == {f"customer:{number}"}


# What a ticket does not open


def words(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["message"]


def expired(gateway: Gateway, client: Client, number: str) -> Ticket:
    given = ticket(client, number, PICTURE)
    policy, document = ids.decode_as("doc", given.document, 2)
    past = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(seconds=1)
    change(gateway, "update documents set ticket_until = $2 where id = $1", document, past)
    key = TicketKey.load(gateway.folder / "uploads.key")
    return Ticket(f"/uploads/{key.write(Signed(policy, document, past))}", given.document)


def used(client: Client, number: str) -> Ticket:
    given = ticket(client, number, PICTURE)
    assert put(client, given, PICTURE).status_code == 201
    return given


def forged(client: Client, number: str) -> Ticket:
    given = ticket(client, number, PICTURE)
    other = TicketKey(bytes(32)).write(Signed(*ids.decode_as("doc", given.document, 2), dt.datetime.now(dt.UTC)))
    return Ticket(f"/uploads/{other}", given.document)


def test_a_foreign_expired_used_or_made_up_ticket_is_answered_alike(gateway: Gateway, me: Client, number: str) -> None:
    stranger = gateway.customer(register(gateway))
    answers = [
        put(me, ticket(me, number, PICTURE), PICTURE, authorization=f"Bearer {stranger.token}"),
        put(me, expired(gateway, me, number), PICTURE),
        put(me, used(me, number), PICTURE),
        put(me, forged(me, number), PICTURE),
        put(me, Ticket("/uploads/nonsense", ""), PICTURE),
        put(me, Ticket("/uploads/%E2%82%AC%00", ""), PICTURE),
    ]
    assert {words(answer)[0] for answer in answers} == {404}
    assert len({words(answer) for answer in answers}) == 1


def test_a_ticket_works_with_the_token_of_its_owner_too(me: Client, number: str) -> None:
    answer = put(me, ticket(me, number, PICTURE), PICTURE, authorization=f"Bearer {me.token}")
    assert (answer.status_code, answer.json()["document"]["status"]) == (201, "CLEAN")


def test_of_many_uploads_with_one_ticket_one_is_taken(gateway: Gateway, me: Client, number: str) -> None:
    given = ticket(me, number, PICTURE)
    codes: list[int] = []

    def send() -> None:
        with httpx.Client(timeout=PATIENCE) as http:
            codes.append(http.put(f"{me.address}{given.url}", content=PICTURE).status_code)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(codes) == [201] + [404] * 5
    assert len(stored(gateway, given.document)) == 1


# Sizes and hashes


def in_parts(content: bytes) -> Iterator[bytes]:
    """Without a length, so that only counting helps."""
    for at in range(0, len(content), 1000):
        yield content[at : at + 1000]


@pytest.mark.parametrize("send", [lambda content: content, in_parts], ids=["with its length", "in chunks"])
def test_more_than_the_ticket_is_for_is_too_large(
    gateway: Gateway, me: Client, number: str, send: Callable[[bytes], Any]
) -> None:
    given = ticket(me, number, PICTURE[:-1])
    answer = put(me, given, send(PICTURE))
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (413, "LIMIT_EXCEEDED")
    assert (paper(me, given.document)["status"], stored(gateway, given.document)) == ("RESERVED", [])


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"size": len(PICTURE) + 1}, f"for {len(PICTURE) + 1} bytes"), ({"sha256": "0" * 64}, "SHA-256")],
    ids=["fewer bytes", "another hash"],
)
def test_other_bytes_than_announced_are_refused(
    gateway: Gateway, me: Client, number: str, changes: dict[str, Any], says: str
) -> None:
    given = ticket(me, number, PICTURE, **changes)
    answer = put(me, given, PICTURE)
    assert answer.status_code == 422
    assert says in answer.json()["errors"][0]["message"]
    assert (paper(me, given.document)["status"], stored(gateway, given.document)) == ("RESERVED", [])


def test_an_upload_that_breaks_off_leaves_nothing_and_can_be_tried_again(
    gateway: Gateway, me: Client, number: str
) -> None:
    given = ticket(me, number, PICTURE)
    host, port = me.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as half:
        head = f"PUT {given.url} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(PICTURE)}\r\n\r\n"
        half.sendall(head.encode() + PICTURE[:500])
        assert eventually(lambda: any(file.stat().st_size for file in incoming(gateway)))
    assert eventually(lambda: not incoming(gateway))
    assert (paper(me, given.document)["status"], stored(gateway, given.document)) == ("RESERVED", [])
    again = put(me, given, PICTURE)
    assert again.status_code == 201, again.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("size", 0),
        ("size", -1),
        ("size", 20_000_001),
        ("contentType", "text/html"),
        ("contentType", "image/svg+xml"),
        ("kind", "lab report"),
        ("kind", "X" * 61),
        ("sha256", "z" * 64),
        ("fileName", " "),
        ("fileName", "x" * 3000),
    ],
)
def test_a_ticket_is_asked_for_with_care(me: Client, number: str, field: str, value: Any) -> None:
    answer = papers.create(me, number, PICTURE, **{field: value})
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", field])


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\x.png", "/", "...", "a/b/", "\u202egnp.exe"])
def test_a_name_is_only_shown(gateway: Gateway, me: Client, number: str, name: str) -> None:
    document = upload(me, number, PICTURE, fileName=name)
    shown = paper(me, document)["fileName"]
    assert "/" not in shown
    assert "\\" not in shown
    assert [file.name for file in stored(gateway, document)] == [papers.sha256(PICTURE)]


def test_a_foreign_policy_is_answered_like_none(gateway: Gateway, me: Client) -> None:
    foreign, none = (papers.create(me, number, PICTURE) for number in (register(gateway), "NONE-1"))
    assert (foreign.code, foreign.error["message"]) == (none.code, none.error["message"])


# What is refused for what it is


def with_script(pdf: Any) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_file(pdf: Any) -> None:
    pdf.attachments["x.exe"] = b"MZ"


def locked() -> bytes:
    return papers.changed_pdf(str, encryption=pikepdf.Encryption(owner="a", user="b"))


def bomb() -> bytes:
    """A few kilobytes that would be 400 million pixels."""
    return picture_of(Image.new("1", (20_000, 20_000)))


def picture_of(image: Any) -> bytes:
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


UNFIT: dict[str, Callable[[], bytes]] = {
    "HTML": lambda: b"<!doctype html><script>alert(1)</script>",
    "SVG": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a program": lambda: b"MZ" + bytes(500),
    "an archive": papers.archive,
    "a picture that is an archive too": lambda: PICTURE + papers.archive(),
    "a picture that is a page too": lambda: picture(kind="JPEG") + b"<HTML><Script>alert(1)</Script>",
    "a PDF that is an archive too": lambda: scan() + papers.archive(),
    "half a picture": lambda: PICTURE[: len(PICTURE) // 2],
    "a PDF with a program": lambda: papers.changed_pdf(with_script),
    "a PDF with a file": lambda: papers.changed_pdf(with_file),
    "a locked PDF": locked,
    "a PDF of nothing": lambda: b"%PDF-1.7\nhello",
    "a bomb": bomb,
    "zeros": lambda: bytes(2000),
}


@pytest.mark.parametrize("name", list(UNFIT))
def test_unfit_files_are_not_kept(gateway: Gateway, me: Client, number: str, name: str) -> None:
    document = upload(me, number, UNFIT[name]())
    assert paper(me, document)["status"] == "UNSUPPORTED"
    assert stored(gateway, document) == []
    answer = download(me, document)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (409, "CONFLICT")


@pytest.mark.parametrize("content", [EICAR, PICTURE + EICAR], ids=["alone", "in a picture"])
def test_infected_files_are_not_kept(gateway: Gateway, me: Client, number: str, content: bytes) -> None:
    document = upload(me, number, content)
    assert paper(me, document)["status"] == "INFECTED"
    assert stored(gateway, document) == []
    assert download(me, document).status_code == 409


@pytest.mark.parametrize("state", ["RESERVED", "UPLOADED", "CHECKING", "INFECTED", "UNSUPPORTED", "EXPIRED"])
def test_nothing_is_read_before_it_is_clean(gateway: Gateway, me: Client, number: str, state: str) -> None:
    document = upload(me, number, PICTURE)
    change(gateway, "update documents set state = $2 where id = $1", ids.decode_as("doc", document, 2)[1], state)
    assert download(me, document).status_code == 409


def test_a_large_picture_is_judged_while_others_are_served(me: Client, number: str) -> None:
    """The check runs in a process of its own: nobody waits for it."""
    content = picture(size=(5000, 7000))
    given = ticket(me, number, content)
    done = threading.Event()

    def send() -> None:
        with httpx.Client(timeout=PATIENCE) as http:
            http.put(f"{me.address}{given.url}", content=content)
        done.set()

    sending = threading.Thread(target=send)
    sending.start()
    dearest = 0.0
    while not done.is_set():
        dearest = max(dearest, spent_while(me.address, lambda: me.ask("{ __typename }")))
    sending.join()
    assert 0 < dearest < 0.5
    assert paper(me, given.document)["status"] == "CLEAN"


def test_other_methods_are_not_taken(me: Client) -> None:
    assert me.http.get(f"{me.address}/uploads/x").status_code == 405
    assert me.http.post(f"{me.address}/documents/x").status_code == 405


def test_the_clock_of_a_request_moves_no_ticket(me: Client, number: str) -> None:
    """Tickets live by the real clock."""
    document = upload(me.at(NOW), number, PICTURE)
    assert paper(me, document)["status"] == "CLEAN"


# Other origins, and how often

OURS = "https://app.example"


@pytest.fixture(scope="module")
def narrow(gateway: Gateway, database: str) -> Iterator[Gateway]:
    """Lets one page read papers, and few of them at a time."""
    lanes = replace(LANES, developer=replace(LANES.developer, burst=120, per_second=1))
    with running_gateway(dsn(database, ROLE), gateway.folder, origins=(OURS,), lanes=lanes) as address:
        yield Gateway(address, gateway.folder, gateway.owner_dsn)


@pytest.mark.parametrize("path", ["/uploads/x", "/documents/x"])
@pytest.mark.parametrize(("origin", "allowed"), [(OURS, OURS), ("https://evil.example", None)])
def test_pages_that_are_named_read_papers(narrow: Gateway, path: str, origin: str, allowed: str | None) -> None:
    asked = {"origin": origin, "access-control-request-method": "PUT"}
    preflight = httpx.options(f"{narrow.address}{path}", headers=asked)
    assert preflight.headers.get("access-control-allow-origin") == allowed
    assert preflight.headers.get("access-control-allow-methods") == (allowed and "GET, PUT")
    answer = httpx.get(f"{narrow.address}{path}", headers={"origin": origin})
    assert answer.headers.get("access-control-allow-origin") == allowed


@pytest.mark.parametrize("way", ["in", "out"])
def test_papers_are_paid_for_like_anything_else(narrow: Gateway, way: str) -> None:
    def send() -> httpx.Response:
        token = {"authorization": f"Bearer {narrow.vendor('QITAI' if way == 'in' else 'HUANQIU').token}"}
        if way == "in":
            return httpx.put(f"{narrow.address}/uploads/x", content=b"x", headers=token)
        return httpx.get(f"{narrow.address}/documents/x", headers=token)

    answers = [send() for _ in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 429, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert answers[-1].json()["errors"][0]["extensions"]["code"] == "THROTTLED"
