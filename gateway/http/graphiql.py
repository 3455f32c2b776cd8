"""The page that a browser gets at /graphql: GraphiQL, from files that were installed beside the gateway.

Nothing comes from another host. Where the files are missing, the page says so and how to get them.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from gateway.http.examples import EXAMPLES
from gateway.settings import Settings

OURS = Path(__file__).parent / "static"
SCRIPT = "text/javascript; charset=utf-8"
STYLE = "text/css; charset=utf-8"
INSTALL = "npm ci --ignore-scripts --no-audit --no-fund"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file that may be served; its package is an npm package, or None for a file of ours."""

    name: str
    media_type: str
    package: str | None = None
    inside: str = ""

    def path(self, installed: Path) -> Path:
        return OURS / self.name if self.package is None else installed / self.package / self.inside


INSTALLED = (
    Asset("react.js", SCRIPT, "react", "umd/react.production.min.js"),
    Asset("react-dom.js", SCRIPT, "react-dom", "umd/react-dom.production.min.js"),
    Asset("graphiql.js", SCRIPT, "graphiql", "graphiql.min.js"),
    Asset("graphiql.css", STYLE, "graphiql", "graphiql.min.css"),
)
OWN = (Asset("page.js", SCRIPT), Asset("page.css", STYLE))
ASSETS = {asset.name: asset for asset in (*INSTALLED, *OWN)}
"""All that can be asked for under /graphiql/. A name that is not here leads to no file."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'nonce-{nonce}'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "font-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
FOREVER = "public, max-age=31536000, immutable"
PAGE_HEADERS = {"cache-control": "no-store", "referrer-policy": "no-referrer", "vary": "accept"}
NOT_A_GUESS = {"x-content-type-options": "nosniff"}


class GraphiQL:
    def __init__(self, settings: Settings) -> None:
        self._installed = settings.graphiql_folder
        self.is_open = settings.is_development

    def routes(self) -> list[Route]:
        return [Route("/graphiql/{name}", self.asset)] if self.is_open else []

    def page(self) -> Response:
        """Looks at the files each time, so that a reload is enough once they have been installed."""
        nonce = secrets.token_urlsafe(16)
        versions = self._versions()
        shown = _missing() if versions is None else _page(versions, nonce)
        headers = {"content-security-policy": POLICY.format(nonce=nonce), **PAGE_HEADERS, **NOT_A_GUESS}
        return HTMLResponse(shown, headers=headers)

    async def asset(self, request: Request) -> Response:
        asset = ASSETS.get(request.path_params["name"])
        path = asset and self._path(asset)
        if asset is None or path is None or not path.is_file():
            return PlainTextResponse("There is no such file.", 404, headers=NOT_A_GUESS)
        kept = FOREVER if "v" in request.query_params else "no-cache"
        return FileResponse(path, media_type=asset.media_type, headers={"cache-control": kept, **NOT_A_GUESS})

    def _path(self, asset: Asset) -> Path | None:
        if asset.package is None:
            return asset.path(OURS)
        return None if self._installed is None else asset.path(self._installed)

    def _versions(self) -> dict[str, str] | None:
        """What each address is kept under; None unless all the files are there."""
        if self._installed is None or not all(asset.path(self._installed).is_file() for asset in INSTALLED):
            return None
        return dict(_versions(self._installed))


def _versions(installed: Path) -> Iterator[tuple[str, str]]:
    for asset in INSTALLED:
        package = json.loads((installed / str(asset.package) / "package.json").read_bytes())
        yield asset.name, package["version"]
    for asset in OWN:
        yield asset.name, hashlib.sha256(asset.path(OURS).read_bytes()).hexdigest()[:16]


def _page(versions: Mapping[str, str], nonce: str) -> str:
    addresses = {name: f"/graphiql/{name}?v={version}" for name, version in versions.items()}
    names = {name.replace(".", "_").replace("-", "_"): address for name, address in addresses.items()}
    return PAGE.substitute(names, nonce=nonce, examples=_inert([example.as_tab() for example in EXAMPLES]))


def _missing() -> str:
    return MISSING.substitute(command=INSTALL)


def _inert(data: Any) -> str:
    """JSON that may stand between script tags: nothing in it can close them."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


PAGE = Template(
    """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="$graphiql_css">
<link rel="stylesheet" href="$page_css">
</head>
<body>
<div id="graphiql">正在加载… · Loading…</div>
<noscript>此页需要 JavaScript。 · This page needs JavaScript.</noscript>
<script type="application/json" id="examples">$examples</script>
<script src="$react_js"></script>
<script src="$react_dom_js"></script>
<script src="$graphiql_js" id="bundle" nonce="$nonce"></script>
<script src="$page_js"></script>
</body>
</html>
"""
)

MISSING = Template(
    """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/graphiql/page.css">
</head>
<body class="missing">
<main>
<section lang="zh-CN">
<h1>GraphiQL 尚未安装</h1>
<p>网关运行正常，只是本页所需的文件还没有安装。请在项目目录中运行以下命令，然后刷新本页：</p>
<pre>$command</pre>
<p>GraphQL 客户端不受影响：向 <code>/graphql</code> 发送 POST 请求即可。</p>
</section>
<section lang="en">
<h1>GraphiQL is not installed</h1>
<p>The gateway works; only the files of this page are not there.
Run this in the folder of the project, then reload the page:</p>
<pre>$command</pre>
<p>Clients are not affected: they send POST requests to <code>/graphql</code>.</p>
</section>
</main>
</body>
</html>
"""
)
