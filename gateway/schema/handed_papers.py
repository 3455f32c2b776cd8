"""Papers that are handed in for a case, each as what it is."""

import strawberry

from gateway.language import T


@strawberry.input(description=T("交来的一份材料。", "A paper that is handed in."))
class ClaimDocumentInput:
    kind: str = strawberry.field(
        description=T("材料种类，大写字母，如 ADMISSION_RECORD。", "Kind in capital letters, such as ADMISSION_RECORD.")
    )
    document: strawberry.ID = strawberry.field(
        description=T("上传凭证给出的文件编号。", "Id of the document, from its upload ticket.")
    )
