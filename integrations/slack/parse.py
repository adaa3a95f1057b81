"""What Slack sent, in the bot's own terms. Pure, and total: there is a result for any input."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import wraps
from typing import Final, ParamSpec, TypeAlias

from pydantic import ValidationError
from pydantic_core import from_json
from yarl import URL

from bot.inbound import events
from bot.inbound.events import (
    Account,
    Body,
    Command,
    Conversation,
    Edited,
    Incoming,
    Installed,
    Kind,
    Typed,
)
from integrations.slack import form, payloads
from integrations.slack.form import Form
from integrations.slack.text import as_typed

PLATFORM: Final = "slack"
WRITE: Final = "write"
"""The ``action_id`` prefix of a button that opens a form."""
P = ParamSpec("P")
Payload: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class Heard:
    """Something a person did. ``channel`` is Slack's id of where it happened, if the bot can post there."""

    incoming: Incoming
    channel: str | None = None
    at_home: bool = False
    """On the bot's home tab, which should then show the result."""


@dataclass(frozen=True, slots=True)
class WantsForm:
    """A form to open, within three seconds of the press."""

    tenant: str
    trigger: str
    form: Form
    instead: Heard
    """What happens if Slack does not open it."""


@dataclass(frozen=True, slots=True)
class Home:
    """A person looks at the bot's home tab. ``first`` if they never did before."""

    tenant: str
    user: str
    first: Incoming | None


@dataclass(frozen=True, slots=True)
class BotRemoved:
    """The app was removed from a workspace, or may no longer act in it."""

    tenant: str


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """Something about a person's account was changed, perhaps whether it is active. Slack sends many of these."""

    tenant: str
    user: str
    deactivated: bool
    workspaces: tuple[str, ...]
    """Those of which this holds."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing for the bot. It is acknowledged all the same, or Slack would send it again."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody from another workspace, which shares a channel with ours or is of the same organisation."""

    tenant: str
    user: str
    channel: str | None
    home: str
    """The workspace they are signed in to, or their organisation."""
    did: Heard | WantsForm | Ignored
    """What they did, should that organisation be ours."""


Received: TypeAlias = Heard | WantsForm | Guest | Home | BotRemoved | AccountChanged | Ignored


def decoded(content_type: str, body: bytes) -> Payload | None:
    """A request's payload, which is JSON, a form, or JSON in a form; None if it is none of these."""
    try:
        if content_type.partition(";")[0].strip().lower() == "application/json":
            payload = _read(body)
        else:
            form: dict[str, str] = dict(URL.build(query_string=body.decode("ascii"), encoded=True).query)
            payload = _read(form["payload"]) if "payload" in form else form
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None


def _read(text: str | bytes) -> object:
    """Parse JSON. The faster parser refuses lone surrogates, which need not keep us from the rest."""
    try:
        return from_json(text)
    except ValueError:
        return json.loads(text)


def _total(read: Callable[P, Received]) -> Callable[P, Received]:
    """Whatever has an unexpected shape is ignored."""

    @wraps(read)
    def reads(*arguments: P.args, **named: P.kwargs) -> Received:
        try:
            return read(*arguments, **named)
        except ValidationError:
            return Ignored()

    return reads


def said(payload: Payload) -> Received:
    """A message that is new, or was changed."""
    match payload:
        case {"event": {"subtype": "message_changed"}}:
            return edited(payload)
        case _:
            return typed(payload)


@_total
def typed(payload: Payload) -> Received:
    envelope = payloads.MessageEvent.model_validate(payload)
    message = envelope.event
    if message.user == "USLACKBOT":
        return Ignored()
    body = Typed(as_typed(message.text), message.with_files)
    about = None if message.replies_to is None else message_id(message.channel, message.replies_to)
    return _in_words(envelope, message, message.channel, message.ts, body, about)


@_total
def edited(payload: Payload) -> Received:
    """Slack also tells of previews, pins and the bot's own edits: only a person's own edit of their words counts."""
    envelope = payloads.ChangedMessageEvent.model_validate(payload)
    changed = envelope.event
    if not changed.is_edit:
        return Ignored()
    return _in_words(envelope, changed.message, changed.channel, changed.ts, Edited())


def _in_words(
    envelope: payloads.Event,
    by: payloads.DirectMessage | payloads.EditedMessage,
    channel: str,
    ts: str,
    body: Typed | Edited,
    about: str | None = None,
) -> Heard | Guest:
    tenant = envelope.installed
    home = by.user_team or by.team or tenant
    incoming = replace(_directly(tenant, by.user, envelope.event_id, _moment(ts), body), about=about)
    heard = Heard(incoming, channel)
    if envelope.is_ext_shared_channel and home != tenant:
        return Guest(tenant, by.user, channel, home, heard)
    return heard


