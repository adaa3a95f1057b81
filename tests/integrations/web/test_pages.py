"""The demo's pages over HTTP: what they take, what they refuse, and in which words."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import httpx
import pytest

from tests.support.days import london
from tests.support.demo import demo_on, goes_on_from, settled
from tests.support.html import Element, parse


def page(client: httpx.Client, person: str) -> Element:
    """The page once nothing is on its way to it any more, however busy the machine is."""
    return settled(lambda: parse(client.get(f"/as/{person}/").raise_for_status().text))


def token(client: httpx.Client, person: str) -> str:
    return page(client, person).find("input")[0]["value"]


def send(client: httpx.Client, person: str, **fields: str) -> httpx.Response:
    whole = {"token": token(client, person), "where": "direct", **fields}
    return client.post(f"/as/{person}/", data={name: value for name, value in whole.items() if value != "left out"})


def said(client: httpx.Client, person: str) -> list[str]:
    return [each.text for each in page(client, person).find("article")]


# What may come in


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 303, id="a program on this computer"),
        pytest.param({"Sec-Fetch-Site": "same-origin"}, 303, id="our own page"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="another port of this computer"),
        pytest.param({"Origin": "https://evil.example"}, 403, id="another site, in an older browser"),
        pytest.param({"Origin": "null"}, 403, id="a page that hides where it is from"),
        pytest.param({"Host": "evil.example"}, 421, id="a name that was pointed at this computer"),
        pytest.param({"Host": "127.0.0.1.evil.example"}, 421, id="a name that begins like ours"),
        pytest.param({"Host": "evil.example@127.0.0.1"}, 421, id="a host that is no host"),
        pytest.param({"Host": "[::1"}, 421, id="a broken host"),
        pytest.param({"Host": ""}, 421, id="no host"),
    ],
)
def test_only_our_own_pages_on_this_computer_may_send(
    shared: httpx.Client, headers: dict[str, str], status: int
) -> None:
    fields = {"token": token(shared, "priya"), "where": "direct", "said": "help"}
    before = said(shared, "priya")

    answer = shared.post("/as/priya/", data=fields, headers=headers)

    assert answer.status_code == status
    assert (said(shared, "priya") == before) == (status != 303), "what is refused has no effect"


@pytest.mark.parametrize("host", ["evil.example", "192.168.1.5:8000", "demo.localhost.example"])
def test_not_even_reading_is_possible_under_another_name(shared: httpx.Client, host: str) -> None:
    answer = shared.get("/as/ruth/", headers={"Host": host})

    assert answer.status_code == 421
    assert "answers only on this computer" in answer.text
    assert "Willow" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "[::1]:8000", "LOCALHOST"])
def test_this_computer_has_several_names(shared: httpx.Client, host: str) -> None:
    assert shared.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"token": ""}, id="no token"),
        pytest.param({"token": "x" * 65}, id="a long token"),
        pytest.param({"token": "a b|c"}, id="a token of other characters"),
        pytest.param({"where": "elsewhere"}, id="a place that is none"),
        pytest.param({"where": "left out"}, id="no place"),
        pytest.param({"said": "x" * 70_000}, id="more than a form can hold"),
    ],
)
def test_a_broken_form_changes_nothing_and_is_answered_kindly(shared: httpx.Client, fields: dict[str, str]) -> None:
    before = said(shared, "priya")

    answer = send(shared, "priya", **{"said": "help", **fields})

    assert answer.status_code == 400
    assert "Nothing has changed" in answer.text
    assert said(shared, "priya") == before


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\xff\xfe&&==%zz", id="bytes"),
        pytest.param(b"said=" + b"a" * 10 + b"&x=1" * 30, id="many fields"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_is_no_form_of_ours_never_breaks_anything(shared: httpx.Client, body: bytes) -> None:
    answer = shared.post("/as/priya/", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})

    assert answer.status_code == 400


def test_an_upload_is_refused(shared: httpx.Client) -> None:
    answer = shared.post("/as/priya/", data={"where": "direct"}, files={"said": ("x.txt", b"x")})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "action", ["", "nonsense", "Score|1|2", "Submit|999999", "EraseMe|x", "\x00", "Score|" + "9" * 400]
)
def test_a_button_that_never_was_is_answered_by_the_bot(shared: httpx.Client, action: str) -> None:
    assert send(shared, "priya", action=action).status_code == 303


def test_an_empty_box_says_nothing(shared: httpx.Client) -> None:
    before = said(shared, "priya")

    assert send(shared, "priya", said="   ").status_code == 303

    assert said(shared, "priya") == before


# What comes out


@pytest.mark.parametrize(
    "path", ["/nowhere", "/as/nobody/", "/as/priya/files/nothing", "/static/nothing.css", "/as/priya/nothing", "/docs"]
)
def test_an_address_that_is_none_is_answered_in_words(shared: httpx.Client, path: str) -> None:
    answer = shared.get(path)

    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.text


def test_a_page_that_cannot_be_made_says_so_without_a_trace(client: httpx.Client, demo_file: Path) -> None:
    with sqlite3.connect(demo_file) as database:
        database.execute("ALTER TABLE browser_message RENAME TO gone")

    answer = client.get("/as/priya/")

    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "Traceback" not in answer.text
    assert "browser_message" not in answer.text


def test_every_answer_forbids_what_no_page_of_ours_needs(shared: httpx.Client) -> None:
    for path in ("/", "/as/priya/", "/nowhere", "/static/chat.css", "/health/live"):
        headers = shared.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'"), path
        assert headers["x-content-type-options"] == "nosniff", path


def test_pages_bring_no_script_and_nothing_from_elsewhere(shared: httpx.Client) -> None:
    for path in ("/", "/as/priya/", "/as/tom/", "/as/ruth/"):
        text = shared.get(path).text
        assert "<script" not in text
        assert "style=" not in text
        assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", text)


def test_health_says_whether_it_lives_and_is_ready(shared: httpx.Client) -> None:
    assert shared.get("/health/live").status_code == 200
    assert shared.get("/health/ready").text == "Ready.\n"


# One event, one effect


def test_a_form_sent_twice_is_one_event(client: httpx.Client) -> None:
    fields = {"token": token(client, "priya"), "where": "direct", "said": "status"}
    before = len(said(client, "priya"))

    assert client.post("/as/priya/", data=fields).status_code == 303
    assert client.post("/as/priya/", data=fields).status_code == 303

    assert len(said(client, "priya")) == before + 2, "what she typed, and one answer"


def test_the_clock_moves_once_for_a_form_sent_twice(client: httpx.Client) -> None:
    fields = {"token": token(client, "priya"), "forward": "day"}

    for _ in range(2):
        assert client.post("/as/priya/clock", data=fields).status_code == 303

    assert "Wednesday 25 November 2026, 10:00" in page(client, "priya").only("header").text


def test_times_are_shown_as_clocks_in_britain_show_them(demo_file: Path) -> None:
    """In summer that is an hour later than in UTC."""
    goes_on_from(demo_file, london("2027-06-22 10:00"))
    with demo_on(demo_file) as address, httpx.Client(base_url=address, follow_redirects=True) as client:
        send(client, "priya", said="help")
        shown = page(client, "priya")
    assert "Tuesday 22 June 2027, 10:00" in shown.only("header").text
    assert {"10:00"} == {each.only("time").text for each in shown.find("section")[0].find("article")[-2:]}


@pytest.mark.parametrize("forward", ["", "week", "day; DROP"])
def test_the_clock_moves_only_as_the_page_offers(shared: httpx.Client, forward: str) -> None:
    fields = {"token": token(shared, "priya"), "forward": forward}

    assert shared.post("/as/priya/clock", data=fields).status_code == 400


# Who sees what


def post_last_report(client: httpx.Client) -> None:
    send(client, "ruth", where="channel", said="/partnership-report")
    (button,) = [each for each in page(client, "ruth").find("button") if each.text == "Post the last cycle's report"]
    send(client, "ruth", where="channel", action=button["value"])


def test_what_is_meant_for_one_person_is_seen_by_that_person_alone(client: httpx.Client) -> None:
    send(client, "priya", where="channel", said="/partnership-report")

    assert any("Only a lead of the partnership" in each for each in said(client, "priya"))
    for other in ("ruth", "tom", "sian", "alex"):
        assert not any("Only a lead of the partnership" in each for each in said(client, other))
        assert not any("/partnership-report" in each and "You" in each[:3] for each in said(client, other))


def test_what_is_written_in_the_channel_is_seen_by_its_members(client: httpx.Client) -> None:
    send(client, "priya", where="channel", said="See you on the fifteenth.")

    assert any(each.endswith("See you on the fifteenth.") for each in said(client, "tom"))
    assert not any("fifteenth" in each for each in said(client, "alex"))


def test_an_outsider_is_no_member_of_the_channel(shared: httpx.Client) -> None:
    assert send(shared, "alex", where="channel", said="/partnership-report").status_code == 400


def test_files_are_for_those_who_see_their_message(client: httpx.Client) -> None:
    send(client, "priya", said="my data")
    (link,) = [each["href"] for each in page(client, "priya").find("a") if each.get("download")]

    own = client.get(f"/as/priya/{link}")
    assert own.headers["content-disposition"] == "attachment"
    assert "sandbox" in own.headers["content-security-policy"]
    assert "Priya Nair" in own.text
    for other in ("tom", "ruth", "alex"):
        assert client.get(f"/as/{other}/{link}").status_code == 404


def test_a_picture_is_shown_in_its_place(client: httpx.Client) -> None:
    post_last_report(client)
    picture = settled(lambda: page(client, "tom")).find("img")[0]

    answer = client.get(f"/as/tom/{picture['src']}")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"] == "inline"
    assert answer.content.startswith(b"\x89PNG")
    assert client.get(f"/as/alex/{picture['src']}").status_code == 404


def test_the_box_to_write_in_speaks_the_language_that_was_chosen(client: httpx.Client) -> None:
    def box() -> tuple[str, str | None]:
        form = page(client, "priya").find("section")[0].find("form")[-1]
        return form.only("label").text, form.get("lang")

    assert box() == ("Your message", "en")
    send(client, "priya", said="cymraeg")

    assert box() == ("Eich neges", "cy")
