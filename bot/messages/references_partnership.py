"""References to messages about what a partnership does together: agreed actions, visibility, practice, networks."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from core.values import value


@value
class AgreedActionForm:
    """An agreed action that a lead is recording: the details so far, and what to ask next."""

    draft: int
    what: Literal["action-form"] = "action-form"


@value
class AgreedActionCard:
    """An agreed action as it stands, for somebody who belongs to its partnership."""

    action: int
    what: Literal["action"] = "action"


@value
class AgreedActionList:
    """The agreed actions of all the person's partnerships."""

    what: Literal["agreed"] = "agreed"


@value
class AgreedActionsPosted:
    """The agreed actions of a meeting, for everybody in the channel."""

    partnership: str
    posting: int
    language: str
    what: Literal["actions-posted"] = "actions-posted"


@value
class AgreedActionsCheckIn:
    """To leaders before half term: how is the agreed action your school leads on going?"""

    partnership: str
    what: Literal["actions-looked-at"] = "actions-looked-at"


@value
class VisibilityList:
    """What each of the person's schools has said about being seen; for a lead, also how many have agreed."""

    what: Literal["visibilities"] = "visibilities"


@value
class AskVisibility:
    """To a leader after a cycle has closed: may the next one show more?"""

    partnership: str
    school: str
    what: Literal["ask-seen"] = "ask-seen"


@value
class VisibilityAnswered:
    """What a school has said, straight after it said so."""

    partnership: str
    school: str
    what: Literal["said-seen"] = "said-seen"


@value
class NotAsWished:
    """To a lead: a cycle has opened, and shows something other than they had asked for."""

    cycle: int
    what: Literal["not-as-wished"] = "not-as-wished"


@value
class AskPractice:
    """To both sides of a proposal: may I introduce you?"""

    match: int
    what: Literal["ask-practice"] = "ask-practice"


@value
class PracticeAnswered:
    match: int
    what: Literal["practice-answered"] = "practice-answered"


@value
class Introduction:
    """To both sides once both have said yes: who the other is."""

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
    """To a lead: would your partnership join this network?"""

    network: str
    partnership: str
    what: Literal["ask-network"] = "ask-network"


@value
class NetworkTotals:
    """To a facilitator: what the reports of a network's partnerships have in common, for a finished term."""

    network: str
    framework: str
    version: str
    since: date
    what: Literal["network-totals"] = "network-totals"


@value
class SharedNotes:
    """To a lead: the notes whose authors chose to share them, from each partnership's last closed cycle."""

    what: Literal["shared-notes"] = "shared-notes"


@value
class Submissions:
    """To a lead: which schools have submitted, for each partnership's last closed cycle."""

    what: Literal["responses"] = "responses"


AboutActions: TypeAlias = AgreedActionForm | AgreedActionCard | AgreedActionList | AgreedActionsCheckIn
AboutVisibility: TypeAlias = VisibilityList | AskVisibility | VisibilityAnswered | NotAsWished
AboutPractice: TypeAlias = AskPractice | PracticeAnswered | Introduction | PracticeList
AboutNetworks: TypeAlias = NetworkList | AskNetwork | NetworkTotals
AboutPartnership: TypeAlias = AboutActions | AboutVisibility | AboutPractice | AboutNetworks | SharedNotes | Submissions
"""References for one person; ``AgreedActionsPosted`` is for a channel."""
