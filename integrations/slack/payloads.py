"""The shapes of what Slack sends, as far as the bot reads them. Other fields may hold anything.

https://docs.slack.dev/reference/events, https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,40}$")]
"""An id of a workspace, a person or a channel."""
Key = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$")]
"""Slack's own key for an event."""
Moment = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,10}\.[0-9]{1,9}$")]
"""Seconds since 1970."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Authorization(_Shape):
    team_id: Id | None = None
    """Where the app is installed; none for a whole organisation."""
    is_enterprise_install: bool = False


class Event(_Shape):
    """The envelope in which the Events API sends an event."""

    team_id: Id
    event_id: Key
    authorizations: tuple[Authorization, ...] | None = None
    is_ext_shared_channel: bool = False

    @property
    def installed(self) -> str:
        """The workspace that the app acts for."""
        first = self.authorizations[0].team_id if self.authorizations else None
        return first or self.team_id


class DirectMessage(_Shape):
    """Something a person typed to the bot: alone, with a file, in a thread, or after ``/me``."""

    channel_type: Literal["im"]
    user: Id
    channel: Id
    text: str = ""
    ts: Moment
    team: Id | None = None
    user_team: Id | None = None
    subtype: Literal["file_share", "thread_broadcast", "me_message"] | None = None
    bot_id: None = None
    thread_ts: Moment | None = None
    """The message in whose thread it is."""
    files: tuple[object, ...] | None = None
    attachments: tuple[object, ...] | None = None
    """A message that was forwarded, or the previews of links."""

    @property
    def with_files(self) -> bool:
        return bool(self.files or (self.attachments and not self.text))

    @property
    def replies_to(self) -> str | None:
        return None if self.thread_ts == self.ts else self.thread_ts


class MessageEvent(Event):
    event: DirectMessage


class EditOf(_Shape):
    user: Id


class EditedMessage(_Shape):
    user: Id
    text: str
    edited: EditOf
    bot_id: None = None
    team: Id | None = None
    user_team: Id | None = None


class EarlierVersion(_Shape):
    text: str | None = None


class ChangedMessage(_Shape):
    """A message of a direct conversation was changed, by whoever wrote it or by Slack, which adds previews and more."""

    channel_type: Literal["im"]
    channel: Id
    ts: Moment
    message: EditedMessage
    previous_message: EarlierVersion

    @property
    def is_edit(self) -> bool:
        """Whether a person changed their own words."""
        return self.message.edited.user == self.message.user and self.message.text != self.previous_message.text


class ChangedMessageEvent(Event):
    event: ChangedMessage


class HomeOpened(_Shape):
    user: Id
    channel: Id | None = None
    tab: Literal["home", "messages"]
    event_ts: Moment
    view: dict[str, object] | None = None
    """None until the bot has published a view for this person."""


class HomeOpenedEvent(Event):
    event: HomeOpened


class InOrganisation(_Shape):
    teams: tuple[Id, ...] | None = None


class ChangedUser(_Shape):
    id: Id
    deleted: bool
    team_id: Id | None = None
    enterprise_user: InOrganisation | None = None
    """Only on Enterprise Grid."""


class UserChange(_Shape):
    user: ChangedUser


class UserChangeEvent(Event):
    event: UserChange


class Revoked(_Shape):
    bot: tuple[str, ...] | None = None


class TokensRevoked(_Shape):
    tokens: Revoked


class TokensRevokedEvent(Event):
    event: TokensRevoked


class Team(_Shape):
    id: Id


class User(_Shape):
    id: Id
    team_id: Id | None = None


class ChannelPayload(_Shape):
    id: Id


class PressPayload(_Shape):
    type: Literal["button"]
    action_id: str
    action_ts: Moment
    value: str = ""


class ContainerPayload(_Shape):
    message_ts: Moment | None = None
    view_id: Key | None = None


class MessageOf(_Shape):
    team: Id | None = None
    """The workspace of the app that sent the message."""


class ViewOf(_Shape):
    type: str = ""


class BlockActions(_Shape):
    user: User
    team: Team | None = None
    """None in an app of a whole organisation."""
    channel: ChannelPayload | None = None
    container: ContainerPayload = ContainerPayload()
    message: MessageOf | None = None
    view: ViewOf | None = None
    trigger_id: Key
    actions: Annotated[tuple[PressPayload, ...], Field(min_length=1)]


class Written(_Shape):
    value: str | None = None


class ViewState(_Shape):
    values: dict[str, dict[str, Written]] = {}


class View(_Shape):
    id: Key
    private_metadata: str
    app_installed_team_id: Id | None = None
    state: ViewState = ViewState()


class ViewSubmission(_Shape):
    user: User
    team: Team | None = None
    trigger_id: Key
    view: View


class SlashCommand(_Shape):
    team_id: Id
    user_id: Id
    channel_id: Id
    command: Annotated[str, StringConstraints(pattern=r"^/", max_length=100)]
    text: str = ""
    trigger_id: Key
