"""Meeting packs of an invented partnership, in any words."""

from __future__ import annotations

from core.charts.pool import draw_picture
from core.pack.material import (
    Language,
    PackAction,
    PackActions,
    PackMaterial,
    PackPicture,
    Points,
    Questions,
)
from tests.support.pictures import every_kind


def pack_of(
    pictures: tuple[PackPicture, ...] = (), language: Language = "en", words: str | None = None, times: int = 1
) -> PackMaterial:
    """With other words in place of all of its own, and each list so many times as long."""

    def said(own: str) -> str:
        return own if words is None else words

    def points(heading: str, *items: str) -> Points:
        return Points(said(heading), tuple(said(item) for item in items) * times, said(f"About: {heading}"))

    def actions(heading: str, rows: tuple[PackAction, ...], empty: int) -> PackActions:
        said_rows = tuple(PackAction(said(row.what), said(row.owner), said(row.due)) for row in rows) * times
        return PackActions(
            said(heading), said("What"), said("Who"), said("By when"), said_rows, empty, said("Three at most")
        )

    return PackMaterial(
        language=language,
        title=said("Our meeting: what we see, and what we do next"),
        partnership=said("Willow Valley Partnership"),
        cycle=said("Autumn 2026"),
        date=said("Tuesday 15 December 2026"),
        agenda=points(
            "What we do today",
            "Celebrate: what we are proud of (10 minutes)",
            "Evidence first: where we see things differently (20 minutes)",
            "One offer and one request from each school (20 minutes)",
            "At most three actions, each with an owner and a date (10 minutes)",
        ),
        last_actions=actions(
            "Last time we agreed",
            (
                PackAction("Visit one another's reading lessons in pairs", "Beck Infants", "done, 12 November"),
                PackAction("Write down what we mean by a fair challenge", "Cedar High", "carried on to spring"),
            ),
            0,
        ),
        pictures=pictures,
        talking_points=points(
            "What the scores say",
            "Trust and belonging is strongest: 3.5, and 6 of 7 schools at Established or above.",
            "The difference we make has most need: 1.5, chosen by at least 3 of 5 schools.",
            "On support and challenge we see things differently: discuss the evidence first.",
        ),
        questions=Questions(
            said("Questions for us"),
            (
                points("Support for", "Who could help with thriving staff and pupils, and what would help?"),
                points("Challenge to", "What would a visitor see that shows the difference we make?"),
                points("Decide on", "Which one thing do we do together before Easter?", "Who looks at it with us?"),
            ),
            said("Leave each of them ten quiet seconds."),
        ),
        actions=actions("What we agree today", (), 3),
        footer=said("For the leaders of our schools. What is said of one school stays in the room."),
    )


def drawn(words: str | None = None) -> tuple[PackPicture, ...]:
    """A picture of every kind."""
    return tuple(
        PackPicture(
            "Trust is strong; support and challenge are the next step" if words is None else words,
            draw_picture(picture),
            f"What the picture {name} shows: Trust 3.5, support and challenge 2.5." if words is None else words,
            "The middle score of all schools. Where it could give one school away, it is withheld."
            if words is None
            else words,
            f"Ask what surprises them in {name}.",
        )
        for name, picture in every_kind().items()
    )
