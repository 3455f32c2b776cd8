"""Statements as PDF: what stands on them, in which language, for whom, and what making them may cost."""

import json
import re
import sys
from dataclasses import replace
from decimal import Decimal

import httpx
import pytest

from gateway.auth.viewer import STAFF_ROLES, VENDOR_LIMIT, Viewer, ViewerKind
from gateway.bounds import LANES
from gateway.execution import ids
from gateway.repositories.policies import policy_id
from tests.conftest import ROLE, dsn
from tests.support.client import Client, Gateway, new_number
from tests.support.escorts import NOW, begin, change, look, register
from tests.support.server import running_gateway
from tests.support.statements import addresses, get, opened, page, text_of

CHILDREN, ADVANCED = "DEMO-CY26-001", "DEMO-ZAWX-001"
LETTER, CLAIM, UNDECIDED = "DEMO-GL-001", "DEMO-CL-001", "DEMO-CL-003"
LATER = "2026-03-12T09:00:00+08:00"
SUMS = ("1,380.00", "180.00", "120.00", "1,080.00")


@pytest.fixture
def me(gateway: Gateway) -> Client:
    return gateway.customer(CHILDREN, ADVANCED).at(LATER)


@pytest.fixture
def where(me: Client) -> dict[str, str]:
    return addresses(me)


# What stands on them


def test_a_letter_says_what_is_promised_to_whom_until_when(me: Client, where: dict[str, str]) -> None:
    text = page(me, where[LETTER])
    for said in ("担保函", "Letter of guarantee", LETTER, "24,000.00", "2026-02-26 – 2026-03-31", "腺样体切除术"):
        assert said in text
    assert "家用呼吸监测仪" not in text  # what was denied is not promised
    assert "CY26-PA-07" in text
    assert "L324" in text


def test_a_letter_says_what_letters_before_it_have_taken(gateway: Gateway, me: Client, where: dict[str, str]) -> None:
    taken = "update guarantee_letters set drawn = $2, carried = $3 where number = $1"
    change(gateway, taken, LETTER, Decimal("9000.00"), Decimal("3000.00"))
    try:
        text = page(me, where[LETTER] + "?lang=en")
    finally:
        change(gateway, taken, LETTER, Decimal("0.00"), Decimal("0.00"))
    assert "9,000.00" in text
    assert "of which 3,000.00 on letters before this one" in text
    assert "15,000.00" in text


def test_a_letter_that_has_ended_says_so(gateway: Gateway, me: Client, where: dict[str, str]) -> None:
    ended = "update guarantee_letters set state = 'REVOKED', ended_at = '2026-03-01T00:00:00Z' where number = $1"
    (before,) = look(gateway, "select state from guarantee_letters where number = $1", LETTER)
    change(gateway, ended, LETTER)
    try:
        assert "promises nothing any more" in page(me, where[LETTER])
    finally:
        restored = "update guarantee_letters set state = $2, ended_at = null where number = $1"
        change(gateway, restored, LETTER, before["state"])


def test_a_letter_says_who_promises_and_how_a_hospital_verifies_it(me: Client, where: dict[str, str]) -> None:
    text = page(me, where[LETTER] + "?lang=en")
    assert text.startswith("JD Allianz")
    assert "can verify this letter by its number and the code given with it" in text


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_a_claim_of_a_few_lines_is_explained_on_one_page(me: Client, where: dict[str, str], lang: str) -> None:
    assert len(opened(get(me, f"{where[CLAIM]}?lang={lang}").content).pages) == 1


def test_an_explanation_says_why_a_payment_failed(gateway: Gateway) -> None:
    me = gateway.customer("DEMO-CY23-001").at(LATER)
    assert "户名不符" in page(me, addresses(me)["DEMO-CL-004"])


def test_what_is_not_known_takes_no_room(me: Client, where: dict[str, str]) -> None:
    text = page(me, where[LETTER] + "?lang=en")
    assert "Issued" in text
    assert "Ended" not in text


