"""Cards that are given up, by who holds them or by staff for everybody."""

from tests.api.test_cards import bound, code_in_the_mail, send, send_raw, somebody
from tests.support.client import Client, Gateway
from tests.support.escorts import NOW, look, refused
from tests.support.preauths import CHILD

STATUS = "query Q($id: ID!) { node(id: $id) { ... on Card { status bindings { boundAt unboundAt } } } }"


def of_card(client: Client, card: str) -> tuple[str, list[bool]]:
    """Its state, and of each binding whether it is over."""
    node = client.ask(STATUS, id=card).data["node"]
    return node["status"], [binding["unboundAt"] is not None for binding in node["bindings"]]


def second_holder(gateway: Gateway, number: str) -> Client:
    other = somebody(gateway, "grandmother", number)
    who = {"policyNumber": number, "name": CHILD["name"], "phone": "13800138000"}
    assert send(other, "cardCodeSend", **who)["refusals"] == []
    assert refused(send(other, "cardBind", **who, code=code_in_the_mail(gateway, number))) == set()
    return other


def test_the_last_who_gives_it_up_leaves_a_card_that_nobody_has_bound(gateway: Gateway) -> None:
    client, _, card = bound(gateway)
    assert send(client, "cardUnbind", card=card["id"])["card"]["status"] == "NOT_BOUND"
    assert of_card(client, card["id"]) == ("NOT_BOUND", [True])


def test_others_keep_it(gateway: Gateway) -> None:
    client, number, card = bound(gateway)
    second_holder(gateway, number)
    assert send(client, "cardUnbind", card=card["id"])["card"]["status"] == "ACTIVE"
    assert of_card(client, card["id"]) == ("ACTIVE", [True, False])


def test_it_is_bound_anew_by_the_same_proof(gateway: Gateway) -> None:
    client, number, card = bound(gateway)
    send(client, "cardUnbind", card=card["id"])
    who = {"policyNumber": number, "name": CHILD["name"], "phone": "13800138000"}
    send(client, "cardCodeSend", **who)
    again = send(client, "cardBind", **who, code=code_in_the_mail(gateway, number))["card"]
    assert (again["id"], again["status"]) == (card["id"], "ACTIVE")


def test_who_does_not_hold_it_gives_nothing_up(gateway: Gateway) -> None:
    _, number, card = bound(gateway)
    answer = send_raw(somebody(gateway, "uncle", number), "cardUnbind", card=card["id"])
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "card"])
    assert "hold" in answer.error["message"]


def test_a_foreign_card_is_answered_like_one_that_is_not_there(gateway: Gateway) -> None:
    (client, _, card), (_, _, foreign) = bound(gateway), bound(gateway)
    last = "0" if card["id"][-1] != "0" else "1"
    answers = [send_raw(client, "cardUnbind", card=named) for named in (foreign["id"], card["id"][:-1] + last)]
    assert len({(answer.code, answer.error["message"]) for answer in answers}) == 1
    assert of_card(client, card["id"]) == ("ACTIVE", [False])


def test_staff_take_it_out_of_every_hand_with_a_reason_and_the_client_is_told(gateway: Gateway) -> None:
    client, number, card = bound(gateway)
    second_holder(gateway, number)
    staff = gateway.staff("hotline").at(NOW)
    answer = send_raw(staff, "cardUnbind", card=card["id"])
    assert answer.error["extensions"]["inputPath"] == ["input", "reason"]
    assert send(staff, "cardUnbind", card=card["id"], reason="手机遗失")["card"]["status"] == "NOT_BOUND"
    assert of_card(client, card["id"]) == ("NOT_BOUND", [True, True])
    told = look(gateway, "select audience from outbox_messages where topic = 'card.unbound' order by id desc limit 1")
    assert [row["audience"] for row in told] == ["CUSTOMER"]
    again = send_raw(staff, "cardUnbind", card=card["id"], reason="x")
    assert "Nobody holds" in again.error["message"]


def test_vendors_unbind_nothing(gateway: Gateway) -> None:
    _, _, card = bound(gateway)
    assert send_raw(gateway.vendor("WINDSTONE").at(NOW), "cardUnbind", card=card["id"]).code == "FORBIDDEN"


def test_a_dry_run_leaves_it_in_the_hand(gateway: Gateway) -> None:
    client, _, card = bound(gateway)
    assert send(client, "cardUnbind", card=card["id"], dry_run=True)["card"]["status"] == "NOT_BOUND"
    assert of_card(client, card["id"]) == ("ACTIVE", [False])


def test_a_repeat_is_answered_as_before(gateway: Gateway) -> None:
    client, _, card = bound(gateway)
    answers = [send(client, "cardUnbind", card=card["id"], idempotencyKey="give-it-up") for _ in range(2)]
    assert [answer["isReplay"] for answer in answers] == [False, True]
