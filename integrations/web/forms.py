"""What a submitted form means, checked: everything in it comes from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from fastapi import HTTPException, Request
from starlette.datastructures import FormData

from bot.inbound.events import Body, Command, Conversation, Incoming, Typed, pressed
from integrations.web.chat import Chat, Forward, Sample

LONGEST_TEXT: Final = 64 * 1024
"""Bytes per form field. The bot sets the limit for notes."""
MOST_FIELDS: Final = 20
LONGEST_TOKEN: Final = 64
_INPUT: Final = "input."


@dataclass(frozen=True, slots=True)
class Sent:
    """A form, as its texts by name."""

    texts: dict[str, str]

    def text(self, name: str) -> str:
        return self.texts.get(name, "")

    @property
    def token(self) -> str:
        """One for each time a page is shown, so that a form sent twice is one event."""
        token = self.text("token")
        if not (token.isascii() and token.replace("-", "").replace("_", "").isalnum() and len(token) <= LONGEST_TOKEN):
            raise HTTPException(400)
        return token

    @property
    def own_words(self) -> str | None:
        """What was typed into the box below a conversation; None if a button was pressed."""
        return None if self.text("action") else self.text("said").strip() or None

    @property
    def forward(self) -> Forward:
        try:
            return Forward(self.text("forward"))
        except ValueError:
            raise HTTPException(400) from None


async def sent(request: Request) -> Sent:
    form: FormData = await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LONGEST_TEXT)
    return Sent({name: value for name, value in form.items() if isinstance(value, str)})


def incoming(form: Sent, chat: Chat, sample: Sample, now: datetime) -> Incoming | None:
    """What somebody did; None if they sent an empty text box."""
    where, body = _where(form, chat, sample), _body(form)
    # Going back to an older page brings back its old token; doing something else there is another event.
    done = sha256(repr(sorted(form.texts.items())).encode()).hexdigest()[:16]
    event = f"{sample.user}:{form.token}:{done}"
    return None if body is None else Incoming(event, now, chat.account(sample.user), where, body)


def _where(form: Sent, chat: Chat, sample: Sample) -> Conversation:
    match form.text("where"):
        case "direct":
            return chat.direct(sample.user)
        case "channel" if sample.in_channel:
            return chat.channel
        case _:
            raise HTTPException(400)


def _body(form: Sent) -> Body | None:
    if action := form.text("action"):
        inputs = {name.removeprefix(_INPUT): text for name, text in form.texts.items() if name.startswith(_INPUT)}
        return pressed(action, inputs)
    said = form.own_words
    if said is not None and said.startswith("/"):
        name, _, rest = said[1:].partition(" ")
        return Command(name, rest.strip())
    return None if said is None else Typed(said)