def test_an_explanation_divides_the_amount_to_the_cent(me: Client, where: dict[str, str]) -> None:
    text = page(me, where[CLAIM] + "?lang=en")
    for said in ("Explanation of benefits", f"{CLAIM}-1", "Approved in part", *SUMS, "雾化药品"):
        assert said in text
    rows = [
        [Decimal(part.replace(",", "")) for part in found.split()]
        for found in re.findall(r"(?:[\d,]+\.\d\d ){5}[\d,]+\.\d\d", text)
    ]
    *lines, total = rows
    assert len(lines) == 2
    assert [sum(column) for column in zip(*lines, strict=True)] == total
    assert all(row[0] == sum(row[1:]) for row in [*lines, total])


def test_reductions_cite_their_clauses(gateway: Gateway, me: Client, where: dict[str, str]) -> None:
    change(gateway, "update claim_decisions set rule_codes = '{CY26-BILL-03}' where rulebook = 'demo'")
    try:
        text = page(me, where[CLAIM])
    finally:
        change(gateway, "update claim_decisions set rule_codes = '{}' where rulebook = 'demo'")
    (rule,) = me.ask('{ rules(where: {code: {eq: "CY26-BILL-03"}}) { nodes { clause { lines } } } }').data["rules"][
        "nodes"
    ]
    assert "CY26-BILL-03" in text
    assert rule["clause"]["lines"] in text
    assert "Clauses behind it" in text


def test_a_statement_carries_number_day_and_version_of_the_rulebook(
    gateway: Gateway, me: Client, where: dict[str, str]
) -> None:
    (known,) = look(gateway, "select rulebook from audit_entries where rulebook <> '' order by id desc limit 1") or [
        {"rulebook": ""}
    ]
    text = page(me, where[CHILDREN])
    assert f"{CHILDREN}-20260312" in text
    assert "2026-03-12" in text
    assert known["rulebook"] in text
    assert "Rulebook demo" in page(me, where[CLAIM])  # the one that judged, not the present one


def test_benefits_say_limit_used_held_and_left(me: Client, where: dict[str, str]) -> None:
    text = page(me, where[CHILDREN] + "?lang=en")
    for said in ("Benefit statement", "1,080.00", "24,000.00", "Not stated", "Unlimited", "at most 1 a month"):
        assert said in text
    assert "50,000.00" in page(me, where[ADVANCED] + "?lang=en")


def test_what_has_a_limit_or_was_used_stands_first(me: Client, where: dict[str, str]) -> None:
    text = page(me, where[CHILDREN] + "?lang=en")
    places = [text.index(name) for name in ("Child health checks", "inpatient costs", "On-site", "Eye care costs")]
    assert places == sorted(places)


def test_every_page_says_whose_benefits_it_shows(me: Client, where: dict[str, str]) -> None:
    pages = opened(get(me, where[CHILDREN]).content).pages
    assert len(pages) > 2
    names = ("演示陈小弟", "演示陈小妹")
    assert all(any(name in found.extract_text() for name in names) for found in pages)


def test_use_beyond_a_limit_is_shown_with_its_share(gateway: Gateway, me: Client, where: dict[str, str]) -> None:
    def share() -> set[str]:
        return set(re.findall(r"\d+%", page(me, where[ADVANCED] + "?lang=en")))

    (paid,) = look(gateway, "select max(paid_amount) as most from advances")
    assert paid["most"] > 0
    change(gateway, "update policies set advance_limit = $2 where number = $1", ADVANCED, paid["most"] / 2)
    try:
        assert "0%" in share()
        assert any(int(part[:-1]) > 100 for part in share())
    finally:
        change(gateway, "update policies set advance_limit = 50000 where number = $1", ADVANCED)


# Languages


