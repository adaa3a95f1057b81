"""The whole story as in Teams, played in Microsoft's own Playground: install, answer, report in the channel."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from integrations.demo import playground
from tests.support.playground import (
    MISSING,
    button,
    demo_in_teams,
    mention,
    open_channel,
    open_own_chat,
    played_page,
    types,
)

ONE_MINUTE = 60_000


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Where Priya and Ruth are played."""
    if not playground.is_installed():
        pytest.skip(MISSING)
    with demo_in_teams(tmp_path) as addresses:
        yield addresses


def test_a_headteacher_answers_and_the_lead_posts_the_report(browser: Browser, demo: dict[str, str]) -> None:
    with played_page(browser, demo["Priya"]) as page:
        installed(page)
        answers_everything(page)
    with played_page(browser, demo["Ruth"]) as page:
        closes_and_posts(page)
        the_report_is_there(page)


def installed(page: Page) -> None:
    """Opening it installs the app; the bot says hello once, with what is to be done."""
    expect(page.get_by_role("heading", name="Willow Valley Partnership: Autumn 2026")).to_have_count(1)
    button(page, "Start").click()


def answers_everything(page: Page) -> None:
    """The first sub-theme by tapping, the rest by typing."""
    button(page, "Our school: 3 Established").click()
    expect(button(page, "✓ Our school: 3 Established")).to_be_visible()
    button(page, "Our partnership: 2 Building").click()
    for number in range(2, 19):
        expect(page.get_by_role("heading", name=re.compile(rf"\b{number} of 18\b")).last).to_be_visible()
        types(page, "3 2")
    expect(page.get_by_role("heading", name="Our priorities").last).to_be_visible()
    button(page, "5 Support and challenge").click()
    expect(button(page, "✓ 5 Support and challenge")).to_be_visible()
    button(page, "Done").click()
    button(page, "Submit").click()
    expect(page.get_by_text("Lanternfield Primary School's answers are submitted").last).to_be_visible()


def closes_and_posts(page: Page) -> None:
    """What is for her alone is said in her own chat."""
    open_channel(page)
    mention(page, "partnership-report")
    expect(page.get_by_text("I answer you in our own chat").first).to_be_visible()
    open_own_chat(page)
    expect(page.get_by_text("6 of 7 schools").last).to_be_visible()
    button(page, "Close now and post the report").click()


def the_report_is_there(page: Page) -> None:
    open_channel(page)
    picture = page.get_by_alt_text(re.compile("Trust and belonging: our schools 3.5, the partnership 3")).first
    expect(picture).to_be_visible(timeout=ONE_MINUTE)
    assert picture.evaluate("async picture => { await picture.decode(); return picture.naturalWidth }") > 600
    expect(page.get_by_text("6 of 7 schools submitted").first).to_be_visible()


def test_without_node_it_is_said_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    ended = subprocess.run(
        [sys.executable, "-c", "from integrations.cli import app; app()", "demo", "--teams"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path / "bin"), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr.splitlines()[0]) == (
        1,
        "The demo in Teams needs Node.js 20 or newer, and there is none here. Please install it:",
    )
    assert not (tmp_path / "var").exists()


def test_it_is_refused_beside_the_settings_of_a_real_bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_TEAMS__APP_ID", "hush")
    ended = subprocess.run(
        [sys.executable, "-c", "from integrations.cli import app; app()", "demo", "--teams"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "PARTNERSHIP_TEAMS__PLAYGROUND: the playground lets anybody be anybody; it can't be on beside "
        "PARTNERSHIP_TEAMS__APP_ID."
    ]


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js")
@pytest.mark.parametrize(
    ("script", "told"),
    [
        pytest.param(
            "fetch('http://elsewhere.example/').catch(error => console.log(String(error.cause?.message)))",
            "It stays on this computer.",
            id="nothing is sent elsewhere",
        ),
        pytest.param(
            "require('http').createServer().listen(0, function () { console.log(this.address().address) })",
            "127.0.0.1",
            id="nobody else is answered",
        ),
    ],
)
def test_the_playground_stays_on_this_computer(script: str, told: str) -> None:
    preload = Path(playground.__file__).parent / "only_here.cjs"
    command = ["node", "--require", str(preload), "--eval", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{told}\n"
