"""The pictures of a report, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from bot.languages import Words
from bot.prompts import pictures_of_schools
from bot.prompts.material import ReportMaterial
from bot.prompts.pictures_of_change import forms, trend
from bot.prompts.pictures_of_priorities import priorities
from bot.prompts.pictures_of_scores import counts, overview
from bot.prompts.picturing import Drawing
from bot.said import PictureName

_Draw: TypeAlias = Callable[[ReportMaterial, Words], Drawing | None]

_DRAWINGS: Final[Mapping[PictureName, _Draw]] = {
    "overview": overview,
    "schools": pictures_of_schools.of_own_schools,
    "schools-partnership": pictures_of_schools.of_partnership,
    "counts": counts,
    "priorities": priorities,
    "forms": forms,
    "trend": trend,
}


def drawing(name: PictureName, material: ReportMaterial, words: Words) -> Drawing | None:
    """None where this report has nothing that the picture could show, or may not show it."""
    return _DRAWINGS[name](material, words) if material.facts.enough else None
