"""Environment → one frozen Settings. Every variable is listed here and nowhere else."""

import ipaddress
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from gateway.bounds import BOUNDS, LANES, LIVE, Bounds, Lanes, Live, changed
from gateway.mendable import Mendable

T = TypeVar("T")
PAPERS = re.compile(r"[A-Z][A-Z_]*|\*")
LINES = re.compile(r"reads|writes")
LONGEST_PERIOD = 36_500


class SettingsError(Mendable):
    """A variable has a value that cannot be taken; the message says which and what it may be."""


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


@dataclass(frozen=True, slots=True)
class Settings:
    mode: str = "production"  # GATEWAY_MODE: production or development
    database_url: str | None = None  # DATABASE_URL: any PostgreSQL ≥ 15; unset: the embedded server
    owner_database_url: str | None = None  # DATABASE_OWNER_URL: the role that owns the tables, for migrations
    folder: Path = Path(".gateway")  # GATEWAY_FOLDER: keys, embedded server
    host: str = "127.0.0.1"  # GATEWAY_HOST
    port: int = 8000  # GATEWAY_PORT
    workers: int = 1  # GATEWAY_WORKERS
    pool_size: int = 10  # GATEWAY_POOL_SIZE: connections of one worker
    statement_cache: int = 200  # GATEWAY_STATEMENT_CACHE: 0 behind an old PgBouncer in transaction mode
    graphiql_folder: Path | None = None  # GATEWAY_GRAPHIQL: where the page's assets were installed
    bounds: Bounds = BOUNDS  # GATEWAY_BOUNDS: JSON, what differs from the defaults
    lanes: Lanes = LANES  # GATEWAY_LANES: JSON, {lane: {budget, perSecond, burst, …}}, what differs
    rate_limits: str = "memory"  # GATEWAY_RATE_LIMITS: memory (each worker for itself) or postgres (all together)
    trusted_proxies: tuple[str, ...] = ()  # GATEWAY_TRUSTED_PROXIES: networks whose X-Forwarded-For is believed
    requests: int = 512  # GATEWAY_REQUESTS: under way at once in one worker; more are sent away
    longest_ms: int = 10_000  # GATEWAY_LONGEST_MS: that any request may take
    live: Live = LIVE  # GATEWAY_LIVE: JSON, what differs from the defaults
    listen: str = "on"  # GATEWAY_LISTEN: off behind a pooler that gives no session to itself; changes are polled then
    jobs: str = "off"  # GATEWAY_JOBS: inside (`gateway serve` unless told otherwise) or off, for `gateway jobs run`
    origins: tuple[str, ...] = ()  # GATEWAY_ORIGINS: web pages that may read answers, such as https://app.example
    hsts_seconds: int = 0  # GATEWAY_HSTS_SECONDS: for how long browsers shall insist on TLS; 0: the proxy says it
    public_seconds: int = 60  # GATEWAY_PUBLIC_SECONDS: for how long anybody may keep an answer of the catalogue
    authority_limit: Decimal = Decimal(50_000)  # GATEWAY_AUTHORITY_LIMIT: what one adjuster may grant alone, in CNY
    webhooks: tuple[Webhook, ...] = ()  # GATEWAY_WEBHOOKS: JSON, [{audience, vendor, url, secretFile}]
    payments: tuple[PaymentProvider, ...] = ()  # GATEWAY_PAYMENTS: JSON, [{name, checkoutUrl, secretFile}]
    payment_minutes: int = 30  # GATEWAY_PAYMENT_MINUTES: that an online payment may take
    issuers: tuple[Issuer, ...] = ()  # GATEWAY_ISSUERS: JSON, [{issuer, audience, jwksUrl or jwksFile, …}]
    unmask_per_day: int = 50  # GATEWAY_UNMASK_PER_DAY: how often one person may see hidden data in a civil day
    public_url: str = ""  # GATEWAY_PUBLIC_URL: how clients reach the gateway; unset: addresses without a host
    largest_upload: int = 20_000_000  # GATEWAY_LARGEST_UPLOAD: bytes of one paper
    keep_uploads_days: int = 30  # GATEWAY_KEEP_UPLOADS_DAYS: of papers that no case has
    keep_papers: Mapping[str, int] = field(default_factory=dict[str, int])
    """GATEWAY_KEEP_PAPERS: JSON, {kind: days after the policy has ended}, "*" for all other kinds; unnamed: kept."""
    keep_trail: Mapping[str, int] = field(default_factory=dict[str, int])
    """GATEWAY_KEEP_TRAIL: JSON, {"reads": days, "writes": days} that lines of the audit trail stay; unnamed: kept."""
    storage_url: str = ""  # GATEWAY_STORAGE: s3://bucket/prefix; unset: a folder in GATEWAY_FOLDER
    scanner: str = ""  # GATEWAY_SCANNER: clamd://host:port or clamd:///socket

    @property
    def is_development(self) -> bool:
        return self.mode == "development"

    @property
    def token_key(self) -> Path:
        return self.folder / "token.pem"

    @property
    def vendor_key(self) -> Path:
        return self.folder / "vendor-tokens.key"

    @property
    def personal_key(self) -> Path:
        return self.folder / "personal.key"

    @property
    def upload_key(self) -> Path:
        return self.folder / "uploads.key"

    @property
    def sandbox_secret(self) -> Path:
        return self.folder / "payments-sandbox.key"

    @property
    def cursor_key(self) -> Path:
        return self.folder / "cursor.key"

    @classmethod
    def load(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        graphiql = environment.get("GATEWAY_GRAPHIQL", "node_modules")
        return cls(
            mode=_choice(environment, "GATEWAY_MODE", ("production", "development")),
            database_url=environment.get("DATABASE_URL") or None,
            owner_database_url=environment.get("DATABASE_OWNER_URL") or environment.get("DATABASE_URL") or None,
            folder=Path(environment.get("GATEWAY_FOLDER", ".gateway")).absolute(),
            host=environment.get("GATEWAY_HOST", "127.0.0.1"),
            port=_number(environment, "GATEWAY_PORT", 8000, 0, 65535),
            workers=_number(environment, "GATEWAY_WORKERS", 1, 1, 64),
            pool_size=_number(environment, "GATEWAY_POOL_SIZE", 10, 1, 200),
            statement_cache=_number(environment, "GATEWAY_STATEMENT_CACHE", 200, 0, 10_000),
            graphiql_folder=Path(graphiql).absolute(),
            issuers=_issuers(environment.get("GATEWAY_ISSUERS", "")),
            bounds=_changed(environment, "GATEWAY_BOUNDS", BOUNDS),
            lanes=_changed(environment, "GATEWAY_LANES", LANES),
            rate_limits=_choice(environment, "GATEWAY_RATE_LIMITS", ("memory", "postgres")),
            trusted_proxies=_networks(environment, "GATEWAY_TRUSTED_PROXIES"),
            requests=_number(environment, "GATEWAY_REQUESTS", 512, 1, 100_000),
            longest_ms=_number(environment, "GATEWAY_LONGEST_MS", 10_000, 1, 10_000),
            live=_changed(environment, "GATEWAY_LIVE", LIVE),
            listen=_choice(environment, "GATEWAY_LISTEN", ("on", "off")),
            jobs=_choice(environment, "GATEWAY_JOBS", ("off", "inside")),
            origins=_origins(environment.get("GATEWAY_ORIGINS", "")),
            hsts_seconds=_number(environment, "GATEWAY_HSTS_SECONDS", 0, 0, 63_072_000),
            public_seconds=_number(environment, "GATEWAY_PUBLIC_SECONDS", 60, 0, 86_400),
            authority_limit=Decimal(_number(environment, "GATEWAY_AUTHORITY_LIMIT", 50_000, 0, 10**12)),
            webhooks=_webhooks(environment.get("GATEWAY_WEBHOOKS", "")),
            payments=_payments(environment.get("GATEWAY_PAYMENTS", "")),
            payment_minutes=_number(environment, "GATEWAY_PAYMENT_MINUTES", 30, 1, 1440),
            unmask_per_day=_number(environment, "GATEWAY_UNMASK_PER_DAY", 50, 0, 100_000),
            public_url=_address(environment, "GATEWAY_PUBLIC_URL", ("https", "http")).rstrip("/"),
            largest_upload=_number(environment, "GATEWAY_LARGEST_UPLOAD", 20_000_000, 1, 200_000_000),
            keep_uploads_days=_number(environment, "GATEWAY_KEEP_UPLOADS_DAYS", 30, 1, 3650),
            keep_papers=_periods(environment, "GATEWAY_KEEP_PAPERS", PAPERS, "kind of paper", "INVOICE"),
            keep_trail=_periods(environment, "GATEWAY_KEEP_TRAIL", LINES, "reads and writes", "reads"),
            storage_url=_address(environment, "GATEWAY_STORAGE", ("s3",)),
            scanner=_address(environment, "GATEWAY_SCANNER", ("clamd",)),
        )


def _choice(environment: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = environment.get(name, choices[0])
    if value not in choices:
        raise SettingsError(f"{name} is {value!r}; it may be {' or '.join(choices)}")
    return value


def _number(environment: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = environment.get(name, str(default))
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise SettingsError(f"{name} is {value!r}; it may be a whole number from {low} to {high}")
    return int(value)


def _changed(environment: Mapping[str, str], name: str, default: T) -> T:
    try:
        return changed(name, default, environment.get(name, ""))
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _periods(
    environment: Mapping[str, str], name: str, known: re.Pattern[str], of: str, example: str
) -> dict[str, int]:
    """Days by word, as JSON."""
    try:
        found = json.loads(environment.get(name, "") or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(_is_period(known, *item) for item in cast(dict[Any, Any], found).items()):
        raise SettingsError(f'{name} is no JSON of days by {of}, such as {{"{example}": 3650}}')
    return cast(dict[str, int], found)


def _is_period(known: re.Pattern[str], word: str, days: Any) -> bool:
    return known.fullmatch(word) is not None and type(days) is int and 0 <= days <= LONGEST_PERIOD


def _networks(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = tuple(item.strip() for item in environment.get(name, "").split(",") if item.strip())
    for item in found:
        try:
            ipaddress.ip_network(item)
        except ValueError:
            raise SettingsError(f"{name}: {item!r} is no network, such as 10.0.0.0/8 or 192.0.2.7") from None
    return found


def _origins(value: str) -> tuple[str, ...]:
    """Each exactly as a browser says it: a scheme and a host, nothing after it, and no wildcard."""
    found = tuple(item.strip() for item in value.split(",") if item.strip())
    for item in found:
        if not ORIGIN.fullmatch(item):
            raise SettingsError(f"GATEWAY_ORIGINS: {item!r} is no origin, such as https://app.example")
    return found


ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")


def _address(environment: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    value = environment.get(name, "")
    try:
        is_known = not value or urlsplit(value).scheme in schemes
    except ValueError:
        is_known = False
    if not is_known:
        raise SettingsError(f"{name} must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return value


ISSUER_FIELDS = {"issuer", "audience", "jwksUrl", "jwksFile", "subjectClaim", "people", "roleClaim"}
ISSUER_EXAMPLE = '[{"issuer": "https://id.example", "audience": "gateway", "jwksUrl": "https://id.example/jwks.json"}]'


def _issuers(value: str) -> tuple[Issuer, ...]:
    """An empty variable names none. A slip in it stops the start: who may come in is never guessed."""
    items = _objects("GATEWAY_ISSUERS", value, ISSUER_EXAMPLE)
    found = tuple(_issuer(item) for item in items)
    if len({issuer.issuer for issuer in found}) < len(found):
        raise SettingsError("GATEWAY_ISSUERS names an issuer twice")
    return found


def _objects(name: str, value: str, example: str) -> list[dict[str, Any]]:
    """A JSON list of objects; nothing is an empty one."""
    if not value.strip():
        return []
    try:
        items = json.loads(value)
    except ValueError:
        items = None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise SettingsError(f"{name} must be a JSON list, such as {example}")
    return items


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
        jwks_url=_safe_url("GATEWAY_ISSUERS: jwksUrl", item["jwksUrl"]) if "jwksUrl" in item else None,
        jwks_file=Path(item["jwksFile"]).absolute() if "jwksFile" in item else None,
        subject_claim=item.get("subjectClaim", "sub"),
        people=item.get("people", "customers"),
        role_claim=item.get("roleClaim", "role"),
    )


AUDIENCES = ("CUSTOMER", "VENDOR", "STAFF")
WEBHOOK_FIELDS = {"audience", "vendor", "url", "secretFile"}
WEBHOOK_EXAMPLE = '[{"audience": "CUSTOMER", "url": "https://sms.example/hook", "secretFile": "hook.secret"}]'


def _webhooks(value: str) -> tuple[Webhook, ...]:
    return tuple(_webhook(item) for item in _objects("GATEWAY_WEBHOOKS", value, WEBHOOK_EXAMPLE))


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
        url=_safe_url("GATEWAY_WEBHOOKS: url", item["url"]),
        secret_file=Path(item["secretFile"]).absolute(),
    )


PAYMENT_FIELDS = {"name", "checkoutUrl", "secretFile"}
PAYMENT_EXAMPLE = '[{"name": "unionpay", "checkoutUrl": "https://pay.example/orders", "secretFile": "pay.secret"}]'
PROVIDER = re.compile(r"[a-z0-9-]{1,30}", re.ASCII)


def _payments(value: str) -> tuple[PaymentProvider, ...]:
    """The first takes new payments; the others are those of before, whose callbacks may still come."""
    found = tuple(_payment(item) for item in _objects("GATEWAY_PAYMENTS", value, PAYMENT_EXAMPLE))
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
        checkout_url=_safe_url("GATEWAY_PAYMENTS: checkoutUrl", item["checkoutUrl"]),
        secret_file=Path(item["secretFile"]).absolute(),
    )


RESERVED_PROVIDERS = frozenset({"sandbox", "counter"})
"""The one of development, and money that the hospital itself has taken."""


def _safe_url(name: str, value: str) -> str:
    """Whoever can change what travels can be anybody; only this very machine is trusted without TLS."""
    try:
        url = urlsplit(value)
    except ValueError:
        url = urlsplit("")
    is_here = url.scheme == "http" and url.hostname in ("localhost", "127.0.0.1", "::1")
    if not url.hostname or not (url.scheme == "https" or is_here):
        raise SettingsError(f"{name} must begin with https://")
    return value
