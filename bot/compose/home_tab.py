"""A person's home page, on platforms that have one; buttons pressed there are answered in chat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.compose.personal import tell
from bot.messages import references
from bot.messages.blocks import Block, Message
from bot.messages.languages import words_of
from bot.wording import home_tab as wording
from core.enquiry import Account, Known
from core.services import enquiries, led_cycles, people
from core.storage.frameworks import FrameworkShelf


def home(connection: Connection, shelf: FrameworkShelf, account: Account, now: datetime) -> Message:
    """The page as things stand now. Somebody the bot doesn't know learns only that it doesn't know them."""
    person = people.person_of(connection, account)
    if person is None:
        return Message("home", tell(connection, shelf, references.ShortReply("stranger"), None, now) or (), "en")
    return Message("home", _to(connection, shelf, person, now), person.language)


def _to(connection: Connection, shelf: FrameworkShelf, person: Known, now: datetime) -> tuple[Block, ...]:
    words = words_of(person.language)
    leads = led_cycles.led_partnerships(connection, shelf, person.id, now)
    if leads and not people.schools_of(connection, person.id):
        return (*wording.overview(leads, words), *wording.for_others(words))
    own = tell(connection, shelf, references.Status(), person, now) or ()
    asked = {each.cycle for each in enquiries.open_enquiries(connection, person.id, now)}
    others = tuple(each for each in leads if each.open_cycle is None or each.open_cycle in asked)
    return (*own, *wording.for_leader(words), *wording.overview(others, words))
