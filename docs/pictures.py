"""Take the pictures of the documents again: from the demo as it is at first, also in Teams, and from a played Slack."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, expect

from core.charts.pool import draw_picture
from docs import in_slack, in_teams
from docs.in_slack import Told
from tests.support import playground
from tests.support.browser import MISSING, find_chromium, running_browser
from tests.support.demo import demo_on, furnished
from tests.support.pictures import every_kind

HERE: Final = Path(__file__).parent / "pictures"
_KINDS: Final = ("dumbbell", "own-school", "heatmap", "counts", "priorities", "forms", "trend")
_ONE_MINUTE: Final = 60_000


def main() -> None:
    chromium = find_chromium()
    if chromium is None:
        sys.exit(MISSING)
    HERE.mkdir(exist_ok=True)
    _every_kind()
    with tempfile.TemporaryDirectory() as folder:
        database = furnished(Path(folder) / "demo.db")
        with demo_on(database) as demo, running_browser(chromium) as browser:
            _chat(browser, demo)
            _phone(browser, demo)
            _report(browser, demo)
        _in_slack(in_slack.story(Path(folder)), chromium)
        _in_teams(Path(folder), chromium)


def _every_kind() -> None:
    """One of each kind of picture that a report can have, of an invented partnership."""
    for name, picture in every_kind().items():
        if name in _KINDS:
            (HERE / f"{name}.png").write_bytes(draw_picture(picture))


def _chat(browser: Browser, demo: str) -> None:
    """A headteacher in the middle of a question, with the channel beside it."""
    page = _page(browser, 1280, 880)
    page.goto(f"{demo}/as/priya/")
    page.locator("#latest").get_by_role("button", name="Start").click()
    for level in ("3 Established", "2 Building"):
        page.locator("#latest").get_by_role("button", name=level).first.click()
        page.locator("#latest").get_by_role("button", name=level).last.click()
    page.locator("#latest").get_by_role("button", name="3 Established").first.click()
    _take(page, "chat.png")


def _phone(browser: Browser, demo: str) -> None:
    page = _page(browser, 390, 844)
    page.goto(f"{demo}/as/sian/")
    page.locator("#latest").get_by_role("button", name="Parhau").click()
    _take(page, "phone.png")


def _report(browser: Browser, demo: str) -> None:
    """The report in the channel, right after the lead has closed the cycle."""
    page = _page(browser, 1280, 6000)  # Room for all of it: what is scrolled away is not in a picture.
    page.goto(f"{demo}/as/ruth/")
    page.get_by_role("textbox", name="Message to the channel").fill("/partnership-report")
    page.get_by_role("textbox", name="Message to the channel").press("Enter")
    page.get_by_role("button", name="Close now and post the report").click()
    pictures = page.locator(".channel").get_by_role("img")
    expect(pictures.first).to_be_visible(timeout=_ONE_MINUTE)
    expect(page.get_by_role("status")).to_have_count(0, timeout=_ONE_MINUTE)
    for picture in pictures.all():
        picture.evaluate("picture => picture.decode()")
    page.locator(".channel li:not(.in-thread)").filter(has=page.get_by_role("img")).screenshot(path=HERE / "report.png")
    page.context.close()


def _in_slack(told: Told, chromium: Path) -> None:
    question = in_slack.page(in_slack.message(told.question, told))
    below = (in_slack.message(each, told, "thread") for each in told.thread[:1])
    with running_browser(chromium) as browser:
        _draw(browser, 760, question, "slack-question.png")
        _draw(browser, 390, question, "slack-phone.png")
        _draw(browser, 760, in_slack.page(in_slack.blocks(told.tab["blocks"], {})), "slack-home.png")
        _draw(browser, 760, in_slack.page(in_slack.message(told.report, told), *below), "slack-report.png")


def _in_teams(folder: Path, chromium: Path) -> None:
    if not playground.is_installed():
        sys.stderr.write(f"{playground.MISSING}\nThe pictures of Teams stay as they are.\n")
        return
    with running_browser(chromium) as browser:
        in_teams.take(browser, folder, HERE)


def _draw(browser: Browser, width: int, html: str, name: str) -> None:
    page = _page(browser, width, 400)
    page.set_content(html)
    page.locator("main").screenshot(path=HERE / name)
    page.context.close()


def _page(browser: Browser, width: int, height: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=1.5,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    return context.new_page()


def _take(page: Page, name: str) -> None:
    # Without the ring around what was changed last: a picture has no keyboard.
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=HERE / name)
    page.context.close()


if __name__ == "__main__":
    main()
