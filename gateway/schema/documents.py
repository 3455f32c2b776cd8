"""Papers: what is known of them. Their bytes are at `/documents/{id}`."""

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
    T("随事项提交的材料。", "A paper that is handed in for a case."),
    prefix="doc",
    id_columns=("policy_id", "id"),
    scope="documents:read",
)
class Document(SqlType, Node):
    id: strawberry.ID = global_id("doc", "policy_id", "id")
    kind: str = column("kind", T("材料种类，如 LAB_REPORT。", "Kind of paper, such as LAB_REPORT."))
    status: DocumentStatus = enum_column("state", DocumentStatus, T("状态。", "Its state."))
    file_name: str | None = column(
        "file_name", T("上传者所称的文件名。", "What the one who uploaded it calls the file."), sensitive=True
    )
    media_type: str = column(
        "media_type",
        T("媒体类型；检查后以文件内容为准。", "Media type; once checked, as the bytes say."),
    )
    size: int = column("size", T("字节数。", "Size in bytes."))
    sha256: str | None = column("sha256", T("内容的 SHA-256。", "SHA-256 of its bytes."))
    issued_on: dt.date | None = column("issued_on", T("材料上的日期。", "Date that is printed on it."))
    page_count: int | None = column("page_count", T("页数。", "Number of pages."))
    width: int | None = column("width", T("图像宽度（像素）。", "Width of an image, in pixels."))
    height: int | None = column("height", T("图像高度（像素）。", "Height of an image, in pixels."))
    dots_per_inch: int | None = column(
        "dots_per_inch", T("分辨率；文件未注明为空。", "Resolution; null where the file does not state it.")
    )
    has_color: bool | None = column(
        "has_color",
        T("是否彩色；无从判断为空。", "Whether it is in color; null where that cannot be told."),
    )
    created_at: dt.datetime = column("created_at", T("登记时刻。", "When it was reserved."))
    uploaded_at: dt.datetime | None = column("uploaded_at", T("上传时刻。", "When it was uploaded."))
    checked_at: dt.datetime | None = column("checked_at", T("检查完毕的时刻。", "When it was checked."))
