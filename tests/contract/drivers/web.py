"""The scenarios over HTTP, as a browser without scripts would send them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.support.days import NOW
from tests.support.demo import demo_on, goes_on_from, settled
from tests.support.html import Element, parse

TENANT = "demo"


@contextmanager
def opened(database: Path) -> Iterator[WebDriver]:
    goes_on_from(database, NOW)
    with demo_on(database) as address, httpx.Client(base_url=address, follow_redirects=True) as client:
        yield WebDriver(client)


ONLY_YOU = "Only you can see this"
IN_THREAD = "In the thread of the message above"


@dataclass(frozen=True)
class WebDriver:
    client: httpx.Client
    pages: dict[str, Element] = field(default_factory=dict)
    read: dict[str, dict[str, str]] = field(default_factory=dict)
    """What stood in each person's conversation before they last did something."""

    def types(self, person: str, text: str) -> None:
        self._send(person, self._page(person).find("section")[0].find("form")[-1], {"said": text})

    def presses(self, person: str, label: str) -> None:
        self._press(person, label, self._page(person))

    def chooses(self, person: str, legend: str, label: str) -> None:
        groups = reversed(self._page(person).find("fieldset"))
        self._press(person, label, next(each for each in groups if each.only("legend").text.startswith(legend)))

    def writes(self, person: str, text: str) -> None:
        form = next(each for each in reversed(self._page(person).find("form")) if each.find("textarea"))
        send = next(each for each in form.find("button") if each.get("class") == "main")
        self._send(person, form, {form.only("textarea")["name"]: text, "action": send["value"]})

    def says_in_channel(self, person: str, text: str) -> None:
        self._send(person, self._page(person).find("section")[1].find("form")[-1], {"said": text})

    def sees(self, person: str) -> str:
        said, read = self._told_alone(person), self.read[person]
        return "\n".join(text for message, text in said.items() if read.get(message) != text)

    def sees_in_channel(self, person: str) -> str:
        return "\n".join(text for text in self._told_to_all(person) if IN_THREAD not in text)

    def sees_in_thread(self, person: str) -> str:
        return "\n".join(text for text in self._told_to_all(person) if IN_THREAD in text)

    def _told_to_all(self, person: str) -> list[str]:
        channel = settled(lambda: self._fetched(person)).find("section")[1]
        return [each.text for each in channel.find("article") if _is_bots(each) and ONLY_YOU not in each.text]

    def _told_alone(self, person: str) -> dict[str, str]:
        direct, channel = self._page(person).find("section")
        articles = (*direct.find("article"), *(each for each in channel.find("article") if ONLY_YOU in each.text))
        return {each["data-message"]: each.text for each in articles if _is_bots(each)}

    def _press(self, person: str, label: str, within: Element) -> None:
        wanted = {each["value"] for each in within.find("button") if each.text == label and each.get("value")}
        forms = [
            (form, button["value"])
            for form in self._page(person).find("form")
            for button in form.find("button")
            if button.get("value") in wanted
        ]
        assert forms, f"{person} sees no button {label}, only {[each.text for each in within.find('button')]}"
        form, action = forms[-1]
        self._send(person, form, {"action": action})

    def _send(self, person: str, form: Element, more: dict[str, str]) -> None:
        self.read[person] = self._told_alone(person)
        hidden = {each["name"]: each["value"] for each in form.find("input") if each.get("type") == "hidden"}
        self.pages[person] = parse(self.client.post(f"/as/{person}/", data=hidden | more).raise_for_status().text)

    def _page(self, person: str) -> Element:
        """The page they are on; it changes when they do something, and is fetched again to see what others did."""
        return self.pages.get(person) or self._fetched(person)

    def _fetched(self, person: str) -> Element:
        self.pages[person] = parse(self.client.get(f"/as/{person}/").raise_for_status().text)
        return self.pages[person]


def _is_bots(article: Element) -> bool:
    return article["class"] == "bot"
