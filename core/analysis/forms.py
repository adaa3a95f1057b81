"""Forms of collaboration: trust against support and challenge. Source: "Forms" in ``docs/analysis.md``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from core.analysis.scores import Cell, SchoolScores, over_schools, school_answer
from core.framework import Criterion, Framework, Perspective, Row

Tag: TypeAlias = Literal["trust", "challenge"]

LEAST_ANSWERED: Final = 2


@dataclass(frozen=True, slots=True)
class Collaboration:
    """How one school sees the partnership, or many schools' figures; from the lowest to the highest level."""

    trust: Fraction
    challenge: Fraction

    def improves(self, established: int) -> bool:
        """The one box with a name, "Improvement": established or above on both."""
        return self.trust >= established and self.challenge >= established


def tagged(framework: Framework, tag: Tag) -> tuple[Criterion, ...]:
    return tuple(criterion for criterion in framework.criteria if criterion.axis == tag)


def has_forms(framework: Framework) -> bool:
    """Whether this enquiry covers them: it asks about the partnership, and enough on both dimensions."""
    enough = all(len(tagged(framework, tag)) >= LEAST_ANSWERED for tag in ("trust", "challenge"))
    return enough and Perspective.PARTNERSHIP in framework.perspectives


def school_side(school: SchoolScores, framework: Framework, tag: Tag) -> Fraction | None:
    """The mean of a school's answers about the partnership to the tagged criteria; None for fewer than two."""
    answers = [
        answer
        for criterion in tagged(framework, tag)
        if (answer := school_answer(school, Row(criterion.id, Perspective.PARTNERSHIP))) is not None
    ]
    return sum(answers, Fraction()) / len(answers) if len(answers) >= LEAST_ANSWERED else None


def school_collaboration(school: SchoolScores, framework: Framework) -> Collaboration | None:
    """Where one school places the partnership; None where it answered too little on either dimension."""
    trust = school_side(school, framework, "trust")
    challenge = school_side(school, framework, "challenge")
    return None if trust is None or challenge is None else Collaboration(trust, challenge)


def side_over_schools(schools: Sequence[SchoolScores], framework: Framework, tag: Tag) -> Cell:
    """The median over schools. For n = 0 to 3 see ``over_schools``."""
    return over_schools(school_side(school, framework, tag) for school in schools)
