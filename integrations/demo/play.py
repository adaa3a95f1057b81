"""Play the past of the playable people: what each did in chat, and the nudges in between, each at its own time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from itertools import count, groupby
from typing import Final

from bot.inbound import buttons
from bot.inbound.buttons import Press
from bot.inbound.events import (
    Account,
    Body,
    Conversation,
    Incoming,
    Installed,
    Kind,
    Pressed,
    Typed,
)
from bot.turn.handle import handle
from core.enquiry import Audience, Enquiry
from core.framework import Row
from core.services import enquiries, nudges
from core.services.enquiries import BySchool
from integrations.demo import history
from integrations.demo.answers import CANNOT_SAY, Answers, GivenNote, PlayedCycle, Wrote
from integrations.demo.samples import CHANNEL
from integrations.runtime import House
from integrations.web.chat import direct_id
from integrations.web.client import keep

_A_WHILE: Final = timedelta(seconds=20)
"""The time between one thing somebody does and the next."""
_AFTER_SCHOOL: Final = time(16, 5)


@dataclass
class HandSetClock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Play:
    house: House
    clock: HandSetClock
    _events: Iterator[int] = field(default_factory=lambda: count(1))

    async def open_it(self, *users: str) -> None:
        for user in users:
            await self._does(user, Installed())

    async def through(self, cycle: int, played: PlayedCycle, end: datetime) -> None:
        """Play the answers and conversations in chat around this cycle, and the nudges on the way."""
        for moment, deed in sorted(self._deeds(cycle, played), key=lambda each: each[0]):
            await self.until(moment)
            await deed()
        await self.until(end)

    def _deeds(self, cycle: int, played: PlayedCycle) -> Iterator[tuple[datetime, Callable[[], Awaitable[None]]]]:
        for given in played.answers:
            if given.in_chat is not None:
                yield history.at(given.in_chat, _AFTER_SCHOOL), partial(self._answers, cycle, given)
        for said in played.said:
            yield said.at, partial(self._says_to_all, said)
        for wrote in played.typed:
            yield wrote.at, partial(self._does, wrote.person, Typed(wrote.text))
        for moment in played.looks:
            yield moment, self.house.tick

    async def until(self, moment: datetime) -> None:
        while (
            at := await self.house.database.read(partial(nudges.next_at, now=self.clock.now))
        ) is not None and at < moment:
            self.clock.now = at
            await self.house.tick()
        self.clock.now = max(self.clock.now, moment)

    async def _says_to_all(self, said: Wrote) -> None:
        await self.house.database.write(
            lambda connection: keep(connection, CHANNEL.id, said.person, said.text, said.at)
        )

    async def _answers(self, cycle: int, given: Answers) -> None:
        await self._presses(given.person, buttons.Start(cycle, given.school))
        enquiry = await self._enquiry(cycle, given.school, given.person)
        subthemes = enquiry.framework.subtheme_of
        for subtheme, rows in groupby(given.rows(enquiry.framework), key=lambda each: subthemes[each[0].criterion]):
            await self._presses(given.person, *(_score(enquiry, row, level) for row, level in rows))
            for note in given.notes:
                if note.subtheme == subtheme.id:
                    await self._writes(given.person, enquiry, note)
        if given.priorities:
            await self._presses(given.person, *_at_the_end(enquiry, given))

    async def _enquiry(self, cycle: int, school: str, person: str) -> Enquiry:
        account, wanted = _account(person), BySchool(cycle, school)
        talk = await self.house.database.read(
            lambda connection: enquiries.load_talk(connection, self.house.shelf, account, wanted)
        )
        assert talk is not None
        assert talk.enquiry is not None
        return talk.enquiry

    async def _presses(self, user: str, *pressed: Press) -> None:
        await self._does(user, *(Pressed(each) for each in pressed))

    async def _writes(self, user: str, enquiry: Enquiry, note: GivenNote) -> None:
        action = buttons.WriteNote(enquiry.response, note.subtheme, note.kind)
        await self._does(user, Pressed(action, {"text": note.text}))
        kept = (await self._enquiry(enquiry.cycle.id, enquiry.school, user)).notes[-1].id
        if note.offered:
            await self._presses(user, buttons.OfferNote(kept, yes=True))
        if note.audience is not Audience.SCHOOL:
            await self._presses(user, buttons.ShowNoteTo(kept, note.audience))

    async def _does(self, user: str, *bodies: Body) -> None:
        """Let somebody do these things one after another; then the bot answers."""
        where = Conversation(CHANNEL.platform, CHANNEL.tenant, direct_id(user), Kind.DIRECT)
        for body in bodies:
            incoming = Incoming(f"played-{next(self._events)}", self.clock.now, _account(user), where, body)
            await handle(self.house.database, self.house.shelf, incoming, self.clock.now)
            self.clock.now += _A_WHILE
        await self.house.delivery.deliver([where, CHANNEL])


def _account(user: str) -> Account:
    return Account(CHANNEL.platform, CHANNEL.tenant, user)


def _score(enquiry: Enquiry, row: Row, level: int | None) -> buttons.Score:
    answer = CANNOT_SAY if level is None else str(level)
    return buttons.Score(enquiry.response, row.criterion, row.perspective, answer, 0)


def _at_the_end(enquiry: Enquiry, given: Answers) -> Iterator[Press]:
    for subtheme in given.priorities:
        yield buttons.Prioritise(enquiry.response, subtheme, yes=True)
    yield buttons.PrioritiesDone(enquiry.response)
    yield buttons.Submit(enquiry.response)