def test_both_languages_stand_on_a_page_unless_one_is_wanted(me: Client, where: dict[str, str]) -> None:
    address = where[LETTER]
    zh, en = "最高金额", "Ceiling"
    found = {
        name: (zh in text, en in text)
        for name, text in {
            "neither": page(me, address),
            "?lang=both": page(me, address + "?lang=both", **{"accept-language": "en"}),
            "?lang=zh": page(me, address + "?lang=zh"),
            "?lang=en": page(me, address + "?lang=en", **{"accept-language": "zh-CN"}),
            "zh by header": page(me, address, **{"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}),
            "en by header": page(me, address, **{"accept-language": "en-GB"}),
        }.items()
    }
    assert found == {
        "neither": (True, True),
        "?lang=both": (True, True),
        "?lang=zh": (True, False),
        "?lang=en": (False, True),
        "zh by header": (True, False),
        "en by header": (False, True),
    }


def test_a_language_that_is_none_is_refused(me: Client, where: dict[str, str]) -> None:
    answer = get(me, where[LETTER] + "?lang=fr")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (422, "BAD_USER_INPUT")


# The file


def test_the_typeface_travels_with_the_page(me: Client, where: dict[str, str]) -> None:
    read = opened(get(me, where[CHILDREN]).content)
    fonts = [font.get_object() for page in read.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index,union-attr]
    assert fonts
    for font in fonts:
        (inner,) = font["/DescendantFonts"]
        described = inner.get_object()["/FontDescriptor"].get_object()
        assert "NotoSansSC" in font["/BaseFont"]
        assert {"/FontFile2", "/FontFile3"} & set(described)
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]


def test_the_same_data_on_the_same_day_make_the_same_bytes(me: Client, where: dict[str, str]) -> None:
    for address in (where[LETTER], where[CLAIM], where[CHILDREN]):
        first = get(me, address).content
        assert get(me.at("2026-03-12T20:00:00+08:00"), address).content == first
        assert get(me.at("2026-03-13T00:00:00+08:00"), address).content != first


def test_what_people_wrote_is_text_and_never_markup(gateway: Gateway, me: Client, where: dict[str, str]) -> None:
    wicked = '#panic("x") *b* $x$ @ref <l> `r` #read("/etc/passwd") \\ // /*'
    old = "部分药品不在保障范围"
    change(gateway, "update claim_decisions set reason = $1 where reason = $2", wicked, old)
    try:
        text = page(me, where[CLAIM])
    finally:
        change(gateway, "update claim_decisions set reason = $2 where reason = $1", wicked, old)
    for part in ('#panic("x")', "*b*", "$x$", '#read("/etc/passwd")'):
        assert part in text


def test_a_long_claim_goes_over_pages_under_a_repeated_heading(gateway: Gateway, me: Client) -> None:
    claim, url = long_claim(gateway, me, lines=200)
    try:
        answer = get(me, url + "?lang=en")
    finally:
        forget(gateway, claim)
    read = opened(answer.content)
    assert len(read.pages) >= 5
    text = text_of(answer.content)
    assert f"{claim}-1" in text
    for at in (1, 77, 200):
        assert f"项目{at}号" in text.replace(" ", "")
    assert text.count("Deductible") > len(read.pages) / 2
    assert re.search(r"Total 20,100\.00 0\.00 0\.00 0\.00 0\.00 20,100\.00", text)
    assert f"1 / {len(read.pages)}" in text


def long_claim(gateway: Gateway, me: Client, lines: int) -> tuple[str, str]:
    """A claim with so many lines, each of as many yuan as its number says."""
    (old,) = look(gateway, "select policy_id, id from claims where number = $1", CLAIM)
    policy, source = old["policy_id"], old["id"]
    number, whole = f"LONG-{lines}", sum(range(1, lines + 1))
    (found,) = look(
        gateway,
        """
        with claim as (
          insert into claims select (jsonb_populate_record(c, jsonb_build_object(
            'id', gen_random_uuid(), 'number', $3::text, 'asked_amount', $4::numeric))).* from claims c
          where policy_id = $1 and id = $2 returning policy_id, id
        ), visit as (
          insert into claim_visits select (jsonb_populate_record(v, jsonb_build_object(
            'id', gen_random_uuid(), 'claim_id', claim.id, 'amount', $4::numeric))).* from claim_visits v, claim
          where v.policy_id = $1 and v.claim_id = $2 returning id, claim_id
        ), line as (
          insert into claim_lines (policy_id, id, claim_id, visit_id, position, category, name, asked)
          select $1, gen_random_uuid(), visit.claim_id, visit.id, n, 'DRUG', '项目' || n || '号', n
          from visit, generate_series(1, $5::int) n returning id, asked
        ), decision as (
          insert into claim_decisions (policy_id, id, claim_id, revision, outcome, asked, allowed, deductible, copay,
            excluded, other, paid, rule_codes, facts, rulebook, decided_by, decided_at)
          select $1, gen_random_uuid(), claim.id, 1, 'APPROVED', $4, $4, 0, 0, 0, 0, $4, '{}', '{}', 'demo', 'staff:x',
            '2026-02-01T00:00:00Z' from claim returning id
        ), outcome as (
          insert into claim_decision_lines (policy_id, decision_id, line_id, asked, allowed, deductible, copay,
            excluded, other, paid, rule_codes)
          select $1, decision.id, line.id, asked, asked, 0, 0, 0, 0, asked, '{}' from decision, line
        )
        select decision.id from decision
        """,
        policy,
        source,
        number,
        Decimal(whole),
        lines,
    )
    return number, f"/statements/{ids.encode('decision', policy, found['id'])}"


def forget(gateway: Gateway, number: str) -> None:
    """Others count what the demo policies have."""
    own = "select id from claims where number = $1"
    decided = f"select id from claim_decisions where claim_id in ({own})"
    change(gateway, f"delete from claim_decision_lines where decision_id in ({decided})", number)
    for table in ("claim_decisions", "claim_lines", "claim_visits"):
        change(gateway, f"delete from {table} where claim_id in ({own})", number)
    change(gateway, "delete from claims where number = $1", number)


def test_a_statement_is_saved_under_a_safe_name_and_kept_by_nobody(
    gateway: Gateway, me: Client, where: dict[str, str]
) -> None:
    answer = get(me, where[LETTER])
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="guarantee-letter-{LETTER}.pdf"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    number = f'evil"; ../名{new_number()}'
    register(gateway, number=number)
    said = get(gateway.customer(number).at(NOW), addresses(gateway.customer(number))[number])
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9.-]+\.pdf"', said.headers["content-disposition"])


