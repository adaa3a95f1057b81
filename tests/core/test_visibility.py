"""What a cycle is pinned to, from the lead's wish and what each school has said."""

from __future__ import annotations

import pytest

from core.enquiry import Visibility
from core.visibility import asked_for, to_pin

OPEN, LEAD_ONLY, OWN = Visibility.OPEN, Visibility.LEAD_ONLY, Visibility.OWN_AND_GROUP


@pytest.mark.parametrize(
    ("wish", "to_open", "to_lead_only", "pinned"),
    [
        pytest.param(OWN, "", "", OWN, id="nobody has said anything"),
        pytest.param(OPEN, "", "", OWN, id="a wish alone opens nothing"),
        pytest.param(LEAD_ONLY, "", "", OWN, id="nor does it show the lead anything"),
        pytest.param(OPEN, "ab", "", OWN, id="one school of three has not agreed"),
        pytest.param(OPEN, "abc", "", OPEN, id="all have"),
        pytest.param(OWN, "abc", "", OPEN, id="all have, asked after a close"),
        pytest.param(OWN, "abcd", "", OPEN, id="and one that is not asked this time"),
        pytest.param(LEAD_ONLY, "", "abc", LEAD_ONLY, id="all have agreed to be seen by the lead"),
        pytest.param(LEAD_ONLY, "a", "bc", LEAD_ONLY, id="what everybody may see the lead may see too"),
        pytest.param(LEAD_ONLY, "a", "b", OWN, id="one has agreed to neither"),
        pytest.param(OWN, "", "abc", OWN, id="the lead does not wish for it any more"),
        pytest.param(OPEN, "", "abc", OWN, id="to be seen by the lead is not to be seen by all"),
    ],
)
def test_what_is_pinned(wish: Visibility, to_open: str, to_lead_only: str, pinned: Visibility) -> None:
    assert to_pin(wish, "abc", {OPEN: set(to_open), LEAD_ONLY: set(to_lead_only)}) is pinned


@pytest.mark.parametrize(("wish", "asked"), [(OWN, OPEN), (OPEN, OPEN), (LEAD_ONLY, LEAD_ONLY)])
def test_schools_are_asked_for_what_the_lead_wishes_or_to_move_towards_open(
    wish: Visibility, asked: Visibility
) -> None:
    assert asked_for(wish) is asked
