"""A partnership's own framework, as large and as odd as a test wants it."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from core.framework import Perspective

BOTH = tuple(Perspective)


def own_framework(
    areas: Sequence[Sequence[int]] = ((1,),), *, levels: int = 4, perspectives: Sequence[Perspective] = BOTH
) -> bytes:
    """A file with these areas; ``((2, 1), (3,))`` has two, with two and one sub-themes of 2, 1 and 3 criteria."""
    return yaml.safe_dump(
        {
            "id": "our-own",
            "version": "1",
            "title": _text("Our own"),
            "languages": ["en", "cy"],
            "perspectives": [each.value for each in perspectives],
            "guidance": _text("Look around."),
            "scale": {
                "levels": [
                    {"value": value, "label": _text(f"Level{value}"), "meaning": _text(f"Meaning {value}")}
                    for value in range(1, levels + 1)
                ],
                "unscored": [{"id": "cannot_say", "label": {"en": "Can't say yet", "cy": "Methu dweud eto"}}],
            },
            "areas": [
                _area(number, subthemes, levels, perspectives) for number, subthemes in enumerate(areas, start=1)
            ],
        },
        allow_unicode=True,
        sort_keys=False,
    ).encode()


def _area(number: int, subthemes: Sequence[int], levels: int, perspectives: Sequence[Perspective]) -> object:
    return {
        "id": str(number),
        "title": _text(f"Area {number}"),
        "short_title": _text(f"A{number}"),
        "subthemes": [
            {
                "id": f"{number}.{place}",
                "title": _text(f"Theme {number}.{place}"),
                "short_title": _text(f"T{number}.{place}"),
                "description": _text("What it is for."),
                "criteria": [
                    _criterion(f"{number}.{place}.{'abcdefghij'[each]}", levels, perspectives)
                    for each in range(criteria)
                ],
            }
            for place, criteria in enumerate(subthemes, start=1)
        ],
    }


def _criterion(id_: str, levels: int, perspectives: Sequence[Perspective]) -> object:
    return {
        "id": id_,
        "title": _text(f"Criterion {id_}"),
        "axis": "none",
        **{each.value: _text(f"How far, {each.value}?") for each in perspectives},
        "levels": {value: _text(f"Seen at {value}.") for value in range(1, levels + 1)},
        "evidence_hint": _text("A plan."),
    }


def _text(english: str) -> dict[str, str]:
    return {"en": english, "cy": f"{english} (cy)"}
