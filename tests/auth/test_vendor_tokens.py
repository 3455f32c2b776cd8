"""Tokens of vendors from their issue to their end, over HTTP and behind the gateway's back."""

import asyncio
import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.auth.vendor_tokens import VendorKey
from gateway.execution import ids
from gateway.repositories import tokens
from tests.conftest import ROLE, dsn
from tests.support import escorts
from tests.support.client import Client, Gateway, new_key
from tests.support.escorts import NOW, book, register
from tests.support.server import running_gateway
from tests.support.tokens import (
    ALL,
    BOOKINGS,
    ISSUE,
    REVOKE,
    VIEWER,
    bearer,
    instant,
    issue,
    revoke,
    rotate,
    status,
    wanted,
)

HOUR = dt.timedelta(hours=1)


@pytest.fixture(scope="module")
def other_worker(gateway: Gateway, database: str, folder: Path) -> Iterator[Gateway]:
    """A second application over the same database and the same keys."""
    with running_gateway(dsn(database, ROLE), folder) as address:
        running = Gateway(address, folder, owner_dsn=gateway.owner_dsn)
        yield running
        running.http.close()


def test_a_new_token_lets_its_vendor_in(gateway: Gateway) -> None:
    token = issue(gateway)
    viewer = bearer(gateway, token["secret"]).ask(VIEWER).data["viewer"]
    assert (viewer["kind"], viewer["vendor"]) == ("VENDOR", "HUANQIU")
    assert viewer["scopes"] == sorted([*ALL, "catalogue:read"])
    assert token["secret"].startswith(token["prefix"])
    assert (token["vendor"], token["products"], token["services"]) == ("HUANQIU", ["ZYB"], [])
    assert token["lastUsedAt"] is token["revokedAt"] is None


def test_a_replay_shows_no_secret(gateway: Gateway) -> None:
    administrator, request = gateway.staff("administrator"), wanted()
    first, second = (administrator.ask(ISSUE, input=request).data["vendorTokenIssue"] for _ in range(2))
    assert (first["isReplay"], second["isReplay"]) == (False, True)
    assert first["token"] == second["token"]
    assert first["secret"]
    assert second["secret"] is None


@pytest.mark.anyio
async def test_a_dry_run_leaves_no_token_and_shows_no_secret(gateway: Gateway, owner: Any) -> None:
    request = wanted(name=f"try {new_key()}")
    answer = gateway.staff("administrator").ask(ISSUE, input=request, dryRun=True).data["vendorTokenIssue"]
    assert (answer["isDryRun"], answer["secret"], answer["token"]["name"]) == (True, None, request["name"])
    assert await owner.fetchval("select count(*) from vendor_tokens where name = $1", request["name"]) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("vendor", "NOBODY"),
        ("products", []),
        ("products", ["VAS"]),
        ("scopes", []),
        ("scopes", ["BOOKINGS:READ"]),
        ("scopes", ["policies:write"]),
        ("scopes", ["personal:unmask"]),
        ("scopes", ["tokens:admin"]),
        ("scopes", ["bookings:read"] * 101),
        ("services", ["SECOND_OPINION"]),
        ("hospitals", ["NO-SUCH-HOSPITAL"]),
        ("name", " "),
        ("expiresAt", "2020-01-01T00:00:00Z"),
        ("expiresAt", "2190-01-01T00:00:00Z"),
    ],
)
def test_a_token_is_not_issued_for_more_than_the_contract(gateway: Gateway, field: str, value: Any) -> None:
    refused = gateway.staff("administrator").ask(ISSUE, input=wanted(**{field: value}))
    assert refused.code == "BAD_USER_INPUT"
    assert refused.error["extensions"]["inputPath"] == ["input", field]


# Who hands out tokens


@pytest.mark.parametrize("role", ["adjuster", "supervisor", "hotline"])
def test_who_decides_cases_hands_out_no_tokens(gateway: Gateway, role: str) -> None:
    refused = gateway.staff(role).ask(ISSUE, input=wanted())
    assert refused.code == "FORBIDDEN"
    assert refused.error["extensions"]["missingScopes"] == ["tokens:admin"]


def test_who_hands_out_tokens_decides_no_cases(gateway: Gateway) -> None:
    given = {"idempotencyKey": new_key(), "product": "ZYB", "number": "X-1", "effectiveOn": escorts.EFFECTIVE}
    given |= {"holder": escorts.person(), "insured": [escorts.person()]}
    assert gateway.staff("administrator").ask(escorts.REGISTER, input=given).code == "FORBIDDEN"
    assert gateway.staff("administrator").ask(BOOKINGS).code == "FORBIDDEN"


