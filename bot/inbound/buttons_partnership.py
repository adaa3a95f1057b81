"""What buttons carry that are about the partnership as a whole, rather than one leader's enquiry."""

from __future__ import annotations

from typing import Final, TypeAlias

from core.enquiry import Visibility
from core.values import value

NEXT_MEETING: Final = "next-meeting"
"""Instead of a day by which an action is to be done."""


@value
class RecordAgreedAction:
    """A lead begins to record an action that was agreed."""


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
    """By when: a day as ``2027-02-05``, ``NEXT_MEETING``, or empty for what is in ``Pressed.inputs["text"]``."""

    draft: int
    due: str


@value
class DropDraft:
    draft: int


@value
class ShowAgreedActions:
    """The actions of all the person's partnerships, and how they stand."""


@value
class SettleAgreedAction:
    action: int
    done: bool
    """False to carry it on."""
    in_list: bool
    """Pressed in the list of all actions, which then shows it where it stands."""


@value
class RemoveAgreedAction:
    action: int


@value
class PostAgreedActions:
    """Post at once what waits to be posted in the partnership's channels."""

    partnership: str


@value
class ShowVisibility:
    """What each of the person's schools has said about being seen, and how to change it."""


@value
class SayVisibility:
    """A school's word on how its partnership's next cycles are to be seen."""

    partnership: str
    school: str
    visibility: Visibility
    yes: bool
    in_list: bool


@value
class ShowPractice:
    """What the person is asked about sharing practice, and whom they have been introduced to."""


@value
class AnswerPractice:
    match: int
    yes: bool
    in_list: bool


@value
class ShowNetworks:
    """The networks that a lead's partnerships may join, and those that a facilitator sees the totals of."""


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
