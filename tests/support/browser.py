"""The real Chromium in which the browser tests run: found, or put there, then watched.

``python -m tests.support.browser`` is the set-up step of ``make test``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.installing import from_debian, is_root, ran

LOOPBACK = "127.0.0.1"

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # Even a request that nobody watches (a web socket, a prefetch) finds nothing but this machine.
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {LOOPBACK}",
)

MISSING = (
    "No Chromium was found and none could be installed. Install Chromium or Chrome and run `make test` again; "
    "the browser tests are skipped."
)


@cache
def find_chromium() -> Path | None:
    """The first Chromium that starts: one of the machine's, else the one playwright keeps."""
    named = (shutil.which(name) for name in _NAMES)
    candidates = [Path(found) for found in (*named, *_APPLICATIONS) if found]
    return next((path for path in candidates if _starts(path)), None) or _playwrights_own()


def _starts(path: Path) -> bool:
    """Whether it runs at all: on some systems the name is only a note on where to get the browser."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _playwrights_own() -> Path | None:
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if _starts(path) else None


@contextmanager
def running_browser(chromium: Path) -> Iterator[Browser]:
    """Headless Chromium. While it runs, this thread can run no asyncio loop: playwright's own is in the way."""
    # Playwright switches the sandbox off unless asked. It stays off: the sandbox cannot start as root or in most
    # containers, and the only pages shown are our own.
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium, args=_FLAGS) as browser:
        yield browser


@contextmanager
def watched_page(browser: Browser) -> Iterator[Page]:
    """A page with a fresh profile that fails on any console error and on any request to another machine."""
    complaints: list[str] = []
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London", service_workers="block")
    context.set_default_timeout(10_000)
    context.on("request", lambda request: complaints.extend(_stranger(request.url)))
    context.on("weberror", lambda error: complaints.append(f"script error: {error.error}"))
    context.on("console", lambda said: complaints.extend([f"console: {said.text}"] if said.type == "error" else []))
    try:
        yield context.new_page()
    finally:
        context.close()
    assert not complaints, "\n".join(complaints)


def _stranger(url: str) -> list[str]:
    parts = urlsplit(url)
    away = parts.scheme not in {"about", "blob", "data"} and parts.hostname != LOOPBACK
    return [f"request to another machine: {url}"] if away else []


def install_chromium() -> None:
    """Debian's package where we may install it, else playwright's download into the user's cache."""
    if from_debian("chromium"):
        return
    libraries = ("--with-deps",) if is_root() else ()
    ran(sys.executable, "-m", "playwright", "install", *libraries, "chromium")


def main() -> None:
    if find_chromium() is None:
        sys.stderr.write("The browser tests need a Chromium, and there is none here: installing one.\n")
        install_chromium()
        find_chromium.cache_clear()
    found = find_chromium()
    sys.stderr.write(f"{f'Browser tests use {found}.' if found else MISSING}\n")


if __name__ == "__main__":
    main()
