"""What Teams sent, in the bot's own terms. Pure, and total: there is a result for any input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from pydantic import ValidationError

from bot.inbound import typed_text
from bot.inbound.events import (
    Account,
    Body,
    Command,
    Conversation,
    Edited,
    Incoming,
    Installed,
    Kind,
    Left,
    Pressed,
    Typed,
    pressed,
)
from bot.inbound.typed_text import Commanded, Word
from core.services.conversation_addresses import Reference
from integrations.teams import payloads
from integrations.teams.cards import ACTION
from integrations.teams.text import as_typed
from integrations.teams.verify import Payload

PLATFORM: Final = "teams"
OWN_COMMAND: Final = "partnership"
_BOTS: Final = "28:"
"""How the ids of bots begin; those of people begin with 29."""
_ENDS_OF_TEAMS: Final = frozenset({"teamArchived", "teamDeleted", "teamHardDeleted"})


@dataclass(frozen=True, slots=True)
class Heard:
    """Something a person did."""

    incoming: Incoming
    reached: Mapping[Conversation, Reference]
    """How to reach the person from now on, and the channel if it was in one."""
    there: str
    """Teams' id for the place, with a channel's thread."""
    pressed: str | None = None
    """The message whose card the response should replace."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """A client asks for a card as it stands now. It changes nothing."""

    account: Account
    conversation: Conversation
    message: str


@dataclass(frozen=True, slots=True)
class InTeam:
    """Something happened in a team the bot is in."""

    event_id: str
    channel: Conversation
    reached: Reference
    added: bool
    """The bot has just been added to it."""
    people: bool
    """There may be people the bot hasn't met."""


@dataclass(frozen=True, slots=True)
class OutOfTeam:
    """The bot was removed from a team. This names any of its channels, not necessarily the one the bot used."""

    channel: Conversation
    team: str | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A kind of request that the bot doesn't support, and must tell Teams so."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing for the bot. It is acknowledged all the same."""


Received: TypeAlias = Heard | Refresh | InTeam | OutOfTeam | Unknown | Ignored


def parse(payload: Payload) -> Received:
    try:
        return _parsed(payload)
    except ValidationError:
        return Ignored() if payload.get("type") != "invoke" else Unknown()


def _parsed(payload: Payload) -> Received:
    match payload:
        case {"type": "message"}:
            return _message(_Known(payload), payloads.MessageActivity.model_validate(payload))
        case {"type": "messageUpdate", "channelData": {"eventType": "editMessage"}}:
            return _edited(_Known(payload), payloads.MessageActivity.model_validate(payload))
        case {"type": "invoke", "name": "adaptiveCard/action"}:
            return _pressed(_Known(payload), payloads.CardAction.model_validate(payload))
        case {"type": "invoke"}:
            return Unknown()
        case {"type": "installationUpdate"}:
            return _installed(_Known(payload), payloads.InstallationUpdate.model_validate(payload))
        case {"type": "conversationUpdate"}:
            return _came_or_went(_Known(payload), payloads.ConversationUpdate.model_validate(payload))
        case _:
            return Ignored()


