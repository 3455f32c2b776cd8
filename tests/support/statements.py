"""Statements as their readers get them, and what stands on them."""

import io
import re
from typing import Any

import httpx
import pypdf

from tests.support.client import Client

URLS = """
{ policies { nodes { number id statementUrl
  preAuths { nodes { guaranteeLetters { number statementUrl } } }
  claims { nodes { id number decision { id statementUrl } } } } } }
"""


def get(client: Client, address: str, **headers: str | None) -> httpx.Response:
    """Without a language unless the headers have one."""
    sent = {name: value for name, value in ({**client.all_headers, "accept-language": None} | headers).items() if value}
    return client.http.get(f"{client.address}{address}", headers={"accept-language": "*", **sent})


def page(client: Client, address: str, **headers: str | None) -> str:
    """The text of a statement, all white space as one blank."""
    answer = get(client, address, **headers)
    assert answer.status_code == 200, answer.text
    return text_of(answer.content)


def opened(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content), strict=True)


def text_of(content: bytes) -> str:
    """As the text layer has it: words that a line break parts are joined by a blank."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in opened(content).pages))


def addresses(client: Client) -> dict[str, str]:
    """Number of a policy, letter or claim → where its statement is."""
    found: dict[str, str] = {}
    for policy in client.ask(URLS).data["policies"]["nodes"]:
        found[policy["number"]] = policy["statementUrl"]
        for asked in policy["preAuths"]["nodes"]:
            found |= {letter["number"]: letter["statementUrl"] for letter in asked["guaranteeLetters"]}
        found |= {claim["number"]: claim["decision"]["statementUrl"] for claim in decided(policy)}
    return found


def decided(policy: dict[str, Any]) -> list[dict[str, Any]]:
    return [claim for claim in policy["claims"]["nodes"] if claim["decision"]]
