"""The pages for everybody: by keyboard, with a screen reader, on a phone, and however hostile the names are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

PEOPLE = ("priya", "sian", "tom", "ruth", "alex")
WHAT_IS_MISSING = """
() => {
  const missing = [];
  const say = (words, element) => missing.push(`${words}: ${element.outerHTML.slice(0, 120)}`);
  const shown = element => element.checkVisibility();
  const every = selector => [...document.querySelectorAll(selector)].filter(shown);
  if (every('h1').length !== 1) missing.push(`${every('h1').length} main headings`);
  if (every('main').length !== 1) missing.push(`${every('main').length} main parts`);
  if (!document.documentElement.lang) missing.push('no language');
  if (!document.title) missing.push('no title');
  let level = 1;
  for (const heading of every('h1,h2,h3,h4,h5,h6')) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) say('a level of headings is left out', heading);
    level = next;
  }
  for (const field of every('input:not([type=hidden]),textarea,select,progress'))
    if (![...field.labels].some(label => label.textContent.trim())) say('no label', field);
  for (const button of every('button,a[href],summary'))
    if (!button.textContent.trim() && !button.querySelector('img[alt]')) say('no name', button);
  for (const picture of every('img')) if (!picture.alt) say('no words', picture);
  for (const group of every('fieldset')) if (!group.querySelector('legend')) say('no legend', group);
  const ids = every('[id]').map(element => element.id);
  if (new Set(ids).size !== ids.length) missing.push(`ids twice: ${ids}`);
  for (const button of every('button,.files a'))
    if (button.getBoundingClientRect().height < 40) say('too small to press', button);
  return missing;
}
"""
TOO_FAINT = """
() => {
  const channel = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const colour = written => written.match(/[\\d.]+/g).map(Number);
  const behind = element => {
    for (; element; element = element.parentElement) {
      const found = colour(getComputedStyle(element).backgroundColor);
      if (found[3] !== 0) return found;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    const words = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!words || !element.checkVisibility() || element.closest('[disabled]')) continue;
    const [one, other] = [light(colour(getComputedStyle(element).color)), light(behind(element))].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (other + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(1)} ${element.outerHTML.slice(0, 80)}`);
  }
  return faint;
}
"""


def start(page: Page, demo: str) -> None:
    page.goto(f"{demo}/as/priya/")
    page.locator("#latest").get_by_role("button", name="Start").click()
    expect(page.locator("#latest h3")).to_contain_text("1 of 18")


def write_a_note(page: Page, demo: str) -> None:
    page.goto(f"{demo}/as/tom/")
    page.get_by_role("button", name="Add a strength").last.click()
    expect(page.locator("#latest").get_by_role("textbox")).to_be_visible()


def choose_priorities(page: Page, demo: str) -> None:
    page.goto(f"{demo}/as/tom/")
    page.get_by_role("button", name="Change priorities").last.click()
    expect(page.locator("#latest h3")).to_contain_text("Our priorities")


def post_the_report(page: Page, demo: str) -> None:
    page.goto(f"{demo}/as/ruth/")
    page.get_by_role("textbox", name="Message to the channel").fill("/partnership-report")
    page.get_by_role("textbox", name="Message to the channel").press("Enter")
    page.get_by_role("button", name="Close now and post the report").click()
    expect(page.locator(".channel img").first).to_be_visible(timeout=60_000)


def open_(path: str) -> Callable[[Page, str], None]:
    def opened(page: Page, demo: str) -> None:
        page.goto(f"{demo}{path}")

    return opened


PLACES = [
    pytest.param(open_("/"), id="who to be"),
    *(pytest.param(open_(f"/as/{person}/"), id=person) for person in PEOPLE),
    pytest.param(start, id="a question"),
    pytest.param(write_a_note, id="a note"),
    pytest.param(choose_priorities, id="priorities"),
    pytest.param(post_the_report, id="the report"),
]


@pytest.mark.parametrize("go_to", PLACES)
def test_every_page_is_for_everybody(page: Page, demo: str, go_to: Callable[[Page, str], None]) -> None:
    go_to(page, demo)

    assert page.evaluate(WHAT_IS_MISSING) == []
    assert page.evaluate(TOO_FAINT) == []
    page.set_viewport_size({"width": 360, "height": 640})
    for place in ("#latest", "#channel"):
        page.evaluate("place => location.hash = place", place)
        assert page.evaluate(WHAT_IS_MISSING) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, "nothing is wider than a small phone"


def test_on_a_phone_the_conversation_and_the_channel_are_two_pages(page: Page, demo: str) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{demo}/as/ruth/#latest")
    expect(page.locator(".conversation")).to_be_visible()
    expect(page.locator(".channel")).to_be_hidden()

    page.get_by_role("link", name="Channel").click()
    expect(page.locator(".channel")).to_be_visible()
    expect(page.locator(".conversation")).to_be_hidden()
    page.get_by_role("textbox", name="Message to the channel").fill("/partnership-report")
    page.get_by_role("textbox", name="Message to the channel").press("Enter")

    expect(page.get_by_role("button", name="Close now and post the report")).to_be_in_viewport()


def test_scores_can_be_given_with_the_keyboard_alone(page: Page, demo: str) -> None:
    page.goto(demo)
    tab_to(page, page.get_by_role("link", name="Priya Nair"))
    page.keyboard.press("Enter")
    expect(page.locator("#latest")).to_be_focused()
    tab_to(page, page.locator("#latest").get_by_role("button", name="Start"))
    page.keyboard.press("Enter")
    for number in (1, 2, 3):
        expect(page.locator("#latest h3")).to_contain_text(f"{number} of 18")
        for about in ("Our school", "Our partnership"):
            level = page.locator("#latest").get_by_role("group", name=about).get_by_role("button", name="3 Established")
            tab_to(page, level)
            page.keyboard.press("Enter")
            expect(page.locator("#latest")).to_be_focused()

    expect(page.locator("#latest")).to_contain_text("3 of 18 answered")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it is reached; each stop on the way shows where it is."""
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("not reached within 40 stops")


def test_what_is_chosen_is_told_and_not_only_coloured(page: Page, demo: str) -> None:
    start(page, demo)
    page.locator("#latest").get_by_role("button", name="3 Established").first.click()

    chosen = page.locator("#latest").get_by_role("button", name="3 Established", pressed=True)
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_accessible_name("3 Established")
    expect(page.locator("#latest").get_by_role("group", name="Our school: 3 Established")).to_be_visible()


def test_what_is_written_in_welsh_says_so(page: Page, demo: str) -> None:
    page.goto(f"{demo}/as/sian/")

    assert set(
        page.locator(".conversation article.bot form").evaluate_all("forms => forms.map(form => form.lang)")
    ) == {"cy"}


HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script><once></once> javascript:alert(3) &amp; \u202etxet"


def note_and_dismiss(dialogs: list[str], dialog: Dialog) -> None:
    dialogs.append(dialog.message)
    dialog.dismiss()


def test_hostile_words_stay_words(page: Page, demo: str) -> None:
    dialogs: list[str] = []
    page.on("dialog", partial(note_and_dismiss, dialogs))
    start(page, demo)
    before = page.locator("script, article img, iframe").count()
    for text in (HOSTILE, f"strength {HOSTILE}"):
        page.get_by_role("textbox", name="Your message").fill(text)
        page.get_by_role("textbox", name="Your message").press("Enter")
    page.get_by_role("textbox", name="Message to the channel").fill(HOSTILE)
    page.get_by_role("textbox", name="Message to the channel").press("Enter")
    page.goto(f"{demo}/as/tom/")

    expect(page.locator(".channel article").last).to_contain_text(HOSTILE)
    assert page.locator("script, article img, iframe").count() == before
    assert dialogs == []
