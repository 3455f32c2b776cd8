"""The ZYB handbook on hospitals and cities, clause by clause."""

import pytest

from tests.support.client import Gateway
from tests.support.escorts import add_hospitals, refused, register, verdict_of
from tests.support.zyb import tried


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy that the dry runs of this file share, since they leave nothing behind."""
    return register(gateway)


@pytest.fixture(scope="module")
def hospitals(gateway: Gateway) -> None:
    """Public hospitals of level 3 in telling cities, and one that is private."""
    cities = {
        "T-KUNSHAN": ("江苏", "昆山"),
        "T-PIZHOU": ("江苏", "邳州"),
        "T-YANCHENG": ("江苏", "盐城"),
        "T-NANGONG": ("河北", "南宫"),
        "T-NANGUAN": ("河北", "南官"),
        "T-XILINGOL": ("内蒙古", "锡林郭勒盟"),
        "T-KUNMING": ("云南", "昆明"),
        "T-LHASA": ("西藏", "拉萨"),
    }
    public = [
        {"code": code, "name": f"试验医院（{city}）", "province": province, "city": city}
        for code, (province, city) in cities.items()
    ]
    private = {"code": "T-PRIVATE", "name": "试验民营医院", "province": "上海", "city": "上海", "ownership": "PRIVATE"}
    add_hospitals(gateway, *public, private)


@pytest.mark.parametrize(
    ("hospital", "status", "shown"),
    [
        ("DEMO-SH-001", "PASSED", ""),
        ("DEMO-SH-003", "PASSED", ""),
        ("DEMO-SH-004", "REFUSED", "level 1, ownership PUBLIC"),
        ("DEMO-KS-001", "REFUSED", "level -, ownership PUBLIC"),
        ("DEMO-SH-005", "REFUSED", "ownership PRIVATE"),
        ("T-PRIVATE", "REFUSED", "level 3, ownership PRIVATE"),
    ],
    ids=["public 3", "public 2", "public 1", "public unrated", "private unrated", "private 3"],
)
@pytest.mark.usefixtures("hospitals")
def test_esc_22_the_hospital_is_public_and_of_level_2_or_above(
    gateway: Gateway, number: str, hospital: str, status: str, shown: str
) -> None:
    answer = tried(gateway, number, hospital=hospital)
    verdict = verdict_of(answer, "ZYB-ESC-22")
    assert verdict["status"] == status
    assert refused(answer) == (set() if status == "PASSED" else {"ZYB-ESC-22"})
    if status == "REFUSED":
        assert verdict["inputPath"] == ["input", "hospital"]
        assert shown in verdict["message"]


@pytest.mark.parametrize(
    ("hospital", "city", "status"),
    [
        ("DEMO-SU-001", "苏州", "PASSED"),
        ("DEMO-SZA-001", "宿州", "PASSED"),
        ("T-KUNSHAN", "昆山", "PASSED"),
        ("T-PIZHOU", "邳州", "PASSED"),
        ("DEMO-XZ-001", "徐州", "REFUSED"),
        ("T-YANCHENG", "盐城", "REFUSED"),
        ("T-NANGONG", "南宫", "PASSED"),
        ("T-NANGUAN", "南官", "PASSED"),
        ("T-XILINGOL", "锡林郭勒盟", "PASSED"),
        ("T-KUNMING", "昆明", "PASSED"),
        ("T-LHASA", "拉萨", "REFUSED"),
    ],
)
@pytest.mark.usefixtures("hospitals")
def test_tbl_12_city_01_03_04_the_city_of_the_hospital_stands_in_the_annex(
    gateway: Gateway, number: str, hospital: str, city: str, status: str
) -> None:
    answer = tried(gateway, number, hospital=hospital)
    verdict = verdict_of(answer, "ZYB-TBL-12")
    assert verdict["status"] == status
    assert verdict["rule"]["sameAs"] == ["ZYB-CITY-01", "ZYB-CITY-03", "ZYB-CITY-04"]
    if status == "REFUSED":
        assert refused(answer) == {"ZYB-TBL-12"}
        assert verdict["inputPath"] == ["input", "hospital"]
        assert city in verdict["message"]


def test_tbl_12_one_verdict_stands_for_the_four_that_say_the_same(gateway: Gateway, number: str) -> None:
    codes = {verdict["rule"]["code"] for verdict in tried(gateway, number)["verdicts"]}
    assert codes.isdisjoint({"ZYB-CITY-01", "ZYB-CITY-03", "ZYB-CITY-04", "ZYB-ESC-12", "ZYB-CON-03"})


def served_cities(gateway: Gateway, **where: str) -> list[str]:
    given = ", ".join(f'{name}: "{value}"' for name, value in where.items())
    document = f"{{ cities(first: 100, where: {{service: OUTPATIENT_ESCORT, {given}}}) {{ nodes {{ name }} }} }}"
    return [city["name"] for city in gateway.anyone().ask(document).data["cities"]["nodes"]]


def test_city_01_the_annex_has_312_cities(gateway: Gateway) -> None:
    document = "{ cities(where: {service: OUTPATIENT_ESCORT, product: ZYB}) { totalCount } }"
    assert gateway.anyone().ask(document).data["cities"]["totalCount"] == 312


def test_city_02_the_printed_form_finds_nangong_too(gateway: Gateway) -> None:
    assert served_cities(gateway, keyword="南官") == served_cities(gateway, keyword="南宫") == ["南宫"]


@pytest.mark.parametrize(
    ("province", "cities"),
    [
        ("西藏", []),
        ("香港", []),
        ("澳门", []),
        ("台湾", []),
        ("云南", ["昆明"]),
        ("青海", ["西宁"]),
        ("宁夏", ["银川"]),
        ("新疆", ["乌鲁木齐"]),
    ],
)
def test_city_04_some_provinces_have_their_capital_only_or_nothing(
    gateway: Gateway, province: str, cities: list[str]
) -> None:
    assert served_cities(gateway, province=province) == cities


def test_city_05_a_league_is_not_called_a_city(gateway: Gateway) -> None:
    assert served_cities(gateway, keyword="锡林郭勒") == ["锡林郭勒盟"]
