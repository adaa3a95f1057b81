"""The interview on botbuilder-dialogs: a waterfall of 36 choice prompts, its state in memory.

With ``text`` as its argument the prompts take any text and check it themselves: the least this library can do.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

from botbuilder.core import (  # type: ignore[import-not-found]
    ActivityHandler,
    ConversationState,
    MemoryStorage,
    MessageFactory,
    StatePropertyAccessor,
    TurnContext,
    UserState,
)
from botbuilder.core.adapters import TestAdapter  # type: ignore[import-not-found]
from botbuilder.dialogs import (  # type: ignore[import-not-found]
    ComponentDialog,
    DialogSet,
    DialogTurnResult,
    DialogTurnStatus,
    WaterfallDialog,
    WaterfallStepContext,
)
from botbuilder.dialogs.choices import Choice  # type: ignore[import-not-found]
from botbuilder.dialogs.prompts import (  # type: ignore[import-not-found]
    ChoicePrompt,
    PromptOptions,
    PromptValidatorContext,
    TextPrompt,
)
from botbuilder.schema import Activity, ConversationAccount  # type: ignore[import-not-found]

LEVELS = ("Emerging", "Developing", "Established", "Leading")
QUESTIONS = [
    f"{area}.{theme}.{criterion} {perspective}"
    for area in (1, 2, 3)
    for theme in (1, 2, 3)
    for criterion in "ab"
    for perspective in ("school", "partnership")
]
INTERVIEWS = 6
Step = Callable[[WaterfallStepContext], Awaitable[DialogTurnResult]]


def keep(context: WaterfallStepContext, question: str | None) -> None:
    if question is not None:
        context.values[question] = getattr(context.result, "value", context.result)


async def is_level(prompt: PromptValidatorContext) -> bool:
    return prompt.recognized.succeeded and prompt.recognized.value in LEVELS


class Enquiry(ComponentDialog):  # type: ignore[misc]
    def __init__(self, answers: StatePropertyAccessor, with_choices: bool) -> None:
        super().__init__("enquiry")
        self.answers = answers
        steps = [
            self.ask(question, previous) for question, previous in zip(QUESTIONS, [None, *QUESTIONS], strict=False)
        ]
        self.add_dialog(ChoicePrompt("level") if with_choices else TextPrompt("level", is_level))
        self.add_dialog(WaterfallDialog("questions", [*steps, self.finish]))
        self.initial_dialog_id = "questions"

    def ask(self, question: str, previous: str | None) -> Step:
        async def step(context: WaterfallStepContext) -> DialogTurnResult:
            keep(context, previous)
            choices = [Choice(level) for level in LEVELS]
            return await context.prompt("level", PromptOptions(prompt=MessageFactory.text(question), choices=choices))

        return step

    async def finish(self, context: WaterfallStepContext) -> DialogTurnResult:
        keep(context, QUESTIONS[-1])
        given = await self.answers.get(context.context, dict)
        given.update(context.values)
        return await context.end_dialog(given)


class Interviewer(ActivityHandler):  # type: ignore[misc]
    """The library's own example of a dialog bot: a dialog run on each message, both states saved after each turn."""

    def __init__(self, with_choices: bool) -> None:
        storage = MemoryStorage()
        self.conversation_state, self.user_state = ConversationState(storage), UserState(storage)
        self.dialog_state = self.conversation_state.create_property("dialogs")
        self.dialog = Enquiry(self.user_state.create_property("answers"), with_choices)
        self.adapter = TestAdapter(self.on_turn)
        self.finished = 0
        self.begun = 0

    async def on_turn(self, turn_context: TurnContext) -> None:
        await super().on_turn(turn_context)
        await self.conversation_state.save_changes(turn_context)
        await self.user_state.save_changes(turn_context)

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        dialogs = DialogSet(self.dialog_state)
        dialogs.add(self.dialog)
        context = await dialogs.create_context(turn_context)
        result = await context.continue_dialog()
        if result.status == DialogTurnStatus.Empty:
            await context.begin_dialog(self.dialog.id)
        elif result.status == DialogTurnStatus.Complete:
            assert len(result.result) == len(QUESTIONS)
            self.finished += 1

    async def one_round(self) -> float:
        """The seconds of a turn: an activity in, the dialog continued, the next prompt sent, the state saved."""
        self.adapter.activity_buffer.clear()
        taken = 0.0
        for _ in range(INTERVIEWS):
            self.begun += 1
            conversation = ConversationAccount(id=f"conversation-{self.begun}")
            await self.adapter.receive_activity(Activity(type="message", text="start", conversation=conversation))
            answers = [
                Activity(type="message", text=LEVELS[number % len(LEVELS)], conversation=conversation)
                for number in range(len(QUESTIONS))
            ]
            begun = time.perf_counter()
            for answer in answers:
                await self.adapter.receive_activity(answer)
            taken += time.perf_counter() - begun
        assert self.finished == self.begun
        return taken / (INTERVIEWS * len(QUESTIONS))


def main() -> None:
    interviewer = Interviewer(with_choices="text" not in sys.argv[1:])
    for _ in sys.stdin:
        print(asyncio.run(interviewer.one_round()), flush=True)


if __name__ == "__main__":
    main()