# Who gets them


def words(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["message"]


def test_foreign_unknown_and_made_up_ones_are_answered_alike(gateway: Gateway, where: dict[str, str]) -> None:
    stranger = gateway.customer(register(gateway)).at(NOW)
    policy = where[CHILDREN].removeprefix("/statements/pol_")
    absent = [
        f"/statements/letter_{policy}{'0' * 32}",
        f"/statements/decision_{'0' * 64}",
        f"/statements/pol_{'0' * 32}",
    ]
    others = [
        "/statements/nonsense",
        f"/statements/book_{'0' * 64}",
        f"/statements/letter_{'0' * 32}",
        "/statements/%00",
    ]
    foreign = [where[LETTER], where[CLAIM], where[CHILDREN]]
    found = {words(get(stranger, address)) for address in [*absent, *others, *foreign]}
    assert found == {(404, "There is no such statement.")}


def test_without_a_token_there_is_none(gateway: Gateway, where: dict[str, str]) -> None:
    assert {get(gateway.anyone(), where[name]).status_code for name in (LETTER, CLAIM, CHILDREN)} == {401}
    wrong = Client(gateway.address, "eyJ.wrong.token", http=gateway.http)
    assert get(wrong, where[LETTER]).status_code == 401


@pytest.mark.parametrize(
    ("name", "scope"),
    [(LETTER, "preauths:read"), (CLAIM, "claims:read"), (CHILDREN, "policies:read"), (LETTER, "policies:read")],
)
def test_a_token_without_the_scope_gets_none(gateway: Gateway, where: dict[str, str], name: str, scope: str) -> None:
    scopes = STAFF_ROLES["adjuster"]
    all_of_them, fewer = (frozenset(scopes), frozenset(scopes) - {scope})
    whole, cut = (
        gateway.client(Viewer(ViewerKind.STAFF, "staff:cut", "cut", given, role="adjuster")).at(NOW)
        for given in (all_of_them, fewer)
    )
    assert get(whole, where[name]).status_code == 200
    assert get(cut, where[name]).status_code in (403, 404)


def test_a_vendor_gets_those_of_its_cases_with_names_masked(gateway: Gateway, where: dict[str, str]) -> None:
    handler, other = (gateway.vendor(code, *VENDOR_LIMIT).at(NOW) for code in ("WINDSTONE", "HUANQIU"))
    change(gateway, "update preauths set vendor_code = 'WINDSTONE' where number = 'DEMO-PA-001'")
    change(gateway, "update claims set vendor_code = 'WINDSTONE' where number = $1", CLAIM)
    try:
        for name in (LETTER, CLAIM):
            text = page(handler, where[name])
            assert "演示陈小弟" not in text
            assert "****9176" in text
            assert get(other, where[name]).status_code == 404
        assert get(handler, where[CHILDREN]).status_code == 404  # what else the policy grants is not its affair
    finally:
        change(gateway, "update preauths set vendor_code = null where number = 'DEMO-PA-001'")
        change(gateway, "update claims set vendor_code = null where number = $1", CLAIM)


def test_a_claim_gives_the_decision_in_force_or_says_that_there_is_none(me: Client, where: dict[str, str]) -> None:
    found = me.ask("{ claims { nodes { id number decision { id } } } }").data["claims"]["nodes"]
    for claim in found:
        answer = get(me, f"/statements/{claim['id']}")
        if claim["decision"] is None:
            assert words(answer) == (409, "This claim has not been decided yet.")
        else:
            assert answer.content == get(me, f"/statements/{claim['decision']['id']}").content
    assert {claim["decision"] is None for claim in found} == {True, False}


def test_a_policy_with_a_booking_shows_the_use_that_it_holds(gateway: Gateway) -> None:
    journey = begin(gateway)
    client = gateway.customer(journey.number).at(NOW)
    text = page(client, addresses(client)[journey.number] + "?lang=en")
    assert re.search(r"100% 1 0 1 0", text)


# What they cost


def test_a_worker_holds_neither_the_printer_nor_its_typeface(me: Client, where: dict[str, str]) -> None:
    assert get(me, where[LETTER]).status_code == 200
    assert not {"typst", "pylopdf_fonts_zh_cn"} & set(sys.modules)


def test_each_that_is_given_out_is_noted_and_none_that_is_refused(
    gateway: Gateway, me: Client, where: dict[str, str]
) -> None:
    def noted() -> list[tuple[str, str, str]]:
        rows = look(
            gateway,
            "select actor_kind, actor, details::text as said from audit_entries "
            "where operation = 'statementRead' and policy_id = $1 order by at",
            policy_id(CHILDREN),
        )
        return [(row["actor_kind"], row["actor"], json.loads(row["said"])["kind"]) for row in rows]

    before = len(noted())
    assert get(me, where[CLAIM]).status_code == 200
    assert get(gateway.staff().at(LATER), where[LETTER]).status_code == 200
    assert get(gateway.customer(ADVANCED).at(LATER), where[LETTER]).status_code == 404
    new = noted()[before:]
    assert [(kind, actor) for kind, actor, _ in new] == [
        ("CUSTOMER", f"customer:{CHILDREN}"),
        ("STAFF", "staff:adjuster"),
    ]
    assert len({kind for *_, kind in new}) == 2


def test_statements_are_paid_for_like_requests(database: str, gateway: Gateway, where: dict[str, str]) -> None:
    lanes = replace(LANES, developer=replace(LANES.developer, budget=1_500, per_second=1, burst=1_500))
    with running_gateway(dsn(database, ROLE), gateway.folder, lanes=lanes) as address:
        staff = replace(gateway.staff(), address=address)
        first, second = (get(staff, where[LETTER]) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 429)
    assert second.json()["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert int(second.headers["retry-after"]) > 0
