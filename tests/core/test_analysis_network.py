"""What many partnerships have in common."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import islice

import pytest

from core.analysis.disclosure import Bound, Count, Shown, Withheld
from core.analysis.network import PartnershipReport, figures_of, network_facts
from core.analysis.periods import Period, Term, periods_before
from core.analysis.report_making import report_facts
from tests.support.scores import school, small_framework


def report(*subthemes: tuple[int | None, bool]) -> PartnershipReport:
    """Sub-themes 1.1, 1.2 ... of a partnership in which 5 of 7 schools submitted."""
    asked = " ".join(f"1.{place}" for place in range(1, len(subthemes) + 1))
    return PartnershipReport(5, 7, asked, bytes(2 * tenths + first if tenths else 0 for tenths, first in subthemes))


SEVEN = [
    report((20, True), (30, False)),
    report((25, True), (35, False)),
    report((15, True), (20, True)),
    report((30, False), (30, False)),
    report((20, True), (25, False)),
    report((35, False), (None, False)),
    report((25, False), (40, False)),
]


def test_sub_themes_are_ranked_by_how_many_partnerships_need_them_first() -> None:
    facts = network_facts(9, [*SEVEN, report((None, False), (None, False))])
    # One of the eight reports has no figure at all.
    assert (facts.partnerships, facts.reporting, facts.submitted, facts.roster) == (9, 7, 35, 49)
    first, second = facts.subthemes
    assert (first.rank, first.asked, first.first_priority) == (1, 7, Count(4, 7, Bound.ABOUT))
    assert first.partnership == Shown(Decimal("2.5"), 7)
    # 20 25 30 30 35 40, and one priority only, which is not told apart from two or none.
    assert (second.rank, second.asked, second.first_priority) == (2, 6, Count(2, 6, Bound.AT_MOST))
    assert second.partnership == Shown(Decimal("3.0"), 6)
    assert [each.id for each in facts.most_needed] == ["1.1", "1.2"]


def test_the_order_of_the_partnerships_makes_no_difference() -> None:
    assert network_facts(9, SEVEN[::-1]) == network_facts(9, SEVEN)


def test_a_tie_is_a_tie_and_else_the_lower_figure_comes_first() -> None:
    tied = network_facts(5, [report((20, True), (20, True), (30, True))] * 5)
    assert [(each.id, each.rank) for each in tied.subthemes] == [("1.1", 1), ("1.2", 1), ("1.3", 3)]


@pytest.mark.parametrize("reporting", [0, 1, 2, 3, 4])
def test_of_fewer_than_five_partnerships_only_their_number_is_told(reporting: int) -> None:
    facts = network_facts(9, SEVEN[:reporting])
    assert facts.reporting == reporting
    assert facts.most_needed == ()
    assert {each.first_priority for each in facts.subthemes} <= {Withheld()}
    assert {each.partnership for each in facts.subthemes} <= {Withheld()}


def test_the_figures_of_a_report_are_kept_small() -> None:
    framework = small_framework({"1": {"1.1": 1, "1.2": 1}})
    schools = [school(name, {"1.1.a": (2, 2), "1.2.a": (2, None)}) for name in "abcde"]
    kept = figures_of(report_facts(framework, 7, schools))
    # The first is 2.0, and a first priority: twice 20, and one.
    assert kept == PartnershipReport(submitted=5, roster=7, asked="1.1 1.2", figures=bytes([41, 0]))
    assert kept == report((20, True), (None, False))


def test_reports_that_asked_different_things_are_counted_where_they_asked_the_same() -> None:
    second_alone = [PartnershipReport(5, 7, "1.2", bytes([2 * tenths])) for tenths in (10, 20, 30)]
    first, second = network_facts(9, [*SEVEN, *second_alone]).subthemes
    # 20 25 30 30 35 40, and 10 20 30.
    assert (first.asked, second.asked) == (7, 9)
    assert second.partnership == Shown(Decimal("3.0"), 9)


@pytest.mark.parametrize("figures", [bytes([40]), bytes([40, 40, 40])])
def test_what_are_no_figures_is_refused(figures: bytes) -> None:
    with pytest.raises(ValueError, match="figures"):
        network_facts(9, [*SEVEN, PartnershipReport(5, 7, "1.1 1.2", figures)])


def test_periods_are_the_terms_that_are_over() -> None:
    assert list(islice(periods_before(date(2026, 11, 25)), 4)) == [
        Period(Term.SUMMER, date(2026, 5, 1), date(2026, 9, 1)),
        Period(Term.SPRING, date(2026, 1, 1), date(2026, 5, 1)),
        Period(Term.AUTUMN, date(2025, 9, 1), date(2026, 1, 1)),
        Period(Term.SUMMER, date(2025, 5, 1), date(2025, 9, 1)),
    ]
    assert next(periods_before(date(2027, 1, 1))).term is Term.AUTUMN
