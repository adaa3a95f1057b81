"""Messages go to the services of Teams and nowhere else, however their address is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.teams.clouds import CLOUDS, cloud_of
from integrations.teams.service_urls import ServiceUrls
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


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("", id="empty"),
        pytest.param("smba.trafficmanager.net", id="no scheme"),
        pytest.param("//smba.trafficmanager.net/uk/", id="whatever scheme"),
        pytest.param("http://smba.trafficmanager.net/uk/", id="not encrypted"),
        pytest.param("ftp://smba.trafficmanager.net/uk/", id="another scheme"),
        pytest.param("https:/smba.trafficmanager.net/uk/", id="a slash missing"),
        pytest.param("https://evil.example/uk/", id="another host"),
        pytest.param("https://evil.trafficmanager.net/uk/", id="a name that anybody can have"),
        pytest.param("https://smba.trafficmanager.net.evil.example/", id="ours as the beginning of a name"),
        pytest.param("https://evilsmba.trafficmanager.net/", id="ours as its end"),
        pytest.param("https://smba.trafficmanager.net@evil.example/", id="ours as a user"),
        pytest.param("https://me:secret@smba.trafficmanager.net/", id="a user and a password"),
        pytest.param("https://@smba.trafficmanager.net/", id="an empty user"),
        pytest.param("https://evil.example#@smba.trafficmanager.net/", id="ours behind a hash"),
        pytest.param("https://evil.example?https://smba.trafficmanager.net/", id="ours as a query"),
        pytest.param("https://evil.example/smba.trafficmanager.net/", id="ours as a path"),
        pytest.param("https://evil.example\\@smba.trafficmanager.net/", id="a backslash"),
        pytest.param("https://smba.trafficmanager.net\\.evil.example/", id="a backslash in the name"),
        pytest.param("https://smba.trafficmanager.net./uk/", id="a dot at the end"),
        pytest.param("https://smba.trafficmanager.net:8443/uk/", id="another port"),
        pytest.param("https://smba.trafficmanager.net:443/uk/", id="a port that is not written so"),
        pytest.param("https://SMBA.trafficmanager.net/uk/", id="capitals"),
        pytest.param("https://smba.trafficmanager.net/uk/?x=1", id="a query"),
        pytest.param("https://smba.trafficmanager.net/uk/#x", id="a fragment"),
        pytest.param("https://smba.trafficmanager.net/../x", id="a way up"),
        pytest.param("https://smba.trafficmanager.net/uk/..", id="a way up at the end"),
        pytest.param("https://smba.trafficmanager.net/uk/%2e%2e/", id="escapes"),
        pytest.param("https://smba.trafficmanager.net/uk/\n", id="a line break at the end"),
        pytest.param(" https://smba.trafficmanager.net/uk/", id="a space before"),
        pytest.param("https://smba.trafficmanager.net\t/uk/", id="a tab"),
        pytest.param("https://smba.traffic\u200bmanager.net/uk/", id="a letter that is not seen"),
        pytest.param("https://ѕmba.trafficmanager.net/uk/", id="a letter that looks like another"),
        pytest.param("https://smba。trafficmanager。net/uk/", id="dots of another script"),
        pytest.param("https://40.90.1.1/uk/", id="an IP address"),
        pytest.param("https://[2603:1000::1]/uk/", id="an IPv6 address"),
        pytest.param("https://2757165313/uk/", id="an IP address as one number"),
        pytest.param("https://127.0.0.1/uk/", id="this computer"),
        pytest.param("http://127.0.0.1:8000/uk/", id="this computer, not encrypted"),
        pytest.param("https://localhost/uk/", id="this computer by name"),
        pytest.param("https://169.254.169.254/latest/meta-data/", id="the machine's own secrets"),
        pytest.param("https://smba.trafficmanager.net/" + "a" * 400, id="endless"),
    ],
)
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
