"""The whole report of a partnership of any size, from the stored answers to the last file.

Timed are: the snapshot of its figures, including what each school may see of the others; its message; every picture,
including those with named schools and the trend since last term; and its numbers as CSV and XLSX.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from sqlalchemy import Connection, insert, update

from benchmarks.rounds import Contender, Rounds
from benchmarks.table import Result, milliseconds
from bot.compose.report_message import material_of, picture_message, report_message
from bot.messages import references
from core.charts.pool import Picture, draw_picture
from core.services import report_snapshots
from core.storage import tables
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from tests.support.world import CLOSES, OPENS, World

SIZES: Final = (7, 60, 600)
MOST: Final = 1.25
"""How much more a school may add in a large partnership than in a small one: nothing, apart from machine noise."""

_A_TERM: Final = timedelta(days=110)
_LAST_TERM, _THIS_TERM = 1, 2


@contextmanager
def contenders(home: Path) -> Iterator[dict[str, Contender]]:
    databases = {size: Database(f"sqlite:///{home / f'report-{size}.db'}") for size in SIZES}
    try:
        for size, database in databases.items():
            database.upgrade()
            database.write_now(_laid_down(size))
        yield {str(size): _of(database) for size, database in databases.items()}
    finally:
        for database in databases.values():
            database.close()


def _of(database: Database) -> Contender:
    shelf = FrameworkShelf()

    def whole_report() -> float:
        with database.engine.connect() as connection:
            begun = time.process_time()  # This measures growth, and machine noise doesn't grow.
            _make(connection, shelf)
            taken = time.process_time() - begun
            connection.rollback()  # The next round takes a new snapshot.
            return taken

    return whole_report


def _make(connection: Connection, shelf: FrameworkShelf) -> None:
    snapshot = report_snapshots.freeze(connection, shelf, _THIS_TERM, CLOSES)
    material = material_of(connection, shelf, snapshot.id, CLOSES)
    assert material is not None
    what = references.Report(snapshot.id, "en")
    message = asyncio.run(report_message(material, what, "report", _draw))
    assert message.files
    drawn = [asyncio.run(picture_message(material, each, "picture", _draw)) for each in references.pictures_of(what)]
    assert all(drawn)


async def _draw(picture: Picture) -> bytes:
    return draw_picture(picture)


def _laid_down(size: int) -> Callable[[Connection], None]:
    """Create two terms that every school answered in full, the second one closed."""

    def lay_down(connection: Connection) -> None:
        world = World(connection, schools=tuple(f"{number:04}" for number in range(size)), visibility="open")
        connection.execute(update(tables.Cycle).values(opens_at=OPENS - _A_TERM, closes_at=CLOSES - _A_TERM))
        world.open_cycle(_THIS_TERM, "Autumn 2027")
        _answered(world)
        report_snapshots.freeze(connection, world.shelf, _LAST_TERM, CLOSES - _A_TERM)

    return lay_down


def _answered(world: World) -> None:
    """Derive scores and choices from the school's number and the term; every thirteenth row is unscored."""
    numbers = count(1)
    responses, answers, votes = [], [], []
    subthemes = [each.id for each in world.framework.subthemes]
    for term in (_LAST_TERM, _THIS_TERM):
        for school, id_ in enumerate(world.schools):
            response = next(numbers)
            times = {"started_at": OPENS, "submitted_at": OPENS}
            whose = {"cycle_id": term, "school_id": id_, "person_id": f"leader-{id_}"}
            responses.append({"id": response, "priorities_done": True, **whose, **times})
            chosen = {subthemes[(school + step) % len(subthemes)] for step in (0, 3, 4)}
            votes += [{"response_id": response, "subtheme": each} for each in chosen]
            for place, row in enumerate(world.framework.rows):
                level = None if (school + place) % 13 == 0 else 1 + (school * 7 + place * 3 + term) % 4
                answers.append(
                    {
                        "response_id": response,
                        "criterion": row.criterion,
                        "perspective": row.perspective,
                        "level": level,
                        "reason": "cant-say" if level is None else None,
                        "revision": 0,
                        "answered_at": OPENS,
                    }
                )
    for table, rows in ((tables.Response, responses), (tables.Answer, answers), (tables.PriorityVote, votes)):
        world.connection.execute(insert(table), rows)


def results(measured: Rounds) -> Iterator[Result]:
    few, _, many = SIZES
    for size in SIZES:
        seconds = measured.median(str(size))
        yield Result(f"whole report, {size} schools", f"{seconds:.2f} s ({milliseconds(seconds / size)} a school)")
    own = _a_school_more(measured, few, many)
    theirs = _a_school_more(measured, *SIZES[:2])
    low, middle, high = quantiles(
        (each / other for each, other in zip(own, theirs, strict=True)), n=4, method="inclusive"
    )
    yield Result(
        f"whole report, a school more up to {many}",
        milliseconds(median(own)),
        f"up to {SIZES[1]}: {milliseconds(median(theirs))}",
        f"{middle:.2f}",
        f"{low:.2f}–{high:.2f}",
        f"≤ {MOST:g} ×",
        middle <= MOST,
    )


def _a_school_more(measured: Rounds, few: int, many: int) -> list[float]:
    """The seconds that each extra school adds, in each round."""
    pairs = zip(measured.seconds[str(few)], measured.seconds[str(many)], strict=True)
    return [(more - less) / (many - few) for less, more in pairs]