class _Known:
    """What every activity has, and how to build results from it."""

    def __init__(self, payload: Payload) -> None:
        activity = payloads.Activity.model_validate(payload)
        self.activity = activity
        conversation, data = activity.conversation, activity.channel_data
        self.tenant = conversation.tenant or (data.tenant.id if data.tenant else "")
        self.account = Account(PLATFORM, self.tenant, activity.sender.user)
        self.bot = activity.recipient.id
        self.is_personal = conversation.kind == "personal"
        self.is_by_bot = activity.sender.id.startswith(_BOTS)
        self._event = f"{conversation.id}:{activity.id}"

    def heard(self, body: Body, pressed: str | None = None, about: str | None = None) -> Heard:
        """In the conversation where it was said."""
        return self._heard(self.conversation, body, pressed, about or pressed)

    def directly(self, body: Body) -> Heard:
        """In the bot's direct conversation, wherever it was said."""
        return self._heard(direct(self.account), body, None, None)

    def in_team(self, *, added: bool = False, people: bool = False) -> InTeam:
        return InTeam(self._event, self.conversation, self._of_channel(), added, added or people)

    def out_of_team(self) -> OutOfTeam:
        return OutOfTeam(self.conversation, self._of_channel().team)

    @property
    def conversation(self) -> Conversation:
        """A channel, without the thread."""
        if self.is_personal:
            return direct(self.account)
        return Conversation(PLATFORM, self.tenant, self.activity.conversation.id.partition(";")[0], Kind.CHANNEL)

    def _heard(self, conversation: Conversation, body: Body, pressed: str | None, about: str | None) -> Heard:
        activity = self.activity
        address = activity.conversation.id if self.is_personal else None
        reached = {direct(self.account): Reference(activity.service_url, address, activity.sender.id)}
        if not self.is_personal:
            reached[self.conversation] = self._of_channel()
        alone = conversation.kind is Kind.CHANNEL
        at, event = activity.timestamp, self._event
        if isinstance(body, Edited):
            event = f"{event}:edited:{at.timestamp()}"  # Its id is that of the message.
        incoming = Incoming(event, at, self.account, conversation, body, about or None, answered_alone=alone)
        return Heard(incoming, reached, activity.conversation.id, pressed)

    def _of_channel(self) -> Reference:
        team = self.activity.channel_data.team
        return Reference(self.activity.service_url, self.conversation.id, team=None if team is None else team.id)


def direct(account: Account) -> Conversation:
    """The bot's conversation with one person.

    It uses the person's id, which is known before Teams opens one.
    """
    return Conversation(PLATFORM, account.tenant, account.user, Kind.DIRECT)


def _message(known: _Known, message: payloads.MessageActivity) -> Received:
    if message.value is not None and not message.text:
        return known.heard(_chosen(message.value))
    mention = message.mention_of(known.bot)
    text = as_typed(message.words, mention)
    if known.is_personal:
        return known.heard(Typed(text, message.with_files), about=message.quotes)
    return Ignored() if mention is None else _called(known, text, message.with_files)


def _edited(known: _Known, message: payloads.MessageActivity) -> Received:
    """An edit has the id of the message; bots' own edits and, among others, texts that don't call the bot are nothing
    to it.
    """
    is_for_bot = known.is_personal or message.mention_of(known.bot) is not None
    return known.directly(Edited()) if is_for_bot and not known.is_by_bot else Ignored()


def _called(known: _Known, text: str, with_files: bool) -> Heard:
    """The bot was mentioned among others: only the report is about that channel, all else is about the person alone."""
    meaning = typed_text.read(text, None)
    if isinstance(meaning, Commanded) and meaning.word is Word.REPORT:
        return known.heard(Command(Word.REPORT.value, meaning.rest))
    return known.directly(Command(OWN_COMMAND, text, with_files))


def _pressed(known: _Known, pressed: payloads.CardAction) -> Received:
    message = known.activity.answers or ""
    if pressed.value.trigger == "automatic":
        return Refresh(known.account, known.conversation, message)
    return known.heard(_chosen(pressed.value.action.data or {}), message)


def _chosen(data: Mapping[str, object]) -> Pressed:
    texts = {name: value for name, value in data.items() if isinstance(value, str)}
    return pressed(texts.pop(ACTION, ""), texts)


def _came_or_went(known: _Known, update: payloads.ConversationUpdate) -> Received:
    if known.is_personal:
        return Ignored()
    bot_removed = any(each.id == known.bot for each in update.removed)
    if bot_removed or known.activity.channel_data.event in _ENDS_OF_TEAMS:
        return known.out_of_team()
    return known.in_team(people=bool(update.added))


def _installed(known: _Known, update: payloads.InstallationUpdate) -> Received:
    added = update.action == "add"
    match update.action, known.is_personal:
        case ("add" | "add-upgrade", False):
            return known.in_team(added=added)
        case ("remove", False):
            return known.out_of_team()
        case ("add", True):
            return known.heard(Installed())
        case ("remove", True):
            return known.heard(Left())
        case _:
            return Ignored()
