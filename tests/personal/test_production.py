"""Production takes no token that the gateway signs itself: people come by identity providers, vendors by their own."""

import pytest

from gateway.auth.viewer import STAFF_ROLES
from gateway.settings import Settings
from gateway.variables import SettingsError
from tests.auth.provider import ISSUER
from tests.personal.conftest import STAFF_ISSUER, sign_in, staff
from tests.support import papers
from tests.support.client import Client, Gateway, new_key, new_number
from tests.support.escorts import REGISTER, person, register
from tests.support.tokens import VIEWER


@pytest.mark.parametrize("kind", ["customer", "vendor", "adjuster", "supervisor", "hotline", "administrator"])
def test_a_token_of_our_own_opens_development_and_not_production(
    gateway: Gateway, production: Gateway, kind: str
) -> None:
    callers = {"customer": lambda: gateway.customer("DEMO-ZYB-001"), "vendor": lambda: gateway.vendor("HUANQIU")}
    client = callers.get(kind, lambda: gateway.staff(kind))()
    assert client.ask(VIEWER).response.status_code == 200
    answer = Client(production.address, client.token, http=production.http).ask(VIEWER)
    assert (answer.response.status_code, answer.code) == (401, "UNAUTHENTICATED")
    made_up = Client(production.address, f"{client.token}x", http=production.http).ask(VIEWER)
    assert made_up.error["message"] == answer.error["message"]


def test_a_token_of_our_own_brings_no_paper_in_production(gateway: Gateway, production: Gateway) -> None:
    number = register(gateway)
    me = gateway.customer(number)
    document = papers.upload(me, number, papers.picture(size=(60, 80)))
    there = Client(production.address, me.token, http=production.http)
    assert papers.download(there, document).status_code == 401
    given = papers.ticket(me, number, b"x")
    assert papers.put(there, given, b"x", authorization=f"Bearer {me.token}").status_code == 401


def test_no_setting_opens_production_to_them() -> None:
    """Nothing in the environment has a say in it but the mode itself."""
    names = ("GATEWAY_OWN_TOKENS", "GATEWAY_DEVELOPMENT_TOKENS", "GATEWAY_ALLOW_TOKENS")
    assert Settings.load(dict.fromkeys(names, "1")) == Settings.load({})
    assert not Settings.load({}).is_development


@pytest.mark.parametrize("role", list(STAFF_ROLES))
def test_staff_come_by_their_provider(production: Gateway, role: str) -> None:
    viewer = staff(production, role).ask(VIEWER).data["viewer"]
    assert viewer["kind"] == "STAFF"
    assert set(viewer["scopes"]) == set(STAFF_ROLES[role])


def test_staff_act_in_production(production: Gateway) -> None:
    given = {
        "idempotencyKey": new_key(),
        "product": "ZYB",
        "number": new_number("ZYB"),
        "effectiveOn": "2026-01-01",
        "holder": person(name="演示投保人", birthOn="1980-01-01"),
        "insured": [person()],
    }
    answer = staff(production, "adjuster").ask(REGISTER, input=given)
    assert answer.data["policyRegister"]["policy"]["number"] == given["number"]


@pytest.mark.parametrize("role", [None, "", "root", "Adjuster", ["adjuster"], 1], ids=str)
def test_a_role_that_is_none_lets_nobody_in(production: Gateway, role: object) -> None:
    claims = {} if role is None else {"role": role}
    assert sign_in(production, "somebody", iss=STAFF_ISSUER, **claims).ask(VIEWER).response.status_code == 401


def test_a_provider_of_customers_makes_nobody_staff(production: Gateway) -> None:
    viewer = sign_in(production, "somebody", iss=ISSUER, role="supervisor").ask(VIEWER).data["viewer"]
    assert viewer["kind"] == "CUSTOMER"


def test_papers_need_a_scanner_in_production(production: Gateway, gateway: Gateway) -> None:
    number = register(gateway)
    answer = papers.create(staff(production, "adjuster"), number)
    assert (answer.code, "check" in answer.error["message"]) == ("UNAVAILABLE", True)


@pytest.mark.parametrize("people", ["vendors", "Staff", ""])
def test_a_provider_is_of_customers_or_of_staff(people: str) -> None:
    given = f'[{{"issuer": "https://x", "audience": "y", "jwksUrl": "https://x", "people": "{people}"}}]'
    with pytest.raises(SettingsError, match="GATEWAY_ISSUERS"):
        Settings.load({"GATEWAY_ISSUERS": given})