def test_only_staff_hands_out_tokens_whatever_a_token_carries(gateway: Gateway) -> None:
    for caller in (gateway.vendor("HUANQIU", "tokens:admin"), bearer(gateway, issue(gateway)["secret"])):
        assert caller.ask(ISSUE, input=wanted()).code == "FORBIDDEN"
    assert gateway.anyone().ask(ISSUE, input=wanted()).code == "UNAUTHENTICATED"


def test_a_vendors_token_opens_no_mutation_of_the_staff(gateway: Gateway) -> None:
    given = {"idempotencyKey": new_key(), "product": "ZYB", "number": "X-2", "effectiveOn": escorts.EFFECTIVE}
    given |= {"holder": escorts.person(), "insured": [escorts.person()]}
    assert bearer(gateway, issue(gateway)["secret"]).ask(escorts.REGISTER, input=given).code == "FORBIDDEN"


@pytest.mark.parametrize("who", ["vendor", "customer", "adjuster"])
def test_nobody_else_reads_a_token_by_its_id(gateway: Gateway, who: str) -> None:
    query = "query N($id: ID!) { node(id: $id) { __typename id } }"
    token = issue(gateway)["id"]
    callers = {
        "vendor": gateway.vendor("HUANQIU", "tokens:admin"),
        "customer": gateway.customer("DEMO-ZYB-001"),
        "adjuster": gateway.staff("adjuster"),
    }
    assert gateway.staff("administrator").ask(query, id=token).data["node"] == {
        "__typename": "VendorToken",
        "id": token,
    }
    assert callers[who].ask(query, id=token).data["node"] is None


# What is refused at the door


