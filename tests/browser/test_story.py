"""The whole story in a real browser: a headteacher answers, the lead closes and posts, the picture is there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect


def latest(page: Page) -> Locator:
    """The message that was said or changed last in the conversation with the bot."""
    return page.locator("article#latest")


def score(page: Page, about: str, level: str) -> None:
    latest(page).get_by_role("group", name=about).get_by_role("button", name=level).click()


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Your message").fill(text)
    page.get_by_role("textbox", name="Your message").press("Enter")


def test_a_headteacher_answers_and_the_lead_posts_the_report(page: Page, demo: str) -> None:
    page.goto(demo)
    page.get_by_role("link", name="Priya Nair").click()
    latest(page).get_by_role("button", name="Start").click()
    answer_everything(page)
    choose_priorities(page)
    submit(page)

    page.get_by_role("link", name="Be somebody else").click()
    page.get_by_role("link", name="Ruth Ellery").click()
    close_and_post(page)
    the_report_is_there(page)


def answer_everything(page: Page) -> None:
    """36 scores by button, and on the way a note by its button and a note by typing."""
    for number in range(1, 19):
        expect(latest(page).locator("h3")).to_contain_text(f"{number} of 18")
        score(page, "Our school", "3 Established")
        expect(latest(page).get_by_role("button", name="3 Established").first).to_have_attribute("aria-pressed", "true")
        score(page, "Our partnership", "2 Building")
        if number == 2:
            add_notes(page)
    expect(latest(page).locator("h3")).to_contain_text("Our priorities")


def add_notes(page: Page) -> None:
    page.get_by_role("button", name="Add a strength").last.click()
    latest(page).get_by_role("textbox", name="What is going well").fill("Our governors chose the goals with us.")
    latest(page).get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Our governors chose the goals with us.")).not_to_have_count(0)

    say(page, "development 1.1 Pupils could help to renew them.")
    expect(page.get_by_text("Pupils could help to renew them.")).not_to_have_count(0)
    say(page, "resume")


def choose_priorities(page: Page) -> None:
    for subtheme in ("5 Support and challenge", "6 The difference we make", "9 Thriving staff and pupils"):
        latest(page).get_by_role("button", name=subtheme).click()


def submit(page: Page) -> None:
    expect(latest(page)).to_contain_text("Everything is answered")
    expect(latest(page)).to_contain_text("2 notes")
    latest(page).get_by_role("button", name="Submit", exact=True).click()
    expect(latest(page)).to_contain_text("Lanternfield Primary School's answers are submitted")


def close_and_post(page: Page) -> None:
    page.get_by_role("textbox", name="Message to the channel").fill("/partnership-report")
    page.get_by_role("textbox", name="Message to the channel").press("Enter")
    asked = page.get_by_role("article").filter(has_text="Autumn 2026 is still open")
    expect(asked).to_contain_text("Only you can see this")
    expect(asked).to_contain_text("6 of 7 schools")
    asked.get_by_role("button", name="Close now and post the report").click()


def the_report_is_there(page: Page) -> None:
    channel = page.get_by_role("region", name="Willow Valley Partnership")
    picture = channel.get_by_role("img").first
    expect(picture).to_be_visible(timeout=60_000)
    expect(picture).to_have_attribute("alt", re.compile("Trust and belonging: our schools 3.5, the partnership 3"))
    assert picture.evaluate("async picture => { await picture.decode(); return picture.naturalWidth }") > 600
    expect(channel).to_contain_text("6 of 7 schools submitted")
    with page.expect_download() as downloading:
        channel.get_by_role("link", name=re.compile(r"\.csv$")).click()
    assert "Trust and belonging" in downloading.value.path().read_text(encoding="utf-8-sig")


def test_a_report_that_takes_long_to_draw_says_so_and_arrives_by_itself(
    page: Page, demo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.web.chat.PATIENCE", 0)
    page.goto(f"{demo}/as/ruth/")
    page.get_by_role("textbox", name="Message to the channel").fill("/partnership-report")
    page.get_by_role("textbox", name="Message to the channel").press("Enter")
    page.get_by_role("button", name="Post the last cycle's report").click()
    expect(page.get_by_role("status")).to_have_text("Drawing the charts…")

    expect(page.locator(".channel img").first).to_be_visible(timeout=60_000)

    expect(page.get_by_role("status")).to_have_count(0)
    expect(page.locator(".channel")).to_contain_text("6 of 7 schools submitted")


def test_time_passes_and_nudges_arrive(page: Page, demo: str) -> None:
    page.goto(f"{demo}/as/priya/")
    expect(page.locator("header")).to_contain_text("Tuesday 24 November 2026, 10:00")
    page.get_by_role("button", name="To the next nudge").click()
    expect(latest(page)).to_contain_text("A reminder about Autumn 2026")
    expect(page.locator("header")).to_contain_text("Monday 7 December 2026, 15:45")

    page.get_by_role("button", name="Forward a day").click()
    expect(page.locator("header")).to_contain_text("Tuesday 8 December 2026, 15:45")
    page.get_by_role("button", name="To the close").click()
    expect(latest(page)).to_contain_text("Submit what you have")
    expect(page.locator("header")).to_contain_text("Thursday 10 December 2026, 16:00")

    expect(page.get_by_role("button", name="To the next nudge")).to_be_disabled()
    expect(page.get_by_role("button", name="To the close")).to_be_disabled()
    latest(page).get_by_role("button", name="Start").click()
    expect(latest(page)).to_contain_text("not open for you at the moment")


def test_going_back_and_pressing_again_loses_nothing_and_repeats_nothing(page: Page, demo: str) -> None:
    page.goto(f"{demo}/as/priya/")
    latest(page).get_by_role("button", name="Start").click()
    score(page, "Our school", "3 Established")
    expect(latest(page)).to_contain_text("Our school: 3 Established")  # There is no going back while a page loads.
    page.go_back()
    score(page, "Our school", "2 Building")
    expect(latest(page)).to_contain_text("Our school: 2 Building")

    page.reload()

    expect(latest(page)).to_contain_text("Our school: 2 Building")
    expect(page.get_by_role("article").filter(has_text="Shared goals")).to_have_count(1)


def test_after_the_close_two_schools_are_introduced_across_partnerships(page: Page, demo: str) -> None:
    page.goto(f"{demo}/as/ruth/")
    page.get_by_role("textbox", name="Message to the channel").fill("/partnership-report")
    page.get_by_role("textbox", name="Message to the channel").press("Enter")
    page.get_by_role("button", name="Close now and post the report").click()
    for _ in range(6):  # To the Monday: they are asked on the second school day.
        page.get_by_role("button", name="Forward a day").click()
    page.goto(f"{demo}/as/tom/")
    report = page.locator(".conversation article").filter(has_text="Ambercombe High School: your report on Autumn 2026")
    expect(report.get_by_role("img")).to_have_attribute("alt", re.compile("Ambercombe High School beside all schools"))
    asked = page.locator(".conversation article").filter(has_text="A school in another partnership of your network")
    asked.filter(has_text="May I introduce you?").get_by_role("button", name="Yes, introduce us").click()
    expect(latest(page)).to_contain_text("As soon as the other school has said yes too")
    expect(page.get_by_role("region", name="Willow Valley Partnership")).to_contain_text("Who could help whom")
    expect(page.get_by_role("region", name="Willow Valley Partnership")).not_to_contain_text("We rarely agree")

    page.goto(f"{demo}/as/owain/")
    latest(page).get_by_role("button", name="Yes, introduce us").click()
    expect(latest(page)).to_contain_text("Tom Okafor")
    expect(latest(page)).to_contain_text("Ambercombe High School")


def test_a_facilitator_sees_what_partnerships_need_and_an_open_partnership_its_schools(page: Page, demo: str) -> None:
    page.goto(f"{demo}/as/nia/")
    say(page, "network")
    latest(page).get_by_role("button", name="What Three Rivers Network needs most").click()
    expect(latest(page)).to_contain_text("Summer term 2026: 7 of 7 partnerships")
    expect(latest(page)).to_contain_text("1 The difference we make")
    expect(latest(page)).not_to_contain_text("Lanternfield")

    page.goto(f"{demo}/as/owain/")
    say(page, "/partnership-report preview last")
    heatmap = page.locator('.conversation img[alt^="How each school sees itself"]')
    expect(heatmap).to_have_attribute("alt", re.compile("Marram Bay High School"), timeout=60_000)
