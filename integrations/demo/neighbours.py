"""The other partnerships in the demo's network: their cycles are over."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import yaml
from sqlalchemy import Connection

from core.enquiry import Visibility
from core.partnership_file import read_partnership
from core.services import importing, visibility
from core.storage.frameworks import FrameworkShelf
from integrations.demo.answers import DemoPerson, Neighbour, neighbours
from integrations.demo.history import SET_UP, finished
from integrations.demo.samples import CHANNEL, SAMPLES

FACILITATOR: Final = DemoPerson("nia", "Nia Powell")


def bring_in(connection: Connection, shelf: FrameworkShelf) -> None:
    """Import each of them, as from a file of its own, and every cycle it has finished."""
    for each in neighbours():
        importing.import_partnership(connection, shelf, read_partnership(_file(each), [CHANNEL.platform]), SET_UP)
        _agree(connection, each)
        for played in each.cycles:
            finished(shelf, each.id, played, connection)


def _agree(connection: Connection, each: Neighbour) -> None:
    """A leader of every school agrees to what their partnership would like to see."""
    if each.visibility is not Visibility.OWN_AND_GROUP:
        for school in each.schools:
            visibility.say(connection, each.id, school.id, each.visibility, True, school.leader.id, SET_UP)


def _file(each: Neighbour) -> bytes:
    """In the format of docs/import.md, with the network and the calendar of the demo's own partnership."""
    own = yaml.safe_load(files("integrations.demo").joinpath("partnership.yaml").read_bytes())
    people = (FACILITATOR, *(school.leader for school in each.schools))
    file = {
        "partnership": {"id": each.id, "name": each.name, "nation": "wales", "visibility": each.visibility.value},
        "schools": [
            {"id": school.id, "name": school.name, "phase": school.phase, "leaders": [school.leader.id]}
            for school in each.schools
        ],
        "people": [_person(person) for person in people],
        "leads": [each.lead],
        "facilitators": [FACILITATOR.id],
        "calendar": own["calendar"],
        "networks": own["networks"],
    }
    return yaml.safe_dump(file, allow_unicode=True, sort_keys=False).encode()


def _person(person: DemoPerson) -> dict[str, object]:
    one_can_be = person.id in {sample.user for sample in SAMPLES}
    account = {"platform": CHANNEL.platform, "tenant": CHANNEL.tenant, "user": person.id}
    return {"id": person.id, "name": person.name} | ({"accounts": [account]} if one_can_be else {})
