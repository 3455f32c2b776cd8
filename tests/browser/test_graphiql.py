"""GraphiQL at /graphql: what a developer sees in a browser, and what its files may and may not be asked for."""

import json
import re
from collections.abc import Iterable
from typing import Any

import httpx
import pytest
from graphql import parse, validate
from graphql.execution.values import get_variable_values
from graphql.language import OperationDefinitionNode
from playwright.sync_api import Page, expect

from gateway.http.examples import CATALOGUE, CUSTOMER, EXAMPLES, FIRST_REFUSAL, STAFF, VENDOR, Example
from gateway.http.graphiql import ASSETS, INSTALL, Asset, GraphiQL
from gateway.http.graphiql import INSTALLED as INSTALLED_ASSETS
from gateway.schema import schema
from gateway.settings import Settings
from tests.browser.conftest import INSTALLED, Site
from tests.support.client import Gateway

CORE = schema._schema  # pyright: ignore[reportPrivateUsage]
TITLES = ["Catalogue", "Customer", "Vendor", "Staff", "FirstRefusal"]
PRODUCTS = {"ZYB", "ZAWX", "CY23", "VAS", "CY26"}
ROOT = INSTALLED.parent
HTML = {"accept": "text/html"}


# The examples ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", EXAMPLES, ids=TITLES)
def test_an_example_is_valid(example: Example) -> None:
    document = parse(example.query)
    assert validate(CORE, document) == []
    operations = [item for item in document.definitions if isinstance(item, OperationDefinitionNode)]
    asked = {variable.variable.name.value for item in operations for variable in item.variable_definitions or ()}
    assert asked == set(example.variables)
    for operation in operations:
        found = get_variable_values(CORE, operation.variable_definitions or (), dict(example.variables))
        assert not isinstance(found, list), found


@pytest.mark.parametrize("example", EXAMPLES, ids=TITLES)
def test_an_example_explains_itself_in_both_languages(example: Example) -> None:
    comment = "\n".join(line for line in example.query.strip().splitlines() if line.startswith("#"))
    assert re.search(r"[\u4e00-\u9fff]{4}", comment)
    assert re.search(r"[a-z]+ [a-z]+ [a-z]+", comment)


@pytest.mark.parametrize(
    ("example", "role", "operation"),
    [
        (CATALOGUE, "anyone", "Catalogue"),
        (CUSTOMER, "customer", "Customer"),
        (VENDOR, "vendor", "Vendor"),
        (STAFF, "staff", "Staff"),
        (STAFF, "staff", "StaffRegisters"),
    ],
    ids=["Catalogue", "Customer", "Vendor", "Staff", "StaffRegisters"],
)
def test_an_example_runs_once_its_token_is_pasted(site: Site, example: Example, role: str, operation: str) -> None:
    data = run(site.gateway, example, role, operation)
    assert [name for name, value in data.items() if value is None] == []


def test_the_first_refusal_has_exactly_the_four_reasons_that_its_comment_names(site: Site) -> None:
    answer = run(site.gateway, FIRST_REFUSAL, "customer", "FirstRefusal")["escortBook"]
    refused = {verdict["rule"]["code"] for verdict in answer["refusals"]}
    assert refused == {"ZYB-TBL-07", "ZYB-TBL-09", "ZYB-TBL-12", "ZYB-ESC-20"}


def run(gateway: Gateway, example: Example, role: str, operation: str) -> dict[str, Any]:
    token = {
        "anyone": gateway.anyone().token,
        "customer": gateway.customer("DEMO-ZYB-001").token,
        "vendor": gateway.vendor("HUANQIU").token,
        "staff": gateway.staff().token,
    }[role]
    headers = {**example.headers, **({"authorization": f"Bearer {token}"} if token else {})}
    body = {"query": example.query, "variables": dict(example.variables), "operationName": operation}
    answer = gateway.http.post(f"{gateway.address}/graphql", json=body, headers=headers).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


# The page in a browser -------------------------------------------------------------------------------------------


@pytest.fixture
def opened(page: Page, site: Site, installed: None) -> Page:
    page.goto(site.page)
    expect(page.locator(".graphiql-execute-button")).to_be_visible()
    return page


def test_the_page_opens_with_a_tab_for_each_role_and_without_a_complaint(opened: Page, complaints: list[str]) -> None:
    assert opened.locator(".graphiql-tab").all_inner_texts() == TITLES
    for title in TITLES:
        show(opened, title)
    opened.click('[aria-label="Open settings dialog"]')
    expect(opened.get_by_role("dialog")).to_be_visible()
    assert complaints == []


def test_the_catalogue_runs_as_it_stands(opened: Page, complaints: list[str]) -> None:
    with opened.expect_response(is_answer_to("Catalogue")) as answered:
        opened.click(".graphiql-execute-button")
    products = answered.value.json()["data"]["products"]["nodes"]
    assert {product["code"] for product in products} == PRODUCTS
    expect(opened.locator(".result-window")).to_contain_text('"totalCount": 5')
    assert complaints == []


