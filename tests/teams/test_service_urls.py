"""Messages go to the services of Teams and nowhere else, however their address is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.teams.clouds import CLOUDS, cloud_of
from integrations.teams.service_urls import ServiceUrls
from tests.teams.forgeries import TRICKS
from tests.teams.settings import teams_settings

PUBLIC = CLOUDS["public"].service_urls


@pytest.mark.parametrize(
    "address",
    [
        "https://smba.trafficmanager.net/uk/",
        "https://smba.trafficmanager.net/emea/5c000000-0000-4000-8000-0000000000a1/",
        "https://smba.trafficmanager.net",
        "https://smba.infra.gcc.teams.microsoft.com/teams",
    ],
)
def test_the_services_of_teams_are_right(address: str) -> None:
    assert PUBLIC.allow(address)


@pytest.mark.parametrize("address", TRICKS.values(), ids=TRICKS)
def test_nothing_else_is(address: str) -> None:
    assert not PUBLIC.allow(address)


def test_an_ip_address_is_not_even_right_where_it_is_listed() -> None:
    assert not ServiceUrls(frozenset({"40.90.1.1", "0x7f.1"})).allow("https://40.90.1.1/")


def test_a_port_of_this_computer_can_be_listed() -> None:
    listed = ServiceUrls(frozenset({"127.0.0.1:9000"}))
    assert listed.allow("http://127.0.0.1:9000/_connector")
    assert not listed.allow("http://127.0.0.1:9001/_connector")


def test_the_playground_may_be_at_any_port_of_this_computer_and_nowhere_else() -> None:
    playground = ServiceUrls(frozenset(), on_this_computer=True)
    assert playground.allow("http://127.0.0.1:56150/_connector")
    assert playground.allow("http://localhost:56150/_connector")
    assert not playground.allow("https://smba.trafficmanager.net/uk/")


def test_settings_can_point_elsewhere_and_all_else_stays_that_of_the_cloud() -> None:
    cloud = cloud_of(teams_settings(service_hosts="one.example, Two.example:444", cloud="us-government"))
    assert cloud.service_urls.hosts == {"one.example", "two.example:444"}
    assert cloud.issuer == "https://api.botframework.us"


@given(st.text(max_size=60))
def test_no_garbage_is_right(address: str) -> None:
    assert not PUBLIC.allow(address)
    assert not PUBLIC.allow(f"https://{address}/")
