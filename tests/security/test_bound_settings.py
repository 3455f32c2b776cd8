"""Bounds and lanes as operators set them: what is named changes, and a slip stops the start."""

import pytest

from gateway.bounds import BOUNDS, LANES
from gateway.settings import Settings
from gateway.variables import SettingsError


def test_the_defaults_are_closed() -> None:
    settings = Settings.load({})
    assert (settings.bounds, settings.lanes) == (BOUNDS, LANES)
    assert (settings.rate_limits, settings.trusted_proxies) == ("memory", ())


def test_only_what_is_named_changes() -> None:
    settings = Settings.load(
        {
            "GATEWAY_BOUNDS": '{"depth": 12, "rootFields": 5}',
            "GATEWAY_LANES": '{"customer": {"perSecond": 7}, "anonymous": {"mayIntrospect": false}}',
            "GATEWAY_TRUSTED_PROXIES": "10.0.0.0/8, ::1",
        }
    )
    assert (settings.bounds.depth, settings.bounds.root_fields, settings.bounds.aliases) == (12, 5, BOUNDS.aliases)
    assert (settings.lanes.customer.per_second, settings.lanes.customer.budget) == (7, LANES.customer.budget)
    assert (settings.lanes.anonymous.may_introspect, settings.lanes.staff) == (False, LANES.staff)
    assert settings.trusted_proxies == ("10.0.0.0/8", "::1")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("GATEWAY_BOUNDS", "[]", "must be a JSON object"),
        ("GATEWAY_BOUNDS", "{", "must be a JSON object"),
        ("GATEWAY_BOUNDS", '{"dept": 1}', "there is no dept"),
        ("GATEWAY_BOUNDS", '{"depth": 0}', "depth may be a whole number from 1 on"),
        ("GATEWAY_BOUNDS", '{"depth": true}', "depth may be a whole number from 1 on"),
        ("GATEWAY_BOUNDS", '{"depth": "9"}', "depth may be a whole number from 1 on"),
        ("GATEWAY_LANES", '{"guests": {}}', "there is no guests"),
        ("GATEWAY_LANES", '{"staff": 1}', "staff must be a JSON object"),
        ("GATEWAY_LANES", '{"staff": {"name": "x"}}', "there is no name"),
        ("GATEWAY_LANES", '{"staff": {"mayIntrospect": 1}}', "may be true or false"),
        ("GATEWAY_RATE_LIMITS", "redis", "memory or postgres"),
        ("GATEWAY_TRUSTED_PROXIES", "proxy.example", "is no network"),
        ("GATEWAY_TRUSTED_PROXIES", "10.0.0.1/8", "is no network"),
        ("GATEWAY_REQUESTS", "0", "from 1 to"),
        ("GATEWAY_LONGEST_MS", "10001", "from 1 to 10000"),
    ],
)
def test_a_slip_is_told(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load({name: value})
    assert said in str(caught.value)
    assert name in str(caught.value)
