"""What was asked of a person last is kept as text in the database, and comes back as it was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.decide.turn_state import (
    ActionDraft,
    Awaiting,
    NoteWanted,
    TextOffered,
    awaiting_from_json,
    awaiting_to_json,
)
from core.enquiry import NoteKind

NUMBERS = st.integers(0, 2**53 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
MAYBE = st.none() | TEXTS
WAITING = (
    st.builds(NoteWanted, NUMBERS, TEXTS, st.sampled_from(NoteKind))
    | st.builds(TextOffered, NUMBERS, NUMBERS, TEXTS, TEXTS)
    | st.builds(ActionDraft, NUMBERS, MAYBE, MAYBE, MAYBE, MAYBE, MAYBE)
)


@given(WAITING)
def test_what_waits_comes_back_as_it_was(waiting: Awaiting) -> None:
    stored = awaiting_to_json(waiting)
    assert awaiting_from_json(stored) == waiting


def test_nothing_waits() -> None:
    assert awaiting_to_json(None) is None
    assert awaiting_from_json(None) is None


def test_it_is_stored_so() -> None:
    """It stays in databases while the program is replaced, so it can't change."""
    assert json.loads(awaiting_to_json(NoteWanted(7, "1.1", NoteKind.STRENGTH)) or "") == {
        "response": 7, "subtheme": "1.1", "kind": "strength", "what": "note-wanted",
    }  # fmt: skip
    assert json.loads(awaiting_to_json(TextOffered(7, 9, "1.1", "We meet")) or "") == {
        "response": 7, "offer": 9, "subtheme": "1.1", "text": "We meet", "what": "text-offered",
    }  # fmt: skip
    assert json.loads(awaiting_to_json(ActionDraft(7, "river", "1.1", "We visit", "alder", "next-meeting")) or "") == {
        "draft": 7, "partnership": "river", "subtheme": "1.1", "words": "We visit", "owner": "alder",
        "due": "next-meeting", "what": "action-draft",
    }  # fmt: skip


def test_text_cannot_pretend_to_be_another_thing() -> None:
    written = '", "what": "note-wanted", "x": "'
    assert awaiting_from_json(awaiting_to_json(TextOffered(7, 9, "1.1", written))) == TextOffered(7, 9, "1.1", written)


@pytest.mark.parametrize(
    "stored", ["", "{}", "[]", '{"what": "nothing-known"}', '{"what": "note-wanted", "response": "x"}']
)
def test_what_was_never_stored_is_refused(stored: str) -> None:
    with pytest.raises(ValidationError):
        awaiting_from_json(stored)
