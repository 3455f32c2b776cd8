"""`gateway schema`, `gateway rules` and `gateway doctor`."""

from pathlib import Path

from tests.support.processes import gateway, gateway_here


def test_the_schema_is_compared_with_a_file(empty: Path) -> None:
    sdl = gateway(empty, "schema").out
    assert "type Query" in sdl
    file = empty / "schema.graphql"
    file.write_text(sdl, encoding="utf-8")
    assert gateway_here(empty, "schema", "--check", str(file)).code == 0
    file.write_text(sdl + "\n", encoding="utf-8")
    assert f"run `gateway schema > {file}`" in gateway_here(empty, "schema", "--check", str(file)).complaint


def test_the_rules_are_listed_by_product_and_account(empty: Path) -> None:
    every = gateway(empty, "rules").out.splitlines()
    some = gateway_here(empty, "rules", "--product", "ZYB").out.splitlines()
    assert "ZYB-ESC-23" in {line.split()[0] for line in some}
    assert 0 < len(some) < len(every)
    assert gateway_here(empty, "rules", "--product", "ABC").complaint.startswith("--product ABC: it may be CY23, CY26")


def test_the_doctor_finds_a_seeded_home_sound(home: Path) -> None:
    said = gateway(home, "doctor", GATEWAY_MODE="development")
    assert said.code == 0, said.err
    assert said.out.startswith("mode       development\nopen       WARNING: ")
    assert "\ndatabase   PostgreSQL " in said.out
    assert said.out.endswith("embedded\ntables     up to date\nrows       row security is on\ndata       up to date\n")


def test_the_doctor_tells_what_is_missing(empty: Path) -> None:
    said = gateway(empty, "doctor")
    assert said.code == 1
    assert "more differences" in said.out
    assert said.err == "gateway: the tables are not those of this release: `gateway seed` brings them up to date\n"
