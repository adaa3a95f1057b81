"""The pictures of a report, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from bot.messages.languages import Words
from bot.messages.references import PictureName
from bot.wording.charts import schools_by_name
from bot.wording.charts.drawing import Drawing
from bot.wording.charts.forms_and_trend import forms, trend
from bot.wording.charts.priorities import priorities
from bot.wording.charts.scores import counts, overview
from bot.wording.report_material import ReportMaterial

_Draw: TypeAlias = Callable[[ReportMaterial, Words], Drawing | None]

_DRAWINGS: Final[Mapping[PictureName, _Draw]] = {
    "overview": overview,
    "schools": schools_by_name.of_own_schools,
    "schools-partnership": schools_by_name.of_partnership,
    "counts": counts,
    "priorities": priorities,
    "forms": forms,
    "trend": trend,
}


def drawing(name: PictureName, material: ReportMaterial, words: Words) -> Drawing | None:
    """The drawing of this name; None if the report has nothing for it to show, or may not show it."""
    return _DRAWINGS[name](material, words) if material.facts.enough else None
