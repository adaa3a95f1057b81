"""The shapes of what Teams sends, as far as the bot reads them. Other fields may hold anything.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference#activity-object
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from integrations.teams.html import has_picture, quoted_in, words_of

Id = Annotated[str, StringConstraints(pattern=r"^[!-~]*[A-Za-z0-9][!-~]*$", max_length=300)]
"""Teams' own id of a conversation, a person or a message."""
Tenant = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$", to_lower=True)]


_FILES: Final = ("image/", "audio/", "video/", "application/vnd.microsoft.teams.file.", "reference")
"""How the names of Teams' kinds of file begin; a reference is a file kept in SharePoint."""


def _with_zone(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, AfterValidator(_with_zone)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, populate_by_name=True)


class Party(_Shape):
    """A person or a bot. ``id`` is specific to this bot; the directory's own id is the same for every bot."""

    id: Id
    directory_id: Id | None = Field(None, alias="aadObjectId")

    @property
    def user(self) -> str:
        return self.id if self.directory_id is None else self.directory_id.lower()


class ConversationPayload(_Shape):
    id: Id
    kind: Literal["personal", "channel", "groupChat"] = Field("personal", alias="conversationType")
    tenant: Tenant | None = Field(None, alias="tenantId")


class Named(_Shape):
    id: Id


class TenantOf(_Shape):
    id: Tenant


class ChannelData(_Shape):
    tenant: TenantOf | None = None
    team: Named | None = None
    channel: Named | None = None
    event: str | None = Field(None, alias="eventType")


class Activity(_Shape):
    """What all activities have in common; what happened is parsed separately."""

    id: Id
    timestamp: Moment
    service_url: str = Field(alias="serviceUrl")
    sender: Party = Field(alias="from")
    recipient: Party
    conversation: ConversationPayload
    channel_data: ChannelData = Field(default_factory=ChannelData, alias="channelData")
    answers: Id | None = Field(None, alias="replyToId")
    """The message whose button was pressed."""


class Mentioned(_Shape):
    id: Id


class Quoted(_Shape):
    message: object = Field(None, alias="messageId")


class Entity(_Shape):
    type: str = ""
    mentioned: Mentioned | None = None
    text: str | None = None
    quoted: Quoted | None = Field(None, alias="quotedReply")


class Attachment(_Shape):
    """A picture, a file, a link's preview, or the same message as HTML, which Teams sends with every message."""

    kind: str | None = Field(None, alias="contentType")
    content: object = None

    @property
    def html(self) -> str:
        return self.content if self.kind == "text/html" and isinstance(self.content, str) else ""

    @property
    def is_file(self) -> bool:
        return (self.kind or "").startswith(_FILES) or has_picture(self.html)


class MessageActivity(_Shape):
    text: str | None = None
    entities: tuple[Entity, ...] = ()
    attachments: tuple[Attachment, ...] | None = None
    value: dict[str, object] | None = None
    """What an ``Action.Submit`` carried, and what was typed beside it."""

    def mention_of(self, bot: str) -> str | None:
        """How the text mentions the bot; None if it doesn't."""
        texts = (each.text for each in self.entities if each.mentioned is not None and each.mentioned.id == bot)
        return next((text for text in texts if text), None)

    @property
    def words(self) -> str:
        """The text; where it is empty, the words of the same message as HTML."""
        return self.text or words_of(self._html)

    @property
    def with_files(self) -> bool:
        return any(each.is_file for each in self.attachments or ())

    @property
    def quotes(self) -> str | None:
        """The message it replies to."""
        named = (each.quoted.message for each in self.entities if each.quoted is not None)
        return next((each for each in named if isinstance(each, str)), None) or quoted_in(self._html)

    @property
    def _html(self) -> str:
        return next((each.html for each in self.attachments or () if each.html), "")


class ExecuteInvoke(_Shape):
    data: dict[str, object] | None = None


class Pressed(_Shape):
    action: ExecuteInvoke = ExecuteInvoke()
    trigger: str = "manual"


class CardAction(_Shape):
    """An ``Action.Execute``, or a client's request for a card's current version (``automatic``)."""

    value: Pressed


class ConversationUpdate(_Shape):
    """Who joined and left."""

    added: tuple[Named, ...] = Field((), alias="membersAdded")
    removed: tuple[Named, ...] = Field((), alias="membersRemoved")


class InstallationUpdate(_Shape):
    action: Literal["add", "add-upgrade", "remove", "remove-upgrade"]
