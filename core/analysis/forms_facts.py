"""What may be published about the forms of collaboration."""

from __future__ import annotations

from collections.abc import Sequence

from core.analysis.disclosure import Gate, Published, Shown, as_it_is, mean_of_published
from core.analysis.forms import Tag, side_over_schools, tagged
from core.analysis.report import Forms, SubThemeFacts
from core.analysis.scores import SchoolScores
from core.framework import Framework


def forms_facts(
    framework: Framework, subthemes: Sequence[SubThemeFacts], schools: Sequence[SchoolScores], gate: Gate
) -> Forms:
    """The partnership's trust and challenge, as far as they may be shown.

    Where schools are named, these are medians over schools; else the means of the tagged criteria's medians as shown,
    which reveal nothing new.
    """
    criteria = {each.id: each for subtheme in subthemes for each in subtheme.criteria}

    def side(tag: Tag) -> Published:
        if gate.named:
            return as_it_is(side_over_schools(schools, framework, tag))
        return mean_of_published([criteria[criterion.id].value for criterion in tagged(framework, tag)])

    trust, challenge = side("trust"), side("challenge")
    if isinstance(trust, Shown) and isinstance(challenge, Shown):
        return Forms(trust, challenge, min(trust.value, challenge.value) >= framework.established)
    return Forms(trust, challenge, None)
