"""What the schools of a partnership have agreed to see of one another.

``open`` and ``lead-only`` need the agreement of every school that a cycle asks. One that has said no or nothing keeps
the cycle at ``own-and-group``, which needs no agreement.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

from core.enquiry import Visibility
from core.values import value

Agreed: TypeAlias = Mapping[Visibility, Collection[str]]
"""The schools that have agreed to each."""


def to_pin(wish: Visibility, schools: Collection[str], agreed: Agreed) -> Visibility:
    """The visibility of a cycle that asks these schools. What everybody sees, the lead may see too."""
    to_open = set(agreed.get(Visibility.OPEN, ()))
    if to_open.issuperset(schools):
        return Visibility.OPEN
    if wish is Visibility.LEAD_ONLY and (to_open | set(agreed.get(Visibility.LEAD_ONLY, ()))).issuperset(schools):
        return Visibility.LEAD_ONLY
    return Visibility.OWN_AND_GROUP


def asked_for(wish: Visibility) -> Visibility:
    """What schools are asked to agree to: what the lead wishes, or otherwise a move towards open."""
    return Visibility.LEAD_ONLY if wish is Visibility.LEAD_ONLY else Visibility.OPEN


@value
class SchoolSay:
    """A school's answer about its partnership's next cycle, as a leader of the school sees it."""

    partnership: str
    partnership_name: str
    school: str
    school_name: str
    asked: Visibility
    yes: bool | None
    """None until somebody has answered for the school."""
    pinned: Visibility | None
    """The visibility of the open cycle; None if none is open."""


@value
class VisibilityTally:
    """How many schools have agreed, as a lead sees it, without knowing which."""

    partnership_name: str
    asked: Visibility
    agreed: int
    schools: int
