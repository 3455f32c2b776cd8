"""Those outside whom the settings name: providers of identity and of payments, and receivers of messages."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.variables import SettingsError, objects, safe_url


@dataclass(frozen=True, slots=True)
class Issuer:
    """An identity provider whose tokens let people in. Its keys come from an address or from a file."""

    issuer: str
    audience: str
    jwks_url: str | None = None
    jwks_file: Path | None = None
    subject_claim: str = "sub"
    people: str = "customers"  # or staff
    role_claim: str = "role"  # where a token of staff says its role

    @property
    def is_of_staff(self) -> bool:
        return self.people == "staff"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that takes the messages of an audience; the secret that they are signed with is in a file."""

    audience: str
    url: str
    secret_file: Path
    vendor: str | None = None  # of the audience VENDOR: whose cases


@dataclass(frozen=True, slots=True)
class PaymentProvider:
    """Where clients pay their bills online; both sides sign with the secret in the file."""

    name: str
    checkout_url: str
    secret_file: Path


ISSUER_FIELDS = {"issuer", "audience", "jwksUrl", "jwksFile", "subjectClaim", "people", "roleClaim"}
ISSUER_EXAMPLE = '[{"issuer": "https://id.example", "audience": "gateway", "jwksUrl": "https://id.example/jwks.json"}]'


def issuers_of(value: str) -> tuple[Issuer, ...]:
    """An empty variable names none. A slip in it stops the start: who may come in is never guessed."""
    items = objects("GATEWAY_ISSUERS", value, ISSUER_EXAMPLE)
    found = tuple(_issuer(item) for item in items)
    if len({issuer.issuer for issuer in found}) < len(found):
        raise SettingsError("GATEWAY_ISSUERS names an issuer twice")
    return found


def _issuer(item: dict[str, Any]) -> Issuer:
    if not set(item) <= ISSUER_FIELDS or not all(isinstance(text, str) and text for text in item.values()):
        raise SettingsError(f"GATEWAY_ISSUERS: an issuer has {', '.join(sorted(ISSUER_FIELDS))}, each a text")
    if not {"issuer", "audience"} <= set(item) or ("jwksUrl" in item) == ("jwksFile" in item):
        raise SettingsError("GATEWAY_ISSUERS: an issuer needs issuer, audience, and either jwksUrl or jwksFile")
    if item.get("people", "customers") not in ("customers", "staff"):
        raise SettingsError("GATEWAY_ISSUERS: people must be customers or staff")
    return Issuer(
        issuer=item["issuer"],
        audience=item["audience"],
        jwks_url=safe_url("GATEWAY_ISSUERS: jwksUrl", item["jwksUrl"]) if "jwksUrl" in item else None,
        jwks_file=Path(item["jwksFile"]).absolute() if "jwksFile" in item else None,
        subject_claim=item.get("subjectClaim", "sub"),
        people=item.get("people", "customers"),
        role_claim=item.get("roleClaim", "role"),
    )


AUDIENCES = ("CUSTOMER", "VENDOR", "STAFF")
WEBHOOK_FIELDS = {"audience", "vendor", "url", "secretFile"}
WEBHOOK_EXAMPLE = '[{"audience": "CUSTOMER", "url": "https://sms.example/hook", "secretFile": "hook.secret"}]'


def webhooks_of(value: str) -> tuple[Webhook, ...]:
    return tuple(_webhook(item) for item in objects("GATEWAY_WEBHOOKS", value, WEBHOOK_EXAMPLE))


def _webhook(item: dict[str, Any]) -> Webhook:
    if not set(item) <= WEBHOOK_FIELDS or not all(isinstance(text, str) and text for text in item.values()):
        raise SettingsError(f"GATEWAY_WEBHOOKS: a webhook has {', '.join(sorted(WEBHOOK_FIELDS))}, each a text")
    if not {"audience", "url", "secretFile"} <= set(item) or item["audience"] not in AUDIENCES:
        raise SettingsError(f"GATEWAY_WEBHOOKS: a webhook needs url, secretFile and audience ({', '.join(AUDIENCES)})")
    if ("vendor" in item) != (item["audience"] == "VENDOR"):
        raise SettingsError("GATEWAY_WEBHOOKS: a webhook of the audience VENDOR, and no other, names its vendor")
    return Webhook(
        audience=item["audience"],
        vendor=item.get("vendor"),
        url=safe_url("GATEWAY_WEBHOOKS: url", item["url"]),
        secret_file=Path(item["secretFile"]).absolute(),
    )


PAYMENT_FIELDS = {"name", "checkoutUrl", "secretFile"}
PAYMENT_EXAMPLE = '[{"name": "unionpay", "checkoutUrl": "https://pay.example/orders", "secretFile": "pay.secret"}]'
PROVIDER = re.compile(r"[a-z0-9-]{1,30}", re.ASCII)


def payments_of(value: str) -> tuple[PaymentProvider, ...]:
    """The first takes new payments; the others are those of before, whose callbacks may still come."""
    found = tuple(_payment(item) for item in objects("GATEWAY_PAYMENTS", value, PAYMENT_EXAMPLE))
    if len({provider.name for provider in found}) < len(found):
        raise SettingsError("GATEWAY_PAYMENTS names a provider twice")
    return found


def _payment(item: dict[str, Any]) -> PaymentProvider:
    if set(item) != PAYMENT_FIELDS or not all(isinstance(text, str) and text for text in item.values()):
        raise SettingsError(f"GATEWAY_PAYMENTS: a provider has {', '.join(sorted(PAYMENT_FIELDS))}, each a text")
    if not PROVIDER.fullmatch(item["name"]) or item["name"] in RESERVED_PROVIDERS:
        raise SettingsError("GATEWAY_PAYMENTS: a name is of small letters, digits and hyphens, and not a reserved one")
    return PaymentProvider(
        name=item["name"],
        checkout_url=safe_url("GATEWAY_PAYMENTS: checkoutUrl", item["checkoutUrl"]),
        secret_file=Path(item["secretFile"]).absolute(),
    )


RESERVED_PROVIDERS = frozenset({"sandbox", "counter"})
"""The one of development, and money that the hospital itself has taken."""