def test_a_slip_is_told_without_asking_the_database(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = issue(gateway)["secret"]
    monkeypatch.delattr(tokens, "find")
    for wrong in (secret[:-1], secret + "x", secret[:-1] + ("a" if secret[-1] != "a" else "b"), "hgv_", secret.upper()):
        answer = bearer(gateway, wrong).ask(VIEWER)
        assert (answer.response.status_code, answer.code) == (401, "UNAUTHENTICATED")
        assert answer.response.headers["www-authenticate"].startswith("Bearer")
        assert wrong == "hgv_" or wrong not in answer.response.text


def test_a_well_written_token_of_nobody_is_refused(gateway: Gateway) -> None:
    foreign = VendorKey(b"x" * 32).mint()  # of another installation
    assert status(bearer(gateway, foreign.text)) == 401


@pytest.mark.anyio
async def test_an_expired_token_is_refused(gateway: Gateway, owner: Any) -> None:
    token = issue(gateway)
    await owner.execute(
        "update vendor_tokens set created_at = now() - interval '2 days', expires_at = now() where id = $1",
        key_of(token["id"]),
    )
    answer = bearer(gateway, token["secret"]).ask(VIEWER)
    assert (answer.response.status_code, answer.error["message"]) == (401, "The token has expired: get a new one.")


def test_a_scope_in_other_letters_opens_nothing(gateway: Gateway) -> None:
    assert gateway.vendor("HUANQIU", "BOOKINGS:READ", "Bookings:read").ask(BOOKINGS).code == "FORBIDDEN"


def test_a_token_without_the_scope_opens_nothing(gateway: Gateway) -> None:
    refused = bearer(gateway, issue(gateway, scopes=["policies:read"])["secret"]).ask(BOOKINGS)
    assert refused.error["extensions"]["missingScopes"] == ["bookings:read"]


# Its end


def test_a_revoked_token_is_refused_by_every_worker_at_once(gateway: Gateway, other_worker: Gateway) -> None:
    for first, second in ((gateway, other_worker), (other_worker, gateway)) * 5:
        token = issue(first)
        assert [status(bearer(worker, token["secret"])) for worker in (first, second)] == [200, 200]
        revoked = revoke(first, token["id"]).data["vendorTokenRevoke"]["token"]
        assert revoked["revokedAt"] is not None
        assert [status(bearer(worker, token["secret"])) for worker in (second, first)] == [401, 401]


def test_revoking_again_changes_nothing(gateway: Gateway) -> None:
    token = issue(gateway)
    first, second = (revoke(gateway, token["id"]).data["vendorTokenRevoke"]["token"] for _ in range(2))
    assert first == second


def test_a_dry_run_revokes_nothing(gateway: Gateway) -> None:
    token = issue(gateway)
    given = {"idempotencyKey": new_key(), "token": token["id"]}
    tried = gateway.staff("administrator").ask(REVOKE, input=given, dryRun=True).data["vendorTokenRevoke"]
    assert tried["token"]["revokedAt"] is not None
    assert status(bearer(gateway, token["secret"])) == 200


@pytest.mark.anyio
async def test_old_and_new_work_while_they_overlap(gateway: Gateway, other_worker: Gateway, owner: Any) -> None:
    old = issue(gateway, services=["OUTPATIENT_ESCORT"], hospitals=[escorts.HOSPITAL])
    answer = rotate(gateway, old["id"], overlapHours=2).data["vendorTokenRotate"]
    new = answer["token"] | {"secret": answer["secret"]}
    own = ("id", "prefix", "createdAt", "expiresAt", "secret")
    assert {name: value for name, value in new.items() if name not in own} == {
        name: value for name, value in old.items() if name not in own
    }
    for worker in (gateway, other_worker):
        assert [status(bearer(worker, token["secret"])) for token in (old, new)] == [200, 200]
    ends_at = await owner.fetchval("select expires_at from vendor_tokens where id = $1", key_of(old["id"]))
    assert abs(ends_at - (dt.datetime.now(dt.UTC) + 2 * HOUR)) < HOUR / 60
    await owner.execute("update vendor_tokens set expires_at = now() where id = $1", key_of(old["id"]))
    for worker in (gateway, other_worker):
        assert [status(bearer(worker, token["secret"])) for token in (old, new)] == [401, 200]


def test_a_rotation_without_overlap_ends_the_old_one_at_once(gateway: Gateway) -> None:
    old = issue(gateway)
    new = rotate(gateway, old["id"], overlapHours=0).data["vendorTokenRotate"]
    assert [status(bearer(gateway, secret)) for secret in (old["secret"], new["secret"])] == [401, 200]


def test_a_rotation_never_prolongs_the_old_one(gateway: Gateway) -> None:
    soon = (dt.datetime.now(dt.UTC) + HOUR).isoformat()
    old = issue(gateway, expiresAt=soon)
    rotate(gateway, old["id"], overlapHours=168)
    node = f'{{ node(id: "{old["id"]}") {{ ... on VendorToken {{ expiresAt }} }} }}'
    ends_at = gateway.staff("administrator").ask(node).data["node"]["expiresAt"]
    assert instant(ends_at) == instant(soon)


def test_what_has_ended_or_was_rotated_is_not_rotated(gateway: Gateway) -> None:
    rotated, revoked = issue(gateway), issue(gateway)
    rotate(gateway, rotated["id"])
    revoke(gateway, revoked["id"])
    assert rotate(gateway, rotated["id"]).code == "CONFLICT"
    assert rotate(gateway, revoked["id"]).code == "CONFLICT"
    assert rotate(gateway, ids.encode("vtok", uuid.uuid4())).code == "BAD_USER_INPUT"
    assert revoke(gateway, "vtok_1").code == "BAD_USER_INPUT"
    assert rotate(gateway, issue(gateway)["id"], overlapHours=169).code == "BAD_USER_INPUT"


# What it reaches


def test_a_token_reaches_its_hospitals_and_no_other(gateway: Gateway) -> None:
    booked = _booking(gateway)
    secrets = {
        code: issue(gateway, hospitals=[code])["secret"] for code in (escorts.HOSPITAL, escorts.HOSPITAL_OUTSIDE)
    }
    assert booked in _seen(bearer(gateway, secrets[escorts.HOSPITAL]))
    outside = bearer(gateway, secrets[escorts.HOSPITAL_OUTSIDE])
    assert booked not in _seen(outside)
    assert outside.ask(f'{{ node(id: "{booked}") {{ id }} }}').data["node"] is None
    assert escorts.step(outside.at(NOW), "bookingAccept", booked).code == "BAD_USER_INPUT"


def test_a_token_reaches_its_services_and_no_other(gateway: Gateway) -> None:
    number = register(gateway)
    booked = _booking(gateway, number)
    escort, text = (issue(gateway, services=[kind])["secret"] for kind in ("OUTPATIENT_ESCORT", "TEXT_CONSULTATION"))
    assert booked in _seen(bearer(gateway, escort))
    assert booked not in _seen(bearer(gateway, text))
    foreign = escorts.step(bearer(gateway, text).at(NOW), "bookingAccept", booked)
    absent = escorts.step(
        bearer(gateway, text).at(NOW), "bookingAccept", ids.encode("book", uuid.uuid4(), uuid.uuid4())
    )
    assert foreign.error["message"] == absent.error["message"]
    verify = "mutation V($input: EntitlementVerifyInput!) { entitlementVerify(input: $input) { policy { id } } }"
    given = {"idempotencyKey": new_key(), "policyNumber": number, "service": "OUTPATIENT_ESCORT"}
    assert bearer(gateway, text).at(NOW).ask(verify, input=given).code == "FORBIDDEN"


def test_another_vendors_token_sees_nothing_of_it(gateway: Gateway) -> None:
    booked = _booking(gateway)
    other = issue(gateway, vendor="VAS-SERVICE", products=["VAS"])
    assert booked not in _seen(bearer(gateway, other["secret"]))


def _booking(gateway: Gateway, number: str | None = None) -> str:
    number = number or register(gateway)
    return book(gateway.customer(number).at(NOW), number)["booking"]["id"]


def _seen(client: Client) -> set[str]:
    found = client.ask(BOOKINGS).data["bookings"]
    return {node["id"] for node in found["nodes"]}


# What is left behind


@pytest.mark.anyio
async def test_the_last_use_is_noted_once_a_minute(gateway: Gateway, owner: Any) -> None:
    token = issue(gateway)
    query = "select last_used_at from vendor_tokens where id = $1"
    status(bearer(gateway, token["secret"]))
    async with asyncio.timeout(60):
        while (first := await owner.fetchval(query, key_of(token["id"]))) is None:
            await asyncio.sleep(0.02)
    assert abs(first - dt.datetime.now(dt.UTC)) < HOUR / 60
    status(bearer(gateway, token["secret"]))
    await asyncio.sleep(0.2)
    assert await owner.fetchval(query, key_of(token["id"])) == first
    await owner.execute(
        "update vendor_tokens set last_used_at = now() - interval '61 s' where prefix = $1", token["prefix"]
    )
    status(bearer(gateway, token["secret"]))
    async with asyncio.timeout(60):
        while await owner.fetchval(query, key_of(token["id"])) <= first:
            await asyncio.sleep(0.02)


@pytest.mark.anyio
async def test_the_database_holds_no_text_of_a_token(gateway: Gateway, owner: Any) -> None:
    """Every row of every table, as text: neither a secret nor more of it than its prefix."""
    old = issue(gateway)
    secrets = [old["secret"], rotate(gateway, old["id"]).data["vendorTokenRotate"]["secret"]]
    status(bearer(gateway, secrets[0]))
    tables = await owner.fetch("select tablename from pg_tables where schemaname = 'public'")
    for table in tables:
        rows = await owner.fetch(f"select row_to_json(t)::text as row from {table['tablename']} t")
        everything = "\n".join(str(row["row"]) for row in rows)
        for secret in secrets:
            assert secret[4:47] not in everything
            assert secret[12:47] not in everything
            assert secret.encode().hex() not in everything


@pytest.mark.anyio
async def test_everything_done_to_tokens_is_in_the_audit_trail(gateway: Gateway, owner: Any) -> None:
    old = issue(gateway)
    new = rotate(gateway, old["id"]).data["vendorTokenRotate"]["token"]
    revoke(gateway, new["id"])
    rows = await owner.fetch(
        "select operation, actor, actor_kind, policy_id from audit_entries where subject_id = any($1) order by id",
        [key_of(old["id"]), key_of(new["id"])],
    )
    assert [row["operation"] for row in rows] == ["vendorTokenIssue", "vendorTokenRotate", "vendorTokenRevoke"]
    assert {(row["actor"], row["actor_kind"], row["policy_id"].int) for row in rows} == {
        ("staff:administrator", "STAFF", 0)
    }


def test_no_log_and_no_answer_repeats_a_secret(gateway: Gateway, capfd: pytest.CaptureFixture[str]) -> None:
    token = issue(gateway)
    secret = token["secret"]
    caller = bearer(gateway, secret)
    texts = [caller.ask(query).response.text for query in (VIEWER, "{ nonsense }", BOOKINGS, "{ node(id: 1) }")]
    texts.append(bearer(gateway, secret[:-1]).ask(VIEWER).response.text)
    texts.append(revoke(gateway, token["id"]).response.text)
    texts.append(caller.ask(VIEWER).response.text)
    written = capfd.readouterr()
    for text in (*texts, written.out, written.err):
        assert secret[12:40] not in text


def test_a_database_that_does_not_answer_is_said_to_be_so(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def gone(*details: Any) -> None:
        raise ConnectionRefusedError("secret detail")

    caller = bearer(gateway, issue(gateway)["secret"])
    monkeypatch.setattr(tokens, "find", gone)
    answer = caller.ask(VIEWER)
    assert (answer.response.status_code, answer.code) == (503, "UNAVAILABLE")
    assert "secret detail" not in answer.response.text + capfd.readouterr().err


def key_of(token: str) -> uuid.UUID:
    return ids.decode_as("vtok", token, 1)[0]
