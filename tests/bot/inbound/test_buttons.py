"""What a button carries comes back as it was, is short enough for every platform, and is harmless to tamper with."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbound import buttons
from bot.inbound.button_codec import decode, encode
from bot.inbound.buttons import Press, Prioritise, Score
from core.enquiry import Audience, NoteKind, Visibility
from core.framework import Perspective
from core.yaml_fields import LONGEST_ID

KINDS = get_args(Press)
IDS = st.from_regex(r"[A-Za-z0-9]+([._-]+[A-Za-z0-9]+)*", fullmatch=True).filter(lambda text: len(text) <= LONGEST_ID)
VALUES = {
    "int": st.integers(0, 10**18 - 1),
    "str": IDS,
    "bool": st.booleans(),
    "Perspective": st.sampled_from(Perspective),
    "NoteKind": st.sampled_from(NoteKind),
    "Audience": st.sampled_from(Audience),
    "Visibility": st.sampled_from(Visibility),
}
ACTIONS = st.sampled_from(KINDS).flatmap(
    lambda kind: st.builds(kind, **{field.name: VALUES[str(field.type)] for field in fields(kind)})
)


@given(ACTIONS)
def test_a_button_comes_back_as_it_was(action: Press) -> None:
    assert decode(encode(action)) == action


@given(ACTIONS)
def test_a_button_is_short_enough_for_the_value_of_an_option_in_slack(action: Press) -> None:
    assert len(encode(action).encode()) <= 150


def test_a_button_is_written_so() -> None:
    """Buttons in people's conversations carry this for years, so it can't change."""
    assert encode(Score(7, "1.1.a", Perspective.SCHOOL, "3", 2)) == "Score|7|1.1.a|school|3|2"
    assert encode(Prioritise(7, "1.1", yes=True)) == "Prioritise|7|1.1|yes"
    assert encode(buttons.ShowHelp()) == "ShowHelp"
    assert decode("ShowNoteTo|12|meeting") == buttons.ShowNoteTo(12, Audience.MEETING)


@given(st.text() | st.lists(st.sampled_from([kind.__name__ for kind in KINDS]) | st.text()).map("|".join))
def test_whatever_comes_back_is_an_action_or_nothing(carried: str) -> None:
    action = decode(carried)
    assert action is None or encode(action) == carried


@pytest.mark.parametrize(
    ("carried", "why"),
    [
        ("", "empty"),
        ("score|7|1.1.a|school|3|2", "another word"),
        ("Score|7|1.1.a|school|3", "a part is missing"),
        ("Score|7|1.1.a|school|3|2|", "there is one more"),
        ("Score|seven|1.1.a|school|3|2", "no number"),
        ("Score|+7|1.1.a|school|3|2", "no number of ours"),
        ("Score| 7|1.1.a|school|3|2", "no number of ours"),
        ("Score|7_0|1.1.a|school|3|2", "no number of ours, though Python would read it"),
        ("Score|\u0667|1.1.a|school|3|2", "digits of another script"),
        ("Score|1000000000000000000|1.1.a|school|3|2", "larger than any number of ours"),
        ("Score|7|1.1.a|SCHOOL|3|2", "no perspective"),
        ("Prioritise|7|1.1|True", "neither yes nor no"),
        ("AddNote|7|1.1|gossip", "no kind of note"),
        ("ShowNoteTo|7|everyone", "no audience"),
        ("decode|7", "the name of a function"),
    ],
)
def test_what_no_button_of_ours_ever_carried_is_nothing(carried: str, why: str) -> None:
    assert decode(carried) is None


def test_each_action_says_which_response_or_note_it_is_about() -> None:
    assert buttons.response_of(Score(7, "1.1.a", Perspective.SCHOOL, "3", 2)) == 7
    assert buttons.note_of(buttons.RemoveNote(5)) == 5
    assert buttons.response_of(buttons.ShowHelp()) is None
    assert buttons.note_of(buttons.Start(1, "a")) is None
