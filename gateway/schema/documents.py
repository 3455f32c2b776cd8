"""Papers of a case: what they are, never what is in them."""

import datetime as dt

import strawberry

from gateway.execution.declare import SqlType, column, enum_column, global_id, sql_type
from gateway.language import T
from gateway.schema.case_enums import DocumentStatus
from gateway.schema.nodes import Node
from models.documents import Document as Rows

ORDER = ("created_at", "id")


@sql_type(
    Rows,
    T("一份材料；仅说明，不含内容。", "A paper: what it is, not what is in it."),
    prefix="doc",
    id_columns=("policy_id", "id"),
    scope="documents:read",
)
class Document(SqlType, Node):
    id: strawberry.ID = global_id("doc", "policy_id", "id")
    kind: str = column("kind", T("种类。", "Its kind."))
    status: DocumentStatus = enum_column("state", DocumentStatus, T("状态。", "Its state."))
    media_type: str = column("media_type", T("媒体类型。", "Media type."))
    size: int = column("size", T("大小（字节）。", "Size in bytes."))
    sha256: str = column("sha256", T("内容的 SHA-256。", "SHA-256 of the contents."))
    issued_on: dt.date | None = column("issued_on", T("材料上的日期。", "Date printed on it."))
    created_at: dt.datetime = column("created_at", T("预留时刻。", "When it was reserved."))
    uploaded_at: dt.datetime | None = column("uploaded_at", T("上传时刻。", "When it was uploaded."))
