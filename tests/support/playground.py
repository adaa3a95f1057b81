"""Microsoft's Agents Playground, in which the bot is played as in Teams where there is Node.js: put there, then played.

``python -m tests.support.playground`` is a set-up step of ``make test``. How it is pressed and typed in is here, too,
since its pages are not ours.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page

from integrations.demo import playground
from tests.support.browser import LOOPBACK

MISSING = "Microsoft's Agents Playground is not installed: with Node.js on this machine, `make test` installs it."
_PATIENCE = 20_000

is_installed = playground.is_installed


@contextmanager
def demo_in_teams(folder: Path, *options: str) -> Iterator[dict[str, str]]:
    """``make demo-teams`` in this folder, until it is stopped by Ctrl-C: where each of its people is played."""
    command = [sys.executable, "-c", "from integrations.cli import app; app()", "demo", "--teams", "--port", "0"]
    with subprocess.Popen([*command, *options], cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told: list[str] = []
        for line in process.stdout:
            told.append(line.strip())
            if "Ctrl-C" in line:
                break
        try:
            yield {each.split()[2].strip(","): each.split()[0] for each in told if "  as " in each}
        finally:
            process.send_signal(signal.SIGINT)
            last = process.stdout.read()
    assert (process.returncode, last) == (0, "The demo has stopped.\n")


@contextmanager
def played_page(browser: Browser, address: str, width: int = 1280, height: int = 1000) -> Iterator[Page]:
    """What somebody sees who is played there. It fails if anything is loaded from another machine."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=1.5,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    context.set_default_timeout(_PATIENCE)
    loaded: list[str] = []
    context.on("response", lambda response: loaded.append(response.url))
    try:
        page = context.new_page()
        page.goto(address)
        page.get_by_role("button", name="Hide log panel").click()
        yield page
    finally:
        context.close()
    hosts = {urlsplit(each).hostname for each in loaded if each.startswith("http")}
    assert hosts == {LOOPBACK}


def types(page: Page, text: str) -> None:
    page.get_by_role("textbox").click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def open_channel(page: Page) -> None:
    page.get_by_role("treeitem", name="General").click()
    page.get_by_text("Start a new post").wait_for()


def open_own_chat(page: Page) -> None:
    page.get_by_role("treeitem", name="Personal Chat").click()


def mention(page: Page, text: str) -> None:
    """Start a post in the channel that calls the bot by its name."""
    post = page.get_by_role("textbox").first
    post.click()
    page.keyboard.type("@")
    page.locator("#typeahead-menu").get_by_role("menuitem", name="Partnership bot").click()
    post.locator(".mention").wait_for()
    page.keyboard.type(f" {text}")
    page.get_by_role("button", name="Post", exact=True).click()


def button(page: Page, name: str) -> Locator:
    """The one that was shown last."""
    return page.get_by_role("button", name=name, exact=True).last


def main() -> None:
    try:
        if not playground.is_installed():
            playground.install()
    except playground.NoPlayground as reason:
        sys.stderr.write(f"{reason}\nThe test that plays the bot as in Teams is skipped.\n")
    else:
        sys.stderr.write("The bot is played as in Teams in Microsoft's Agents Playground.\n")


if __name__ == "__main__":
    main()