@_total
def home_opened(payload: Payload) -> Received:
    envelope = payloads.HomeOpenedEvent.model_validate(payload)
    tenant, opened = envelope.installed, envelope.event
    first = None
    if opened.view is None:
        first = _directly(tenant, opened.user, f"opened:{opened.user}", _moment(opened.event_ts), Installed())
    return Home(tenant, opened.user, first)


@_total
def uninstalled(payload: Payload) -> Received:
    return BotRemoved(payloads.Event.model_validate(payload).installed)


@_total
def tokens_revoked(payload: Payload) -> Received:
    envelope = payloads.TokensRevokedEvent.model_validate(payload)
    return BotRemoved(envelope.installed) if envelope.event.tokens.bot else Ignored()


@_total
def user_changed(payload: Payload) -> Received:
    """Told to an app of a whole organisation, it holds of all the person's workspaces."""
    envelope = payloads.UserChangeEvent.model_validate(payload)
    tenant, user = envelope.installed, envelope.event.user
    workspaces = {tenant}
    if envelope.authorizations and envelope.authorizations[0].is_enterprise_install:
        of_organisation = user.enterprise_user.teams if user.enterprise_user else None
        workspaces.update(each for each in (user.team_id, *(of_organisation or ())) if each is not None)
    return AccountChanged(tenant, user.id, user.deleted, tuple(sorted(workspaces)))


@_total
def pressed(payload: Payload) -> Received:
    sent = payloads.BlockActions.model_validate(payload)
    user = sent.user
    sender = sent.message.team if sent.message else None
    tenant = sender or (sent.team.id if sent.team else user.team_id)
    channel = sent.channel.id if sent.channel else None
    if tenant is None:
        return Ignored()
    did = _press(sent, tenant, channel)
    return did if user.team_id in (None, tenant) else Guest(tenant, user.id, channel, user.team_id, did)


def _press(sent: payloads.BlockActions, tenant: str, channel: str | None) -> Heard | WantsForm:
    press, user = sent.actions[0], sent.user
    there = sent.container.message_ts or sent.container.view_id or ""
    key, at = f"{user.id}:{there}:{press.action_ts}", _moment(press.action_ts)
    wanted = form.read(press.value) if press.action_id.startswith(WRITE) else None
    if wanted is not None:
        body = replace(events.pressed(wanted.action), form_refused=True)
        return WantsForm(tenant, sent.trigger_id, wanted, _heard(tenant, user.id, channel, key, at, body))
    heard = _heard(tenant, user.id, channel, key, at, events.pressed(press.value))
    return replace(heard, at_home=sent.view is not None and sent.view.type == "home")


@_total
def written(payload: Payload, now: datetime) -> Received:
    """``now``, here and for a command, is used as its time, since Slack gives none."""
    submitted = payloads.ViewSubmission.model_validate(payload)
    user, view = submitted.user, submitted.view
    tenant = view.app_installed_team_id or (submitted.team.id if submitted.team else user.team_id)
    asked = form.read(view.private_metadata)
    if tenant is None or asked is None:
        return Ignored()
    texts = (each.value for block in view.state.values.values() for each in block.values())
    body = events.pressed(asked.action, {asked.name: next((text for text in texts if text is not None), "")})
    heard = Heard(_directly(tenant, user.id, submitted.trigger_id, now, body))
    return heard if user.team_id in (None, tenant) else Guest(tenant, user.id, None, user.team_id, heard)


@_total
def commanded(payload: Payload, now: datetime) -> Received:
    command = payloads.SlashCommand.model_validate(payload)
    body = Command(command.command.removeprefix("/"), as_typed(command.text).strip())
    # The bot can't write in a direct message between two other people: it answers in its own.
    heard = _heard(command.team_id, command.user_id, command.channel_id, command.trigger_id, now, body)
    return Heard(heard.incoming)


def _heard(tenant: str, user: str, channel: str | None, key: str, at: datetime, body: Body) -> Heard:
    if channel is None or channel.startswith("D"):
        return Heard(_directly(tenant, user, key, at, body), channel)
    conversation = Conversation(PLATFORM, tenant, channel, Kind.CHANNEL)
    return Heard(Incoming(key, at, Account(PLATFORM, tenant, user), conversation, body))


def _directly(tenant: str, user: str, key: str, at: datetime, body: Body) -> Incoming:
    return Incoming(key, at, Account(PLATFORM, tenant, user), direct(tenant, user), body)


def message_id(channel: str, ts: str) -> str:
    """The id of a message: Slack numbers messages by channel."""
    return f"{channel}:{ts}"


def direct(tenant: str, user: str) -> Conversation:
    """The bot's conversation with one person.

    It uses the person's id, which is known before Slack opens a channel for it, and which a command typed elsewhere has
    too.
    """
    return Conversation(PLATFORM, tenant, user, Kind.DIRECT)


def _moment(written: str) -> datetime:
    return datetime.fromtimestamp(float(written), UTC)
