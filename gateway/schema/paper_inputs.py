"""Papers as a request hands them in."""

from collections.abc import Iterable

import strawberry

from gateway.language import T
from gateway.resolvers.requests import HandedIn


@strawberry.input(description=T("提交的材料及其种类。", "A paper, and what it is handed in as."))
class ClaimDocumentInput:
    kind: str = strawberry.field(
        description=T(
            "材料种类，大写字母，如 AGENT_ID；理赔见 claimChecklist。",
            "Kind of paper in capital letters, such as AGENT_ID; for claims see claimChecklist.",
        )
    )
    document: strawberry.ID = strawberry.field(
        description=T("上传凭证给出的编号。", "Its id, as the upload ticket gave it.")
    )


def handed(given: Iterable[ClaimDocumentInput]) -> tuple[HandedIn, ...]:
    return tuple(HandedIn(paper.kind, paper.document) for paper in given)
