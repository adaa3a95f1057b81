"""What the schools of a partnership have agreed to see of one another.

``open`` and ``lead-only`` need the word of every school that a cycle asks. One that has said nothing, or no, is enough
for a cycle to stay ``own-and-group``, which needs nobody's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

from core.enquiry import Visibility
from core.values import value

Agreed: TypeAlias = Mapping[Visibility, Collection[str]]
"""The schools that have agreed to each."""


def to_pin(wish: Visibility, schools: Collection[str], agreed: Agreed) -> Visibility:
    """What a cycle that asks these schools is pinned to. What everybody sees, the lead may see too."""
    to_open = set(agreed.get(Visibility.OPEN, ()))
    if to_open.issuperset(schools):
        return Visibility.OPEN
    if wish is Visibility.LEAD_ONLY and (to_open | set(agreed.get(Visibility.LEAD_ONLY, ()))).issuperset(schools):
        return Visibility.LEAD_ONLY
    return Visibility.OWN_AND_GROUP


def asked_for(wish: Visibility) -> Visibility:
    """What schools are asked to agree to: what the lead wishes, and otherwise to move towards open."""
    return Visibility.LEAD_ONLY if wish is Visibility.LEAD_ONLY else Visibility.OPEN


@value
class SchoolSay:
    """What a school has said about its partnership's next cycle; as a leader of the school sees it."""

    partnership: str
    partnership_name: str
    school: str
    school_name: str
    asked: Visibility
    yes: bool | None
    """None while nobody has said anything for the school."""
    pinned: Visibility | None
    """What the cycle that is open now is pinned to; None where none is open."""


@value
class VisibilityTally:
    """How many schools have agreed; as a lead sees it, who is not told which."""

    partnership_name: str
    asked: Visibility
    agreed: int
    schools: int