def test_the_header_pane_is_open_and_what_it_says_is_sent(opened: Page) -> None:
    show(opened, "Customer")
    pane = opened.locator('[aria-label="Headers"]')
    expect(pane).to_contain_text("x-dev-now")
    with opened.expect_request(is_question("Customer")) as asked:
        opened.click(".graphiql-execute-button")
    sent = asked.value.headers
    assert {**CUSTOMER.headers, "accept-language": "en"}.items() <= sent.items()
    expect(opened.locator(".result-window")).to_contain_text("UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("language", "told"), [("en-US", "All products."), ("zh-CN", "全部产品。")], ids=["English", "Chinese"]
)
def test_the_documentation_speaks_the_language_of_the_header(opened: Page, language: str, told: str) -> None:
    opened.click('[aria-label="Show Documentation Explorer"]')
    opened.click('.graphiql-doc-explorer-content >> text="Query"')
    expect(opened.locator(".graphiql-doc-explorer-content")).to_contain_text(told)


def test_a_token_that_is_not_pasted_yet_does_not_hide_the_documentation(opened: Page, complaints: list[str]) -> None:
    show(opened, "Staff")
    with opened.expect_response(is_answer_to("IntrospectionQuery")) as answered:
        opened.click('[aria-label="Re-fetch GraphQL schema"]')
    assert answered.value.ok
    assert complaints == []


@pytest.mark.parametrize("title", ["Catalogue", "FirstRefusal"])
def test_a_reload_keeps_the_tabs_as_they_were(opened: Page, title: str) -> None:
    show(opened, title)
    opened.wait_for_timeout(700)  # GraphiQL stores what it shows half a second later
    opened.reload()
    expect(opened.locator(".graphiql-query-editor")).to_contain_text(title)
    assert opened.locator(".graphiql-tab").all_inner_texts() == TITLES


def test_without_its_files_the_page_says_so_and_a_reload_is_enough_after_the_installation(
    page: Page, site: Site, complaints: list[str], request: pytest.FixtureRequest
) -> None:
    answer = page.goto(site.page)
    assert answer is not None
    assert answer.status == 200
    expect(page.get_by_role("heading")).to_have_text(["GraphiQL 尚未安装", "GraphiQL is not installed"])
    assert page.locator("pre").all_inner_texts() == [INSTALL, INSTALL]
    assert complaints == []
    request.getfixturevalue("installed")
    page.reload()
    expect(page.locator(".graphiql-execute-button")).to_be_visible()


def show(page: Page, title: str) -> None:
    """Open a tab, until GraphiQL has read its document: only then does it know which operation to send."""
    page.click(f'.graphiql-tab >> text="{title}"')
    expect(page.locator(".graphiql-query-editor")).to_contain_text(f" {title}(")
    page.wait_for_function("title => sessionStorage.getItem('graphiql:operationName') === title", arg=title)


def is_question(operation: str) -> Any:
    return lambda asked: asked.method == "POST" and json.loads(asked.post_data)["operationName"] == operation


def is_answer_to(operation: str) -> Any:
    return lambda response: is_question(operation)(response.request)


# Its files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ASSETS)
def test_a_file_is_served_as_what_it_is_and_kept_for_long(site: Site, installed: None, name: str) -> None:
    answer = httpx.get(f"{site.address}/graphiql/{name}?v=1")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == ASSETS[name].media_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in answer.headers["cache-control"]
    assert httpx.get(f"{site.address}/graphiql/{name}").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "name",
    [
        "package.json",
        "graphiql.min.js",
        "graphiql.js.map",
        "..%2Fpackage.json",
        "%2e%2e%2f%2e%2e%2fpyproject.toml",
        "graphiql%2Fpackage.json",
        "%2Fetc%2Fhostname",
        "graphiql.js%00",
        "GRAPHIQL.JS",
    ],
)
def test_nothing_else_is_served(site: Site, installed: None, name: str) -> None:
    assert httpx.get(f"{site.address}/graphiql/{name}").status_code == 404


def test_addresses_change_with_the_version_of_what_they_lead_to(site: Site, installed: None) -> None:
    page = httpx.get(site.page, headers=HTML).text
    wanted = {name: f'"/graphiql/{name}?v={version}"' for name, version in versions(INSTALLED_ASSETS).items()}
    assert [address for address in wanted.values() if address not in page] == []


def test_the_page_takes_nothing_from_elsewhere_and_may_not_be_framed(site: Site, installed: None) -> None:
    first, second = (httpx.get(site.page, headers=HTML) for _ in range(2))
    policy = first.headers["content-security-policy"]
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert not re.search("unsafe|http", policy)
    assert policy != second.headers["content-security-policy"], "a nonce is for one answer"
    assert first.headers["cache-control"] == "no-store"


def test_production_has_neither_the_page_nor_its_files() -> None:
    page = GraphiQL(Settings(mode="production", graphiql_folder=INSTALLED))
    assert not page.is_open
    assert page.routes() == []


def test_what_is_installed_is_pinned_and_names_no_registry() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert set(wanted) == {asset.package for asset in INSTALLED_ASSETS}
    for name, version in wanted.items():
        assert locked[f"node_modules/{name}"]["version"] == version
    packages = [entry for path, entry in locked.items() if path]
    assert all("resolved" not in entry and entry["integrity"].startswith("sha512-") for entry in packages)


def versions(assets: Iterable[Asset]) -> dict[str, str]:
    return {
        asset.name: json.loads((INSTALLED / str(asset.package) / "package.json").read_text())["version"]
        for asset in assets
    }
