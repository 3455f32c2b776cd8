import pytest

from gateway.validation.rules import disclosures
from gateway.validation.verdict import Status

from .builders import facts, rule


@pytest.mark.parametrize(
    ("acknowledged", "status", "path"),
    [
        ({"ZYB-ESC-00"}, Status.PASSED, ()),
        ({"ZYB-ESC-99"}, Status.REFUSED, ("input", "acknowledged")),
        (set[str](), Status.REFUSED, ("input", "acknowledged")),
    ],
    ids=["this one", "another one", "none"],
)
def test_this_very_disclosure_has_been_read(acknowledged: set[str], status: Status, path: tuple[str, ...]) -> None:
    verdict = disclosures.disclosure_acknowledged(rule(), facts(acknowledged=frozenset(acknowledged)))
    assert (verdict.status, verdict.input_path) == (status, path)
    assert verdict.values == {"disclosure": "ZYB-ESC-00"}
