"""Papers as clients bring them: files of every kind, the ticket, and the upload."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from typing import Any

import httpx
import pikepdf
from PIL import Image

from tests.support.client import Answer, Client, new_key

CREATE = """
mutation Create($input: UploadTicketCreateInput!, $dryRun: Boolean! = false) {
  uploadTicketCreate(input: $input, dryRun: $dryRun) {
    isReplay isDryRun
    verdicts { status message remedy rule { code } }
    refusals { message }
    uploadTicket { uploadUrl expiresAt document { id status kind mediaType size fileName } }
  }
}
"""
PAPER = """
query Paper($id: ID!) {
  node(id: $id) { ... on Document {
    id status kind mediaType size fileName width height dotsPerInch hasColor pageCount uploadedAt checkedAt
  } }
}
"""
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def picture(*, color: bool = True, size: tuple[int, int] = (600, 800), dots: int = 300, kind: str = "PNG") -> bytes:
    """A page with a stamp on it, red or gray."""
    page = Image.new("RGB" if color else "L", size, "white")
    page.paste((200, 20, 30) if color else 90, (50, 50, 150, 150))
    written = io.BytesIO()
    page.save(written, kind, dpi=(dots, dots))
    return written.getvalue()


def scan(*, color: bool = True, dots: int = 200) -> bytes:
    """A PDF of one scanned page."""
    page = Image.open(io.BytesIO(picture(color=color)))
    written = io.BytesIO()
    page.save(written, "PDF", resolution=dots)
    return written.getvalue()


def changed_pdf(change: Any, **saving: Any) -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(scan())) as pdf:
        change(pdf)
        pdf.save(written, **saving)
    return written.getvalue()


def archive() -> bytes:
    return archive_of(b"words")


def archive_of(content: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("a.txt", content)
    return written.getvalue()


@dataclass(frozen=True)
class Ticket:
    url: str
    document: str


def create(client: Client, number: str, content: bytes = b"x", *, dry_run: bool = False, **changes: Any) -> Answer:
    given = {
        "idempotencyKey": new_key(),
        "policyNumber": number,
        "kind": "LAB_REPORT",
        "fileName": "报告.png",
        "contentType": "image/png",
        "size": len(content),
    }
    return client.ask(CREATE, input=given | changes, dryRun=dry_run)


def ticket(client: Client, number: str, content: bytes, **changes: Any) -> Ticket:
    found = create(client, number, content, **changes).data["uploadTicketCreate"]["uploadTicket"]
    return Ticket(found["uploadUrl"], found["document"]["id"])


def put(client: Client, given: Ticket, content: Any, **headers: str) -> httpx.Response:
    return client.http.put(f"{client.address}{given.url}", content=content, headers=headers)


def upload(client: Client, number: str, content: bytes, **changes: Any) -> str:
    """A paper, uploaded; its id."""
    given = ticket(client, number, content, **changes)
    answer = put(client, given, content)
    assert answer.status_code == 201, answer.text
    return given.document


def paper(client: Client, document: str) -> dict[str, Any]:
    return client.ask(PAPER, id=document).data["node"]


def download(client: Client, document: str) -> httpx.Response:
    return client.http.get(f"{client.address}/documents/{document}", headers=client.all_headers)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
