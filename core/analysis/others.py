"""What one school may see of all the others, in addition to what every school sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from core.analysis.disclosure import Gate, Published, Withheld
from core.analysis.gaps import others_values
from core.analysis.scores import SchoolScores
from core.framework import Framework, Perspective

Others: TypeAlias = Mapping[tuple[str, Perspective], Published]
"""The median of the other schools by sub-theme and perspective; anything absent is withheld."""


def others_of_each(framework: Framework, schools: Sequence[SchoolScores], gate: Gate) -> Mapping[str, Others]:
    """The medians of the others for each of ``schools``, all of which have submitted; only what passes the gate."""
    told: dict[str, dict[tuple[str, Perspective], Published]] = {each.school: {} for each in schools}
    for perspective in framework.perspectives:
        for subtheme in framework.subthemes:
            for school, value in others_values(schools, subtheme, perspective).items():
                cell = gate.middle(value)
                if not isinstance(cell, Withheld):
                    told[school][subtheme.id, perspective] = cell
    return told
