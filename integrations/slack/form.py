"""A text box in a window: the button that opens it carries its contents, so that nothing has to be looked up."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError
from slack_sdk.models.blocks import InputBlock, PlainTextInputElement, PlainTextObject
from slack_sdk.models.views import View

from bot.messages.blocks import TextInput
from bot.messages.plain_text import inert
from integrations.slack import limits, words
from integrations.slack.limits import fitted, head, units
from integrations.words import in_language

CALLBACK: Final = "write"
"""What Slack calls the window when it is submitted."""


class Form(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    action: str
    name: str
    lang: str = "en"
    label: str = ""
    hint: str = ""
    value: str = ""
    submit: str = ""


def carried(block: TextInput, language: str) -> str:
    """The form as the value of its button; if it doesn't fit, the least needed parts are left out."""
    form = Form(
        action=block.action,
        name=block.name,
        lang=language,
        label=inert(block.label),
        hint=inert(block.hint),
        value=inert(block.value),
        submit=inert(block.submit_label),
    )
    for left_out in ((), ("value",), ("value", "hint"), ("value", "hint", "label", "submit")):
        written = form.model_dump_json(exclude=set(left_out), exclude_defaults=True)
        if units(written) <= limits.BUTTON_VALUE:
            return written
    return head(block.action, limits.BUTTON_VALUE)


def read(value: str) -> Form | None:
    """The form that one of our buttons carried; None for anything else."""
    try:
        return Form.model_validate_json(value)
    except ValidationError:
        return None


def modal(form: Form) -> View:
    """The form as a window over the conversation."""
    element = PlainTextInputElement(
        action_id="text",
        multiline=True,
        max_length=limits.INPUT_TEXT,
        focus_on_load=True,
        initial_value=head(form.value, limits.INPUT_TEXT) or None,
    )
    title = in_language(words.YOUR_WORDS, form.lang)
    return View(
        type="modal",
        callback_id=CALLBACK,
        private_metadata=form.model_dump_json(include={"action", "name"}),
        title=_plain(title, limits.MODAL_TITLE),
        submit=_plain(form.submit or "OK", limits.MODAL_TITLE),
        close=_plain(in_language(words.CANCEL, form.lang), limits.MODAL_TITLE),
        blocks=[
            InputBlock(
                block_id="text",
                label=_plain(form.label or title, limits.INPUT_LABEL),
                hint=_plain(form.hint, limits.INPUT_LABEL) if form.hint else None,
                element=element,
            )
        ],
    )


def _plain(text: str, most: int) -> PlainTextObject:
    return PlainTextObject(text=fitted(text, most), emoji=False)
