"""Cards: bound by the product's own proof, in several hands, greyed by a cause and put back into use."""

import base64
import datetime as dt
from typing import Any

import pytest

from gateway.auth.personal import PersonalVault
from gateway.auth.viewer import CUSTOMER_SCOPES, Viewer, ViewerKind
from gateway.execution import ids
from gateway.repositories.policies import policy_id
from gateway.resolvers.card_bindings import SEALED
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.escorts import NOW, VERDICT, change, look, person, refused, row_counts
from tests.support.mutations import input_of
from tests.support.preauths import CHILD, policy

PHONE = "13800138000"
PAPER = {"idType": "PASSPORT", "birthOn": CHILD["birthOn"], "gender": CHILD["gender"]}


def send_raw(client: Client, mutation: str, *, dry_run: bool = False, **fields: Any) -> Answer:
    document = (
        f"mutation M($input: {input_of(mutation).name}!, $dryRun: Boolean! = false) "
        f"{{ {mutation}(input: $input, dryRun: $dryRun) {{ isReplay verdicts {{ ...V }} refusals {{ ...V }} "
        "card { id number status displayOn insured { name } bindings { relation proof } "
        "suspensions { cause liftedAt reason } } } }" + VERDICT
    )
    return client.ask(document, input={"idempotencyKey": new_key()} | fields, dryRun=dry_run)


def send(client: Client, mutation: str, *, dry_run: bool = False, **fields: Any) -> dict[str, Any]:
    return send_raw(client, mutation, dry_run=dry_run, **fields).data[mutation]


def somebody(gateway: Gateway, name: str, *numbers: str) -> Client:
    """One of several people who may act for the same policies."""
    viewer = Viewer(
        ViewerKind.CUSTOMER,
        f"customer:{name}",
        name,
        frozenset(CUSTOMER_SCOPES),
        policies=tuple(policy_id(number) for number in numbers),
    )
    return gateway.client(viewer).at(NOW)


def code_in_the_mail(gateway: Gateway, number: str) -> str:
    """What the sender of messages would read: the last code that was sent."""
    rows = look(
        gateway,
        "select payload from outbox_messages where policy_id = $1 and topic = 'card.code' order by id desc limit 1",
        policy_id(number),
    )
    vault = PersonalVault.load(gateway.folder / "personal.key")
    sealed = rows[0]["payload"]["sealed"]
    phone, code = vault.open(base64.b64decode(sealed), SEALED).split(":")
    assert phone == PHONE
    return code


def with_code(gateway: Gateway, client: Client, number: str) -> dict[str, str]:
    who = {"policyNumber": number, "name": CHILD["name"], "phone": PHONE}
    assert send(client, "cardCodeSend", **who)["refusals"] == []
    return who | {"code": code_in_the_mail(gateway, number)}


def bound(gateway: Gateway) -> tuple[Client, str, dict[str, Any]]:
    number = policy(gateway, "CY23")
    client = gateway.customer(number).at(NOW)
    return client, number, send(client, "cardBind", **with_code(gateway, client, number))["card"]


def test_a_card_is_bound_by_name_phone_and_code(gateway: Gateway) -> None:
    _, _, card = bound(gateway)
    assert (card["status"], card["displayOn"]) == ("ACTIVE", "2026-03-09")
    assert card["insured"] == {"name": CHILD["name"]}
    assert card["bindings"] == [{"relation": None, "proof": "PHONE_CODE"}]


