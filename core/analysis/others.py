"""What one school may be told of all the others, beside what every school is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from core.analysis.disclosure import Gate, Published, Withheld
from core.analysis.gaps import others_values
from core.analysis.scores import SchoolScores
from core.framework import Framework, Perspective

Others: TypeAlias = Mapping[tuple[str, Perspective], Published]
"""The median of the other schools by sub-theme and perspective; what is not in it is withheld."""


def others_of_each(framework: Framework, schools: Sequence[SchoolScores], gate: Gate) -> Mapping[str, Others]:
    """For each of ``schools``, all of which have submitted; only what passes the gate."""
    told: dict[str, dict[tuple[str, Perspective], Published]] = {each.school: {} for each in schools}
    for perspective in framework.perspectives:
        for subtheme in framework.subthemes:
            for school, value in others_values(schools, subtheme, perspective).items():
                cell = gate.middle(value)
                if not isinstance(cell, Withheld):
                    told[school][subtheme.id, perspective] = cell
    return told
