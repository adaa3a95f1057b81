"""Who may use what: every typed command, button, file and route, in one place.

``bot.decide.permissions`` reads the tables of commands and buttons before anything is decided, and ``bot.compose``
that of files before one is made. They settle the role; whose school, response or partnership it is, is looked up by
whatever acts, in ``core`` too. Each route checks who calls it as its row says. ``tests/test_rights.py`` fails where
something is missing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    PARTICIPANT = "participant"
    """Somebody who takes part in a partnership, whatever they are in it."""
    LEADER = "leader"
    """A leader of the school concerned, about their own response."""
    SCHOOL = "school"
    """A leader of the school concerned, about what their school says or does."""
    LEAD = "lead"
    """A lead of the partnership concerned."""
    SCHOOL_OR_LEAD = "school or lead"
    FACILITATOR = "facilitator"
    """A facilitator of the network concerned."""
    LEAD_OR_FACILITATOR = "lead or facilitator"
    CHANNEL = "channel"
    """Everybody who reads the partnership's channel."""


COMMANDS: Final[Mapping[str, Role]] = {
    "start": Role.PARTICIPANT,
    "resume": Role.PARTICIPANT,
    "back": Role.LEADER,
    "skip": Role.LEADER,
    "pause": Role.LEADER,
    "status": Role.PARTICIPANT,
    "review": Role.LEADER,
    "submit": Role.LEADER,
    "change": Role.LEADER,
    "priorities": Role.LEADER,
    "done": Role.LEADER,
    "strength": Role.LEADER,
    "development": Role.LEADER,
    "note": Role.LEADER,
    "switch": Role.PARTICIPANT,
    "hint": Role.LEADER,
    "others": Role.PARTICIPANT,
    "help": Role.PARTICIPANT,
    "stop": Role.PARTICIPANT,
    "later": Role.PARTICIPANT,
    "reminders": Role.PARTICIPANT,
    "english": Role.PARTICIPANT,
    "cymraeg": Role.PARTICIPANT,
    "partnership-report": Role.LEAD,
    "meeting-pack": Role.LEAD,
    "action": Role.SCHOOL_OR_LEAD,
    "actions": Role.PARTICIPANT,
    "notes": Role.LEAD,
    "responses": Role.LEAD,
    "visibility": Role.PARTICIPANT,
    "practice": Role.PARTICIPANT,
    "network": Role.LEAD_OR_FACILITATOR,
    "deputy": Role.PARTICIPANT,
    "away": Role.PARTICIPANT,
    "my data": Role.PARTICIPANT,
    "erase me": Role.PARTICIPANT,
}
"""By the word of command."""

BUTTONS: Final[Mapping[str, Role]] = {
    "Score": Role.LEADER,
    "Skip": Role.LEADER,
    "Back": Role.LEADER,
    "CarryOn": Role.LEADER,
    "Change": Role.LEADER,
    "Pause": Role.LEADER,
    "ShowHint": Role.LEADER,
    "AddNote": Role.LEADER,
    "WriteNote": Role.LEADER,
    "KeepText": Role.LEADER,
    "DropText": Role.LEADER,
    "OfferNote": Role.LEADER,
    "ShowNoteTo": Role.LEADER,
    "RemoveNote": Role.LEADER,
    "Prioritise": Role.LEADER,
    "PrioritiesDone": Role.LEADER,
    "OpenReview": Role.LEADER,
    "ChangePriorities": Role.LEADER,
    "Submit": Role.LEADER,
    "Start": Role.PARTICIPANT,
    "NotNow": Role.PARTICIPANT,
    "Snooze": Role.PARTICIPANT,
    "StopReminders": Role.PARTICIPANT,
    "StopAllReminders": Role.PARTICIPANT,
    "Resume": Role.PARTICIPANT,
    "RemindAt": Role.PARTICIPANT,
    "ShowReminderTimes": Role.PARTICIPANT,
    "ShowHelp": Role.PARTICIPANT,
    "ShowStatus": Role.PARTICIPANT,
    "ShowSwitch": Role.PARTICIPANT,
    "ShowOthersSee": Role.PARTICIPANT,
    "Speak": Role.PARTICIPANT,
    "CloseAndReport": Role.LEAD,
    "PostLast": Role.LEAD,
    "Wait": Role.LEAD,
    "PostAgain": Role.LEAD,
    "ReportOf": Role.LEAD,
    "ReportOn": Role.LEAD,
    "PackOf": Role.LEAD,
    "LookBack": Role.PARTICIPANT,
    "AskDeputy": Role.SCHOOL,
    "EraseMe": Role.PARTICIPANT,
    "RecordAction": Role.LEAD,
    "DraftPartnership": Role.LEAD,
    "DraftSubtheme": Role.LEAD,
    "DraftWords": Role.LEAD,
    "DraftOwner": Role.LEAD,
    "DraftDue": Role.LEAD,
    "DropDraft": Role.LEAD,
    "ShowAgreed": Role.PARTICIPANT,
    "SettleAction": Role.SCHOOL_OR_LEAD,
    "RemoveAction": Role.LEAD,
    "PostActions": Role.LEAD,
    "ShowVisibility": Role.PARTICIPANT,
    "SaySeen": Role.SCHOOL,
    "ShowPractice": Role.PARTICIPANT,
    "AnswerPractice": Role.SCHOOL,
    "ShowNetworks": Role.LEAD_OR_FACILITATOR,
    "JoinNetwork": Role.LEAD,
    "SumUpNetwork": Role.FACILITATOR,
}
"""By the name that the button carries."""

FILES: Final[Mapping[str, Role]] = {
    "my-data": Role.PARTICIPANT,
    "own-report": Role.SCHOOL,
    "shared-notes": Role.LEAD,
    "responses": Role.LEAD,
    "meeting-pack": Role.LEAD,
    "report": Role.CHANNEL,
}
"""By the message that brings them. A preview of the report brings its files to the lead who asked."""


class Door(StrEnum):
    """How a route knows whom it serves."""

    OPEN = "anyone; it tells nothing of any partnership"
    SLACK = "requests that Slack has signed"
    SLACK_ADMINISTRATOR = "whoever may install apps in a workspace; Slack asks them"
    BOT_CONNECTOR = "requests with a token of the Bot Connector, from an organisation on the list"
    LINK = "whoever has the link, which nobody can guess"
    DEMO = "the demo, which listens on this computer only"


ROUTES: Final[Mapping[str, Door]] = {
    "GET /health/live": Door.OPEN,
    "GET /health/ready": Door.OPEN,
    "GET /health/work": Door.OPEN,
    "POST /slack/events": Door.SLACK,
    "GET /slack/install": Door.SLACK_ADMINISTRATOR,
    "GET /slack/oauth_redirect": Door.SLACK_ADMINISTRATOR,
    "POST /api/messages": Door.BOT_CONNECTOR,
    "GET /teams/files/{name}": Door.LINK,
    "GET /teams/about": Door.OPEN,
    "GET /teams/privacy": Door.OPEN,
    "GET /teams/terms": Door.OPEN,
    "GET /": Door.DEMO,
    "GET /as/{user}/": Door.DEMO,
    "POST /as/{user}/": Door.DEMO,
    "POST /as/{user}/clock": Door.DEMO,
    "GET /as/{user}/files/{file_id}": Door.DEMO,
}
"""By method and path."""
