"""Buttons about the partnership as a whole, rather than one leader's enquiry."""

from __future__ import annotations

from typing import Final, TypeAlias

from core.enquiry import Visibility
from core.values import value

NEXT_MEETING: Final = "next-meeting"
"""Used in place of the day by which an agreed action is to be done."""


@value
class RecordAgreedAction:
    """A lead starts to record an agreed action."""


@value
class DraftPartnership:
    draft: int
    partnership: str


@value
class DraftSubtheme:
    draft: int
    subtheme: str


@value
class DraftWords:
    """What is to be done, in ``Pressed.inputs["text"]``."""

    draft: int


@value
class DraftOwner:
    draft: int
    school: str


@value
class DraftDue:
    """By when: a day as ``2027-02-05``, ``NEXT_MEETING``, or empty if the day is in ``Pressed.inputs["text"]``."""

    draft: int
    due: str


@value
class DropDraft:
    draft: int


@value
class ShowAgreedActions:
    """The agreed actions of all the person's partnerships, and how they stand."""


@value
class SettleAgreedAction:
    action: int
    done: bool
    """False to carry the agreed action on."""
    in_list: bool
    """Pressed in the list of all agreed actions, which is then updated in place."""


@value
class RemoveAgreedAction:
    action: int


@value
class PostAgreedActions:
    """Post what is waiting for the partnership's channels now."""

    partnership: str


@value
class ShowVisibility:
    """What each of the person's schools has said about being seen, and how to change it."""


@value
class SayVisibility:
    """A school's answer on how its partnership's next cycles may be seen."""

    partnership: str
    school: str
    visibility: Visibility
    yes: bool
    in_list: bool


@value
class ShowPractice:
    """What the person is asked about sharing practice, and who they have been introduced to."""


@value
class AnswerPractice:
    match: int
    yes: bool
    in_list: bool


@value
class ShowNetworks:
    """The networks a lead's partnerships may join, and those whose totals a facilitator sees."""


@value
class JoinNetwork:
    network: str
    partnership: str
    yes: bool


@value
class SumUpNetwork:
    network: str


AboutAgreedActions: TypeAlias = (
    RecordAgreedAction
    | DraftPartnership
    | DraftSubtheme
    | DraftWords
    | DraftOwner
    | DraftDue
    | DropDraft
    | ShowAgreedActions
    | SettleAgreedAction
    | RemoveAgreedAction
    | PostAgreedActions
)
AboutPractice: TypeAlias = ShowPractice | AnswerPractice
AboutNetworks: TypeAlias = ShowNetworks | JoinNetwork | SumUpNetwork
AboutPartnership: TypeAlias = AboutAgreedActions | ShowVisibility | SayVisibility | AboutPractice | AboutNetworks
