"""The mutation that begins an upload; the bytes follow by `PUT` to the address that it gives."""

import datetime as dt

import strawberry

from gateway.context import Context, Services
from gateway.execution.declare import from_python
from gateway.language import T
from gateway.postgres.pool import Record
from gateway.resolvers import uploads
from gateway.resolvers.commands import Outcome as Result
from gateway.resolvers.commands import Transaction, Work
from gateway.resolvers.uploads import UploadRequest
from gateway.schema.documents import Document
from gateway.schema.mutations import KEY, mutation, of_subject, subject_of
from gateway.schema.verdicts import Outcome


@strawberry.input(description=T("要上传的材料。", "A paper to be uploaded."))
class UploadTicketCreateInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=T("保单号。", "Policy number."))
    kind: str = strawberry.field(
        description=T("材料种类，大写字母，如 LAB_REPORT。", "Kind of paper in capital letters, such as LAB_REPORT.")
    )
    file_name: str = strawberry.field(
        description=T("文件名，仅供显示。", "Name of the file; it is shown and used for nothing else.")
    )
    content_type: str = strawberry.field(
        description=T(
            "媒体类型：PDF、JPEG、PNG、WebP 或 TIFF；以文件内容为准。",
            "Media type: PDF, JPEG, PNG, WebP or TIFF; what the bytes are is found out.",
        )
    )
    size: int = strawberry.field(description=T("字节数，须与文件一致。", "Size in bytes, exactly that of the file."))
    sha256: str | None = strawberry.field(
        default=None,
        description=T(
            "文件的 SHA-256；给出时，上传的字节须与之相符。",
            "SHA-256 of the file; where it is given, other bytes are refused.",
        ),
    )
    issued_on: dt.date | None = strawberry.field(
        default=None, description=T("材料上的日期。", "Date that is printed on the paper.")
    )


@strawberry.type(description=T("上传凭证：一份材料，一次有效。", "A ticket to upload one paper, once."))
class UploadTicket:
    result: strawberry.Private[Result]
    upload_url: str | None = strawberry.field(
        description=T(
            "以 PUT 上传文件的地址；无主机名时相对于本接口；试运行时为 null。",
            "Where to PUT the file; without a host it is relative to this endpoint. Null in a dry run.",
        )
    )
    document: Document = of_subject("Document", T("所登记的材料。", "The reserved paper."), "policy_id", "id")
    expires_at: dt.datetime = strawberry.field(description=T("凭证到期时刻。", "When the ticket ends."))


@strawberry.type(description=T("申请上传凭证的结果。", "Answer to asking for a ticket."))
class UploadTicketCreatePayload(Outcome):
    ticket: strawberry.Private[UploadTicket | None]
    upload_ticket: UploadTicket | None = from_python(
        lambda payload, _context: payload.ticket, T("上传凭证。", "The ticket.")
    )


async def _payload(context: Context, result: Result) -> UploadTicketCreatePayload:
    """The ticket is written from the row as it is kept, so that a replay has the same one."""
    row = await subject_of(context, "Document", ("policy_id", "id"), result)
    return UploadTicketCreatePayload(result=result, ticket=row and _ticket(context.services, result, row))


def _ticket(services: Services, result: Result, row: Record) -> UploadTicket:
    url = f"{services.papers.public_url}/uploads/{uploads.ticket_text(services, row)}"
    return UploadTicket(result=result, upload_url=None if result.is_dry_run else url, expires_at=row["ticket_until"])


async def _create(transaction: Transaction, operation: str, input: UploadTicketCreateInput) -> Work:
    request = UploadRequest(
        policy_number=input.policy_number,
        kind=input.kind,
        file_name=input.file_name,
        content_type=input.content_type,
        size=input.size,
        sha256=input.sha256,
        issued_on=input.issued_on,
    )
    return await uploads.reserve(transaction, operation, request)


@strawberry.type
class DocumentMutations:
    upload_ticket_create = mutation(
        UploadTicketCreateInput,
        UploadTicketCreatePayload,
        _create,
        "登记一份材料，取得一次性的上传地址。",
        "Reserve a paper and get the address to upload it to, once.",
        scopes=("documents:write",),
        make=_payload,
    )
