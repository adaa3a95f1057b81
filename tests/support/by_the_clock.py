"""River Partnership by the clock: what is planned at a moment, and what that puts into the outbox.

Its cycle opens on Monday 7 June 2027 at eight and closes on Thursday 8 July at four.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from operator import itemgetter

from sqlalchemy import select, update

from bot.messages import references
from bot.messages.references import MessageReference
from core.enquiry import Cycle, Visibility
from core.services import answering, cycles, visibility
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.tables import Account, Outbox
from scheduler.planner import plan_due
from tests.support.days import CLOSES, OPENS
from tests.support.enquiries import begin, bring
from tests.support.partnership_files import river

LEADERS = ("ann", "ben", "cat", "dan")


@dataclass
class River:
    database: Database
    seen: int = 0
    cycle: int = field(init=False)

    def __post_init__(self) -> None:
        self.bring(river())
        self.cycle = self.opens_cycle().id

    def bring(self, text: str) -> None:
        """Bring a partnership in, and let everybody in it have talked with the bot."""
        self.database.write_now(lambda connection: bring(connection, text, OPENS))
        talked = update(Account).values(conversation="with-" + Account.person_id)
        self.database.write_now(lambda connection: connection.execute(talked))

    def opens_cycle(self, partnership: str = "river") -> Cycle:
        return self.database.write_now(
            lambda connection: cycles.open_cycle(
                connection, FrameworkShelf(), partnership, "Summer 2027", CLOSES, None, OPENS, opens_at=OPENS
            )
        )

    async def plan(self, now: datetime) -> None:
        await plan_due(self.database, now)

    def put(self) -> list[tuple[str, MessageReference]]:
        """Where what was put since the last look, in the order of the conversations."""
        query = select(Outbox.id, Outbox.conversation, Outbox.prompt).where(Outbox.id > self.seen).order_by(Outbox.id)
        rows = self.database.read_now(lambda connection: connection.execute(query).all())
        self.seen = max((row.id for row in rows), default=self.seen)
        return sorted(((row.conversation, references.from_json(row.prompt)) for row in rows), key=itemgetter(0))

    def agrees_to_open(self, **schools: str) -> None:
        """Each school's leader has said yes already, so that nobody is asked."""
        for school, person in schools.items():
            self.database.write_now(
                partial(
                    visibility.say, partnership="river", school=school, visibility=Visibility.OPEN, yes=True, by=person,
                    now=OPENS,
                )
            )  # fmt: skip

    def submits(self, school: str, person: str) -> None:
        response = self.database.write_now(lambda connection: begin(connection, self.cycle, school, person, OPENS))
        self.database.write_now(lambda connection: answering.submit(connection, response, OPENS))


def to_all(what: MessageReference, people: tuple[str, ...] = LEADERS) -> list[tuple[str, MessageReference]]:
    return [(f"with-{person}", what) for person in people]
