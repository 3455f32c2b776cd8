"""Environment → one frozen Settings. Every variable is listed here and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from gateway.bounds import BOUNDS, LANES, LIVE, Bounds, Lanes, Live
from gateway.partners import Issuer, PaymentProvider, Webhook, issuers_of, payments_of, webhooks_of
from gateway.variables import LINES, PAPERS, address, choice, networks, number, origins, overridden, periods


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
            mode=choice(environment, "GATEWAY_MODE", ("production", "development")),
            database_url=environment.get("DATABASE_URL") or None,
            owner_database_url=environment.get("DATABASE_OWNER_URL") or environment.get("DATABASE_URL") or None,
            folder=Path(environment.get("GATEWAY_FOLDER", ".gateway")).absolute(),
            host=environment.get("GATEWAY_HOST", "127.0.0.1"),
            port=number(environment, "GATEWAY_PORT", 8000, 0, 65535),
            workers=number(environment, "GATEWAY_WORKERS", 1, 1, 64),
            pool_size=number(environment, "GATEWAY_POOL_SIZE", 10, 1, 200),
            statement_cache=number(environment, "GATEWAY_STATEMENT_CACHE", 200, 0, 10_000),
            graphiql_folder=Path(graphiql).absolute(),
            issuers=issuers_of(environment.get("GATEWAY_ISSUERS", "")),
            bounds=overridden(environment, "GATEWAY_BOUNDS", BOUNDS),
            lanes=overridden(environment, "GATEWAY_LANES", LANES),
            rate_limits=choice(environment, "GATEWAY_RATE_LIMITS", ("memory", "postgres")),
            trusted_proxies=networks(environment, "GATEWAY_TRUSTED_PROXIES"),
            requests=number(environment, "GATEWAY_REQUESTS", 512, 1, 100_000),
            longest_ms=number(environment, "GATEWAY_LONGEST_MS", 10_000, 1, 10_000),
            live=overridden(environment, "GATEWAY_LIVE", LIVE),
            listen=choice(environment, "GATEWAY_LISTEN", ("on", "off")),
            jobs=choice(environment, "GATEWAY_JOBS", ("off", "inside")),
            origins=origins(environment.get("GATEWAY_ORIGINS", "")),
            hsts_seconds=number(environment, "GATEWAY_HSTS_SECONDS", 0, 0, 63_072_000),
            public_seconds=number(environment, "GATEWAY_PUBLIC_SECONDS", 60, 0, 86_400),
            authority_limit=Decimal(number(environment, "GATEWAY_AUTHORITY_LIMIT", 50_000, 0, 10**12)),
            webhooks=webhooks_of(environment.get("GATEWAY_WEBHOOKS", "")),
            payments=payments_of(environment.get("GATEWAY_PAYMENTS", "")),
            payment_minutes=number(environment, "GATEWAY_PAYMENT_MINUTES", 30, 1, 1440),
            unmask_per_day=number(environment, "GATEWAY_UNMASK_PER_DAY", 50, 0, 100_000),
            public_url=address(environment, "GATEWAY_PUBLIC_URL", ("https", "http")).rstrip("/"),
            largest_upload=number(environment, "GATEWAY_LARGEST_UPLOAD", 20_000_000, 1, 200_000_000),
            keep_uploads_days=number(environment, "GATEWAY_KEEP_UPLOADS_DAYS", 30, 1, 3650),
            keep_papers=periods(environment, "GATEWAY_KEEP_PAPERS", PAPERS),
            keep_trail=periods(environment, "GATEWAY_KEEP_TRAIL", LINES),
            storage_url=address(environment, "GATEWAY_STORAGE", ("s3",)),
            scanner=address(environment, "GATEWAY_SCANNER", ("clamd",)),
        )
