"""Consents as an app records them: the version and the hash of the text that it showed."""

from typing import Any

from tests.support.client import Answer, Client, new_key
from tests.support.papers import sha256

GRANT = """
mutation Grant($input: ConsentGrantInput!, $dryRun: Boolean! = false) {
  consentGrant(input: $input, dryRun: $dryRun) {
    isReplay refusals { message }
    consent { id kind recipient vendor { code } purpose givenBy textVersion textSha256 grantedAt withdrawnAt
      insured { name } dataKinds method recipientContact }
  }
}
"""
WITHDRAW = """
mutation Withdraw($input: ConsentWithdrawInput!) {
  consentWithdraw(input: $input) { refusals { message } consent { id withdrawnAt } }
}
"""
INSURED = "query I($n: String!) { policy(number: $n) { insured { id name } } }"
TEXT = "我同意向服务商提供我的病历。"


def insured(client: Client, number: str, place: int = 0) -> str:
    """The id of an insured, as the policy lists them."""
    return client.ask(INSURED, n=number).data["policy"]["insured"][place]["id"]


def ask(client: Client, number: str, *, person: str | None = None, dry_run: bool = False, **changes: Any) -> Answer:
    given = {
        "idempotencyKey": new_key(),
        "policyNumber": number,
        "insured": person or insured(client, number),
        "kind": "VENDOR_SHARING",
        "purpose": "办理服务",
        "textVersion": "2026-01",
        "textSha256": sha256(TEXT.encode()),
    }
    return client.ask(GRANT, input=given | changes, dryRun=dry_run)


def give(client: Client, number: str, **changes: Any) -> str:
    return ask(client, number, **changes).data["consentGrant"]["consent"]["id"]


def withdraw(client: Client, consent: str) -> Answer:
    return client.ask(WITHDRAW, input={"idempotencyKey": new_key(), "consent": consent})
