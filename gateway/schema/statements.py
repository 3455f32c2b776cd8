"""Where the page of an object is: the address under which it is given out as a PDF."""

from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func
from strawberry.types import Info

from gateway.execution import ids
from gateway.execution.declare import computed
from gateway.execution.forms import Scope
from gateway.language import T

PATH = "/statements/"


def statement_url(prefix: str, zh: str, en: str, *columns: str) -> Any:
    """The address of the page of an object whose global id has this prefix."""

    def resolve(root: Any, info: Info) -> str:
        return f"{_place(info.context)}{ids.encode(prefix, *(root[name] for name in columns))}"

    def told(row: Any, scope: Scope) -> ColumnElement[str]:
        digits = [func.replace(cast(getattr(row, name), Text), "-", "") for name in columns]
        place = scope.bind(Text, lambda context: f"{_place(context)}{prefix}_")
        return func.concat(place, *digits, type_=Text)

    return computed(resolve, T(f"{zh}{NOTE_ZH}", f"{en}{NOTE_EN}"), sql=told)


NOTE_ZH = "的 PDF 地址；读取须带同一令牌，语言见 `?lang=zh|en|both`，缺省为双语。"
NOTE_EN = " as a PDF: its address, read with the same token; `?lang=zh|en|both` chooses the language, both by default."


def _place(context: Any) -> str:
    return f"{context.services.papers.public_url}{PATH}"
