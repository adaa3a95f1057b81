"""HTML as a tree, as far as tests look into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY = frozenset({"br", "hr", "img", "input", "link", "meta"})


@dataclass
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)

    def everything(self) -> Iterator[Element]:
        """All elements within, in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.everything()

    def find(self, *tags: str) -> list[Element]:
        return [each for each in self.everything() if each.tag in tags]

    def only(self, tag: str) -> Element:
        found = self.find(tag)
        assert len(found) == 1, f"{len(found)} of <{tag}>"
        return found[0]

    @property
    def text(self) -> str:
        """What is in it, word for word where it is a textarea, else with single spaces."""
        raw = "".join(child if isinstance(child, str) else child.text for child in self.children)
        return raw if self.tag == "textarea" else " ".join(raw.split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("document")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _EMPTY:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> where <{self.open[-1].tag}> is open"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(source: str) -> Element:
    """The page as a tree. Fails where an element is not closed as it was opened."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    (document,) = reader.open
    return document
