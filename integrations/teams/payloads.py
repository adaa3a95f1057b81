"""The shapes of what Teams sends, as far as the bot reads them. Anything else about them may be as it likes.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference#activity-object
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[!-~]*[A-Za-z0-9][!-~]*$", max_length=300)]
"""Of a conversation, a person, a message: Teams' own word for it."""
Tenant = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$", to_lower=True)]


def _with_zone(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, AfterValidator(_with_zone)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, populate_by_name=True)


class Party(_Shape):
    """A person or a bot. ``id`` is for this bot alone; the directory's own id is the same for everybody."""

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
    """What they all have; what happened is read on its own."""

    id: Id
    timestamp: Moment
    service_url: str = Field(alias="serviceUrl")
    sender: Party = Field(alias="from")
    recipient: Party
    conversation: ConversationPayload
    channel_data: ChannelData = Field(default_factory=ChannelData, alias="channelData")
    answers: Id | None = Field(None, alias="replyToId")
    """The message that a button was pressed on."""


class Mentioned(_Shape):
    id: Id


class Entity(_Shape):
    type: str = ""
    mentioned: Mentioned | None = None
    text: str | None = None


class MessageActivity(_Shape):
    text: str | None = None
    entities: tuple[Entity, ...] = ()
    value: dict[str, object] | None = None
    """What an ``Action.Submit`` carried, and what was written beside it."""

    def mention_of(self, bot: str) -> str | None:
        """How the bot is called by name in the text; None where it is not."""
        texts = (each.text for each in self.entities if each.mentioned is not None and each.mentioned.id == bot)
        return next((text for text in texts if text), None)


class ExecuteInvoke(_Shape):
    data: dict[str, object] | None = None


class Pressed(_Shape):
    action: ExecuteInvoke = ExecuteInvoke()
    trigger: str = "manual"


class CardAction(_Shape):
    """An ``Action.Execute``, or a card that a client wants to have anew (``automatic``)."""

    value: Pressed


class ConversationUpdate(_Shape):
    """Who came and went."""

    added: tuple[Named, ...] = Field((), alias="membersAdded")
    removed: tuple[Named, ...] = Field((), alias="membersRemoved")


class InstallationUpdate(_Shape):
    action: Literal["add", "add-upgrade", "remove", "remove-upgrade"]
