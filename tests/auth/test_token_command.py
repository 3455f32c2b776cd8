"""`gateway token`: signed tokens for trying things, and the tokens of vendors."""

import asyncio
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from gateway.execution import ids
from gateway.mendable import Mendable
from gateway.postgres.pool import connection
from models.audit import NO_POLICY
from tests.live.talking import socket
from tests.support.client import Gateway
from tests.support.tokens import VIEWER, bearer, status

SECRET = re.compile(r"hgv_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}\n")


@pytest.fixture(autouse=True)
def _environment(gateway: Gateway, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", gateway.owner_dsn)
    monkeypatch.setenv("GATEWAY_FOLDER", str(folder))


def run(*arguments: str) -> Any:
    result = CliRunner().invoke(app, ["token", *arguments])
    if isinstance(result.exception, Mendable):
        raise result.exception
    return result


def issued(*arguments: str) -> tuple[str, str]:
    """Id and secret of a new token."""
    result = run("issue", "--vendor", "HUANQIU", "--name", "by command", *arguments)
    return re.findall(r"vtok_[0-9a-f]{32}", result.stderr)[0], result.stdout.strip()


def test_signed_tokens_are_printed_as_ever(gateway: Gateway) -> None:
    result = run("--as", "customer", "--policy", "DEMO-ZYB-001")
    assert (result.exit_code, result.stdout.count("\n")) == (0, 1)
    assert "production refuses" in result.stderr
    viewer = bearer(gateway, result.stdout.strip()).ask(VIEWER).data["viewer"]
    assert viewer["kind"] == "CUSTOMER"


def test_an_administrator_is_a_role_of_the_staff(gateway: Gateway) -> None:
    viewer = bearer(gateway, run("--as", "staff", "--role", "administrator").stdout.strip()).ask(VIEWER)
    assert viewer.data["viewer"]["scopes"] == ["catalogue:read", "tokens:admin"]


def test_without_anything_it_says_what_is_missing() -> None:
    result = run()
    assert result.exit_code == 2
    assert "Missing option '--as'" in result.stderr


def test_a_vendors_token_stands_alone_on_standard_output(gateway: Gateway) -> None:
    result = run("issue", "--vendor", "HUANQIU", "--name", "by command", "--scopes", "bookings:read,policies:read")
    assert SECRET.fullmatch(result.stdout)
    viewer = bearer(gateway, result.stdout.strip()).ask(VIEWER).data["viewer"]
    assert (viewer["vendor"], viewer["scopes"]) == ("HUANQIU", ["bookings:read", "catalogue:read", "policies:read"])


def test_it_rotates_revokes_and_lists_without_a_secret(gateway: Gateway) -> None:
    old, old_secret = issued("--days", "30")
    rotated = run("rotate", old, "--overlap", "0")
    new, new_secret = re.findall(r"vtok_[0-9a-f]{32}", rotated.stderr)[0], rotated.stdout.strip()
    assert [status(bearer(gateway, secret)) for secret in (old_secret, new_secret)] == [401, 200]
    run("revoke", new)
    assert status(bearer(gateway, new_secret)) == 401
    listed = run("list", "--vendor", "HUANQIU").stdout
    lines = {line.split()[0]: line for line in listed.splitlines()}
    assert "expired" in lines[old]
    assert "revoked" in lines[new]
    assert old_secret not in listed
    assert new_secret not in listed
    assert old_secret[12:20] not in listed


@pytest.mark.anyio
@pytest.mark.parametrize("ending", [("revoke",), ("rotate", "--overlap", "0")], ids=["revoked", "rotated"])
async def test_a_silent_connection_ends_at_once_with_its_token(gateway: Gateway, ending: tuple[str, ...]) -> None:
    """Workers look at who is connected every five seconds; the command tells them to look now."""
    token, secret = await asyncio.to_thread(issued)
    async with socket(bearer(gateway, secret)) as line:
        await asyncio.to_thread(run, ending[0], token, *ending[1:])
        assert await line.closed(2) == 4403


def test_the_audit_trail_says_that_an_operator_did_it(gateway: Gateway) -> None:
    token, _ = issued()
    row = asyncio.run(_audited(gateway.owner_dsn, ids.decode_as("vtok", token, 1)[0]))
    assert (row["operation"], row["actor_kind"], row["policy_id"]) == ("vendorTokenIssue", "SYSTEM", NO_POLICY)
    assert row["actor"].startswith("operator")


async def _audited(dsn: str, subject: uuid.UUID) -> Any:
    async with connection(dsn) as opened:
        return await opened.fetchrow("select * from audit_entries where subject_id = $1", subject)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("issue", "--vendor", "NOBODY", "--name", "x"), "--vendor"),
        (("issue", "--vendor", "HUANQIU", "--name", "x", "--products", "VAS"), "--products: Expected any of: ZYB"),
        (("issue", "--vendor", "HUANQIU", "--name", "x", "--scopes", "tokens:admin"), "--scopes"),
        (("rotate", "vtok_1"), "--token"),
        (("revoke", f"vtok_{'0' * 32}"), "gateway token list"),
        (("--as", "nobody"), "--as nobody"),
    ],
)
def test_a_slip_is_told_in_one_line(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(Mendable, match=re.escape(message)) as told:
        run(*arguments)
    assert "\n" not in str(told.value)
