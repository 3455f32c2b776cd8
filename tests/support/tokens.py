"""Tokens of vendors as an administrator handles them, and small questions that tell what a token opens."""

import datetime as dt
from typing import Any

from tests.support.client import Answer, Client, Gateway, new_key

TOKEN = """{
  id name prefix vendor scopes products services hospitals createdAt expiresAt lastUsedAt revokedAt
}"""
ANSWER = f"isDryRun isReplay refusals {{ message }} token {TOKEN}"

ISSUE = f"""
mutation Issue($input: VendorTokenIssueInput!, $dryRun: Boolean! = false) {{
  vendorTokenIssue(input: $input, dryRun: $dryRun) {{ {ANSWER} secret }}
}}
"""
ROTATE = f"""
mutation Rotate($input: VendorTokenRotateInput!, $dryRun: Boolean! = false) {{
  vendorTokenRotate(input: $input, dryRun: $dryRun) {{ {ANSWER} secret }}
}}
"""
REVOKE = f"""
mutation Revoke($input: VendorTokenRevokeInput!, $dryRun: Boolean! = false) {{
  vendorTokenRevoke(input: $input, dryRun: $dryRun) {{ {ANSWER} }}
}}
"""
VIEWER = "{ viewer { kind name vendor scopes } }"
BOOKINGS = "{ bookings(first: 100) { totalCount nodes { id number } } }"
ALL = ["policies:read", "bookings:read", "bookings:write", "documents:read"]


def wanted(**changes: Any) -> dict[str, Any]:
    good = {
        "idempotencyKey": new_key(),
        "vendor": "HUANQIU",
        "name": "escort desk",
        "scopes": ALL,
        "products": ["ZYB"],
    }
    return good | changes


def issue(gateway: Gateway, **changes: Any) -> dict[str, Any]:
    """A new token: the payload's `token` with its `secret`."""
    answer = gateway.staff("administrator").ask(ISSUE, input=wanted(**changes)).data["vendorTokenIssue"]
    return answer["token"] | {"secret": answer["secret"]}


def rotate(gateway: Gateway, token: str, **fields: Any) -> Answer:
    given = {"idempotencyKey": new_key(), "token": token} | fields
    return gateway.staff("administrator").ask(ROTATE, input=given)


def revoke(gateway: Gateway, token: str, **fields: Any) -> Answer:
    given = {"idempotencyKey": new_key(), "token": token} | fields
    return gateway.staff("administrator").ask(REVOKE, input=given)


def bearer(gateway: Gateway, secret: str) -> Client:
    return Client(gateway.address, secret, http=gateway.http)


def status(client: Client) -> int:
    """What a request with this token is answered with before it is GraphQL."""
    return client.ask(VIEWER).response.status_code


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
