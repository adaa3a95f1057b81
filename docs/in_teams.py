"""What the bot says in Teams, as Microsoft's Agents Playground shows it: the demo, played by its people."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, expect

from tests.support.playground import button, demo_in_teams, mention, open_channel, open_own_chat, played_page

_PHONE: Final = ".ac-adaptiveCard { width: 342px !important; }"
"""As much as a chat on a phone leaves for a card; the Playground itself has no such view."""
_ONE_MINUTE: Final = 60_000


def take(browser: Browser, folder: Path, pictures: Path) -> None:
    """Into the folder of pictures; the other folder is for the demo."""
    with demo_in_teams(folder) as demo:
        with played_page(browser, demo["Priya"], 1280, 1100) as page:
            _question(page, pictures)
        with played_page(browser, demo["Ruth"], 1280, 3000) as page:
            _report(page, pictures)


def _question(page: Page, pictures: Path) -> None:
    button(page, "Start").click()
    button(page, "Our school: 3 Established").click()
    expect(button(page, "✓ Our school: 3 Established")).to_be_visible()
    page.get_by_role("button", name="Dismiss Invoke Message").last.click()
    card = page.locator(".ac-adaptiveCard").last
    card.screenshot(path=pictures / "teams-question.png")
    page.add_style_tag(content=_PHONE)
    card.screenshot(path=pictures / "teams-phone.png")


def _report(page: Page, pictures: Path) -> None:
    open_channel(page)
    mention(page, "partnership-report")
    open_own_chat(page)
    button(page, "Close now and post the report").click()
    open_channel(page)
    picture = page.get_by_alt_text(re.compile("Trust and belonging: our schools")).first
    expect(picture).to_be_visible(timeout=_ONE_MINUTE)
    picture.evaluate("picture => picture.decode()")
    page.locator(".ac-adaptiveCard").filter(has=picture).first.screenshot(path=pictures / "teams-report.png")
