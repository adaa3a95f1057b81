"""The bot's own page for a person, on a platform that has such a thing: pressed there, a button is answered in chat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot import said
from bot.languages import words_of
from bot.messages import Block, Message
from bot.prompts import home as prompts
from bot.tell import tell
from core.enquiry import Account, Known
from core.services import enquiries, people, telling
from core.storage.frameworks import FrameworkShelf


def home(connection: Connection, shelf: FrameworkShelf, account: Account, now: datetime) -> Message:
    """As things stand now. Somebody the bot does not know is told nothing but that."""
    person = people.person_of(connection, account)
    if person is None:
        return Message("home", tell(connection, shelf, said.Line("stranger"), None, now) or (), "en")
    return Message("home", _to(connection, shelf, person, now), person.language)


def _to(connection: Connection, shelf: FrameworkShelf, person: Known, now: datetime) -> tuple[Block, ...]:
    words = words_of(person.language)
    leads = telling.led_partnerships(connection, shelf, person.id, now)
    if leads and not people.schools_of(connection, person.id):
        return (*prompts.overview(leads, words), *prompts.for_others(words))
    own = tell(connection, shelf, said.Status(), person, now) or ()
    asked = {each.cycle for each in enquiries.open_enquiries(connection, person.id, now)}
    others = tuple(each for each in leads if each.open_cycle is None or each.open_cycle in asked)
    return (*own, *prompts.for_leader(words), *prompts.overview(others, words))