def test_a_code_serves_once(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    client = gateway.customer(number).at(NOW)
    given = with_code(gateway, client, number)
    send(client, "cardBind", **given)
    assert refused(send(client, "cardBind", **given)) == {"CY23-CARD-07"}


def test_a_code_serves_the_one_whom_it_was_sent_for(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    mother, stranger = (somebody(gateway, name, number) for name in ("mother", "stranger"))
    given = with_code(gateway, mother, number)
    assert refused(send(stranger, "cardBind", **given)) == {"CY23-CARD-07"}
    assert send(mother, "cardBind", **given)["refusals"] == []


def test_a_code_dies_with_the_fifth_wrong_guess_even_in_dry_runs(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    client = gateway.customer(number).at(NOW)
    given = with_code(gateway, client, number)
    wrong = given | {"code": f"{(int(given['code']) + 1) % 1_000_000:06d}"}
    for at in range(5):
        assert refused(send(client, "cardBind", dry_run=at % 2 == 0, **wrong)) == {"CY23-CARD-07"}
    assert refused(send(client, "cardBind", **given)) == {"CY23-CARD-07"}


def test_the_fifth_guess_may_still_be_right(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    client = gateway.customer(number).at(NOW)
    given = with_code(gateway, client, number)
    for _ in range(4):
        send(client, "cardBind", **given | {"code": "x"})
    assert send(client, "cardBind", **given)["refusals"] == []


def test_a_code_grows_old(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    client = gateway.customer(number).at(NOW)
    given = with_code(gateway, client, number)
    ago = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=6)
    change(
        gateway,
        """
        update card_codes set sent_at = $2::timestamptz, expires_at = $2::timestamptz + interval '5 minutes'
        where policy_id = $1
        """,
        policy_id(number),
        ago,
    )
    assert refused(send(client, "cardBind", **given)) == {"CY23-CARD-07"}


def test_codes_are_sent_a_few_times_an_hour(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    client = gateway.customer(number).at(NOW)
    for _ in range(5):
        with_code(gateway, client, number)
    answer = send_raw(client, "cardCodeSend", policyNumber=number, name=CHILD["name"], phone=PHONE)
    assert answer.code == "THROTTLED"


def test_no_code_goes_to_another_phone(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    client = gateway.customer(number).at(NOW)
    before = row_counts(gateway)
    answer = send(client, "cardCodeSend", policyNumber=number, name=CHILD["name"], phone="13900139000")
    assert refused(answer) == {"CY23-CARD-07"}
    assert row_counts(gateway) == before


def test_neither_code_nor_phone_lies_open_in_the_outbox(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    given = with_code(gateway, gateway.customer(number).at(NOW), number)
    rows = look(
        gateway, "select row_to_json(m)::text as text from outbox_messages m where policy_id = $1", policy_id(number)
    )
    text = "".join(row["text"] for row in rows)
    assert PHONE not in text
    assert f":{given['code']}" not in text


def test_several_people_hold_one_card_and_one_person_several(gateway: Gateway) -> None:
    first, second = policy(gateway, "CY23"), policy(gateway, "CY23")
    mother, father = somebody(gateway, "mother", first, second), somebody(gateway, "father", first)
    cards = [
        send(who, "cardBind", **with_code(gateway, who, number))["card"]
        for who, number in ((mother, first), (father, first), (mother, second))
    ]
    assert cards[0]["id"] == cards[1]["id"] != cards[2]["id"]
    assert len(cards[1]["bindings"]) == 2


def test_binding_again_changes_nothing(gateway: Gateway) -> None:
    client, number, card = bound(gateway)
    again = send(client, "cardBind", **with_code(gateway, client, number))["card"]
    assert (again["id"], len(again["bindings"])) == (card["id"], 1)


def family(gateway: Gateway) -> tuple[Client, dict[str, Any]]:
    child = person(**CHILD)
    number = policy(gateway, insured=[child])
    given = {"policyNumber": number, "name": CHILD["name"], "relation": "CHILD", "idNumber": child["idNumber"]}
    return gateway.customer(number).at(NOW), given | PAPER


def test_a_member_of_the_family_is_added_by_name_and_paper(gateway: Gateway) -> None:
    client, given = family(gateway)
    card = send(client, "familyMemberAdd", **given)["card"]
    assert (card["status"], card["bindings"]) == ("ACTIVE", [{"relation": "CHILD", "proof": "IDENTITY"}])


def test_ones_own_card_needs_no_relation(gateway: Gateway) -> None:
    client, given = family(gateway)
    del given["relation"]
    assert send(client, "cardBind", **given)["card"]["status"] == "ACTIVE"


def test_the_card_shows_the_day_of_the_request(gateway: Gateway) -> None:
    client, given = family(gateway)
    card = send(client, "familyMemberAdd", **given)["card"]["id"]
    see = "query Q($id: ID!) { node(id: $id) { ... on Card { displayOn } } }"
    for now, day in (("2026-03-10T23:59:59+08:00", "2026-03-10"), ("2026-03-11T00:00:00+08:00", "2026-03-11")):
        answer = client.at(now).ask(see, id=card)
        assert answer.data["node"]["displayOn"] == day
        assert answer.response.headers["cache-control"] == "private, no-store"


def test_a_foreign_policy_is_answered_like_none(gateway: Gateway) -> None:
    client, given = family(gateway)
    for mutation in ("cardBind", "familyMemberAdd"):
        own = given if mutation == "familyMemberAdd" else {k: v for k, v in given.items() if k != "relation"}
        foreign, absent = (
            send_raw(client, mutation, **own | {"policyNumber": number}).error["message"]
            for number in (policy(gateway), "none")
        )
        assert foreign == absent


@pytest.mark.parametrize("mutation", ["cardCodeSend", "cardBind", "familyMemberAdd"])
def test_only_customers_bind_cards(gateway: Gateway, mutation: str) -> None:
    who: dict[str, str] = {"policyNumber": "x", "name": "x"} | ({"phone": "x"} if mutation == "cardCodeSend" else {})
    assert send_raw(gateway.staff(), mutation, **who).code == "FORBIDDEN"


def test_a_repeated_key_binds_once(gateway: Gateway) -> None:
    client, given = family(gateway)
    key = new_key()
    first, again = (send(client, "familyMemberAdd", **given, idempotencyKey=key) for _ in range(2))
    assert (first["isReplay"], again["isReplay"]) == (False, True)
    assert first["card"] == again["card"]


def suspend(gateway: Gateway, card: str, cause: str = "BILL") -> None:
    policy, id = ids.decode_as("card", card, 2)
    change(
        gateway,
        """
        insert into card_suspensions (policy_id, id, card_id, cause_type, cause_id, suspended_at)
        values ($1, gen_random_uuid(), $2, $3, gen_random_uuid(), now())
        """,
        policy,
        id,
        cause,
    )


def test_staff_put_a_greyed_card_back_into_use_with_a_reason(gateway: Gateway) -> None:
    client, _, card = bound(gateway)
    suspend(gateway, card["id"])
    suspend(gateway, card["id"], "RESTRICTION")
    see = "query Q($id: ID!) { node(id: $id) { ... on Card { status } } }"
    assert client.ask(see, id=card["id"]).data["node"] == {"status": "GREYED"}
    staff = gateway.staff().at(NOW)
    restored = send(staff, "cardReinstate", card=card["id"], reason="已线下付清")["card"]
    assert restored["status"] == "ACTIVE"
    assert {item["reason"] for item in restored["suspensions"]} == {"已线下付清"}
    again = send_raw(staff, "cardReinstate", card=card["id"], reason="x")
    assert again.error["extensions"]["inputPath"] == ["input", "card"]
