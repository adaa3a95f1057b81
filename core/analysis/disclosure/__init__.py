"""The single gate that every figure across schools passes on its way to a message, picture, file or log.

The rule behind the rules (source: "What is withheld" in ``docs/analysis.md``, with the proof): a reader who knows the
scores of their own school, everything that was published and this rule is left with at least two possible levels for
every other school in every cell. Two things make that provable:

- A figure is made either from one sub-theme, from one perspective, in one cycle, or from published figures.
- No decision here depends on a level that is not published: only on how many schools scored what.
"""

from core.analysis.disclosure.gate import Gate, ScoredCell, may_follow
from core.analysis.disclosure.published import (
    LEAST_SCHOOLS,
    Bound,
    Count,
    Published,
    Reason,
    Shown,
    Span,
    Votes,
    Withheld,
    as_it_is,
    mean_of_published,
    to_tenth,
)

__all__ = [
    "LEAST_SCHOOLS",
    "Bound",
    "Count",
    "Gate",
    "Published",
    "Reason",
    "ScoredCell",
    "Shown",
    "Span",
    "Votes",
    "Withheld",
    "as_it_is",
    "may_follow",
    "mean_of_published",
    "to_tenth",
]
