"""What is to be said of what a partnership does together: its actions, who sees what, sharing practice, networks."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from core.values import value


@value
class AgreedActionForm:
    """An action that a lead is recording: what they have said of it, and what is asked next."""

    draft: int
    what: Literal["action-form"] = "action-form"


@value
class AgreedActionCard:
    """An action as it stands, to somebody who belongs to its partnership."""

    action: int
    what: Literal["action"] = "action"


@value
class AgreedActionList:
    """The actions of all the person's partnerships."""

    what: Literal["agreed"] = "agreed"


@value
class AgreedActionsPosted:
    """The actions of a meeting, for everybody in the channel."""

    partnership: str
    posting: int
    language: str
    what: Literal["actions-posted"] = "actions-posted"


@value
class AgreedActionsCheckIn:
    """Asked of leaders before half term: how is it going with what your school leads on?"""

    partnership: str
    what: Literal["actions-looked-at"] = "actions-looked-at"


@value
class VisibilityList:
    """What each of the person's schools has said about being seen; and to a lead, how many have agreed."""

    what: Literal["visibilities"] = "visibilities"


@value
class AskVisibility:
    """Asked of a leader after a cycle has closed: may the next one show more?"""

    partnership: str
    school: str
    what: Literal["ask-seen"] = "ask-seen"


@value
class VisibilityAnswered:
    """What a school has said, right after it was."""

    partnership: str
    school: str
    what: Literal["said-seen"] = "said-seen"


@value
class NotAsWished:
    """Told to a lead: a cycle has opened, and shows something else than they had asked for."""

    cycle: int
    what: Literal["not-as-wished"] = "not-as-wished"


@value
class AskPractice:
    """Asked of both sides of a proposal: may I introduce you?"""

    match: int
    what: Literal["ask-practice"] = "ask-practice"


@value
class PracticeAnswered:
    match: int
    what: Literal["practice-answered"] = "practice-answered"


@value
class Introduction:
    """Told to both sides once both have said yes: who the other is."""

    match: int
    what: Literal["introduction"] = "introduction"


@value
class PracticeList:
    """Everything that the person is asked about sharing practice."""

    what: Literal["practice"] = "practice"


@value
class NetworkList:
    what: Literal["networks"] = "networks"


@value
class AskNetwork:
    """Asked of a lead: would your partnership join this network?"""

    network: str
    partnership: str
    what: Literal["ask-network"] = "ask-network"


@value
class NetworkTotals:
    """To a facilitator: what the reports of a network's partnerships have in common, for a term that is over."""

    network: str
    framework: str
    version: str
    since: date
    what: Literal["network-totals"] = "network-totals"


@value
class SharedNotes:
    """To a lead: the notes that their authors chose to show them, of each partnership's last closed cycle."""

    what: Literal["shared-notes"] = "shared-notes"


@value
class Submissions:
    """To a lead: which schools have submitted, of each partnership's last closed cycle."""

    what: Literal["responses"] = "responses"


AboutActions: TypeAlias = AgreedActionForm | AgreedActionCard | AgreedActionList | AgreedActionsCheckIn
AboutVisibility: TypeAlias = VisibilityList | AskVisibility | VisibilityAnswered | NotAsWished
AboutPractice: TypeAlias = AskPractice | PracticeAnswered | Introduction | PracticeList
AboutNetworks: TypeAlias = NetworkList | AskNetwork | NetworkTotals
AboutPartnership: TypeAlias = AboutActions | AboutVisibility | AboutPractice | AboutNetworks | SharedNotes | Submissions
"""To one person; ``AgreedActionsPosted`` is for a channel."""
