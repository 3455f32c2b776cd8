"""Announcements: published by a supervisor, read by everybody, and no rule by themselves."""

from typing import Any

import pytest

from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.escorts import NOW, row_counts

PUBLISH = """mutation P($input: NoticePublishInput!, $dryRun: Boolean! = false) {
  noticePublish(input: $input, dryRun: $dryRun) { isReplay isDryRun verdicts { status }
    notice { id title body url effectiveOn publishedAt product { code } isDemo } } }"""
READ = "query N($product: ProductCode) { notices(product: $product, first: 100) { nodes { id title } } }"


def publish(client: Client, *, dry_run: bool = False, **changes: Any) -> Answer:
    given = {
        "idempotencyKey": new_key(),
        "product": "ZYB",
        "titleZh": "新增陪诊城市",
        "titleEn": "A new city for escorts",
        "bodyZh": "自四月起。",
        "bodyEn": "From April on.",
        "effectiveOn": "2026-04-01",
    }
    return client.ask(PUBLISH, input=given | changes, dryRun=dry_run)


@pytest.fixture
def supervisor(gateway: Gateway) -> Client:
    return gateway.staff("supervisor").at(NOW)


def read(gateway: Gateway, product: str) -> list[str]:
    return [item["id"] for item in gateway.anyone().ask(READ, product=product).data["notices"]["nodes"]]


def test_what_is_published_is_read_by_everybody(gateway: Gateway, supervisor: Client) -> None:
    made = publish(supervisor, url="https://example.org/notices/1").data["noticePublish"]["notice"]
    assert made.pop("id") in read(gateway, "ZYB")
    assert made == {
        "title": "A new city for escorts",
        "body": "From April on.",
        "url": "https://example.org/notices/1",
        "effectiveOn": "2026-04-01",
        "publishedAt": "2026-03-09T01:00:00Z",
        "product": {"code": "ZYB"},
        "isDemo": False,
    }


def test_it_is_read_in_the_language_of_the_reader(supervisor: Client) -> None:
    made = publish(supervisor.in_("zh-CN")).data["noticePublish"]["notice"]
    assert (made["title"], made["body"]) == ("新增陪诊城市", "自四月起。")


def test_one_without_a_product_concerns_all_and_one_with_a_product_no_other(
    gateway: Gateway, supervisor: Client
) -> None:
    for_all = publish(supervisor, product=None).data["noticePublish"]["notice"]["id"]
    for_one = publish(supervisor).data["noticePublish"]["notice"]["id"]
    assert {for_all, for_one} <= set(read(gateway, "ZYB"))
    assert {for_all, for_one} & set(read(gateway, "CY26")) == {for_all}


def test_it_is_found_by_its_id(gateway: Gateway, supervisor: Client) -> None:
    made = publish(supervisor).data["noticePublish"]["notice"]["id"]
    node = gateway.anyone().ask("query ($id: ID!) { node(id: $id) { __typename id } }", id=made).data["node"]
    assert node == {"__typename": "Notice", "id": made}


def test_the_same_key_publishes_once(gateway: Gateway, supervisor: Client) -> None:
    key = new_key()
    first, again = (publish(supervisor, idempotencyKey=key).data["noticePublish"] for _ in range(2))
    assert (first["isReplay"], again["isReplay"]) == (False, True)
    assert first["notice"] == again["notice"]


def test_a_dry_run_publishes_nothing(gateway: Gateway, supervisor: Client) -> None:
    before = row_counts(gateway)
    assert publish(supervisor, dry_run=True).data["noticePublish"]["notice"]["id"]
    assert row_counts(gateway) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("titleZh", ""),
        ("titleEn", " "),
        ("bodyZh", "x" * 2001),
        ("bodyEn", "a\x00b"),
        ("url", "http://example.org"),
        ("url", "javascript:alert(1)"),
        ("url", "https://"),
        ("url", "https://[x"),
        ("url", "https://example.org/a b"),
    ],
)
def test_what_cannot_be_published_is_named(supervisor: Client, field: str, value: str) -> None:
    answer = publish(supervisor, **{field: value})
    assert answer.code == "BAD_USER_INPUT"
    assert answer.error["extensions"]["inputPath"] == ["input", field]


def test_nobody_but_a_supervisor_publishes(gateway: Gateway) -> None:
    others = [gateway.staff("adjuster"), gateway.staff("hotline"), gateway.vendor("HUANQIU"), gateway.anyone()]
    assert {publish(client).code for client in others} <= {"FORBIDDEN", "UNAUTHENTICATED"}


def test_lectures_and_tips_are_found_by_their_service(gateway: Gateway, supervisor: Client) -> None:
    made = {
        service: publish(supervisor, product="CY23", service=service).data["noticePublish"]["notice"]["id"]
        for service in ("HEALTH_LECTURE", "HEALTH_TIPS", None)
    }
    document = """query N($service: ServiceKind) { notices(product: CY23, service: $service, first: 100) {
      nodes { id service } } }"""
    for service in ("HEALTH_LECTURE", "HEALTH_TIPS"):
        found = gateway.anyone().ask(document, service=service).data["notices"]["nodes"]
        assert {item["service"] for item in found} == {service}
        assert {item["id"] for item in found} & set(made.values()) == {made[service]}
    assert set(made.values()) <= {item["id"] for item in gateway.anyone().ask(document).data["notices"]["nodes"]}


@pytest.mark.parametrize("product", [None, "ZYB"])
def test_a_service_goes_with_a_product_that_has_it(supervisor: Client, product: str | None) -> None:
    answer = publish(supervisor, product=product, service="HEALTH_LECTURE")
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "service"])


@pytest.mark.parametrize("service", ["HEALTH_LECTURE", "HEALTH_TIPS", "VACCINATION"])
def test_the_demo_shows_what_a_service_of_information_tells(gateway: Gateway, service: str) -> None:
    document = """query N($service: ServiceKind) { notices(product: CY23, service: $service, first: 100) {
      nodes { isDemo } } }"""
    found = gateway.anyone().ask(document, service=service).data["notices"]["nodes"]
    assert {"isDemo": True} in found
