"""Reports that earlier versions froze can still be read, and what is frozen today can be read by the version before.

The files in ``tests/fixtures/stored_reports`` were written from the values here by the code of their day:
``report-1`` by the first version of the snapshot, the others by the last code that wrote each field by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Final

import pytest

from core.analysis.agreement import Agreement
from core.analysis.disclosure import Bound, Count, Shown, Span, Votes, Withheld
from core.analysis.network import NetworkFacts, NetworkSubTheme, figures_of, network_facts
from core.analysis.others import Others
from core.analysis.report import (
    AreaFacts,
    CriterionFacts,
    Detail,
    Difference,
    Forms,
    More,
    Priority,
    ReportFacts,
    ResponseRate,
    Strength,
    SubThemeFacts,
    Trend,
    TrendLine,
)
from core.analysis.trend import Direction, Moves
from core.enquiry import Visibility
from core.framework import Perspective
from core.storage.stored_reports import (
    network_from_json,
    network_to_json,
    others_from_json,
    others_to_json,
    report_from_json,
    report_to_json,
)
from tests.support.told import invented

FILES: Final = Path(__file__).parent.parent / "fixtures" / "stored_reports"


def shown(value: str, n: int = 8) -> Shown:
    return Shown(Decimal(value), n)


TRUST = SubThemeFacts(
    id="1.1",
    own_school=shown("3.0"),
    partnership=shown("2.5"),
    difference=shown("0.5"),
    criteria=(
        CriterionFacts("1.1.a", shown("3.0"), Agreement.CLOSE),
        CriterionFacts("1.1.b", shown("2.0", 7), Agreement.SPLIT),
        CriterionFacts("1.1.c", shown("2.0"), Agreement.MIXED),
        CriterionFacts("1.1.d", shown("2.0", 6), Withheld()),
        CriterionFacts("1.1.e", Withheld(), Withheld()),
    ),
    details=(
        Detail(Perspective.SCHOOL, Count(6, 8, Bound.AT_LEAST), Span(Decimal("2.5"), Decimal("3.0"))),
        Detail(Perspective.PARTNERSHIP, Count(2, 8, Bound.AT_MOST), Withheld()),
    ),
)
CHALLENGE = SubThemeFacts(
    id="1.2",
    own_school=Withheld(),
    partnership=shown("2.0"),
    difference=Withheld(),
    criteria=(),
    details=(
        Detail(Perspective.SCHOOL, Withheld(), None),
        Detail(Perspective.PARTNERSHIP, Count(4, 8, Bound.ABOUT), None),
    ),
)
EIGHT_OF_NINE_SCHOOLS = ReportFacts(
    response=ResponseRate(8, 9),
    areas=(AreaFacts("1", shown("3.0"), shown("2.3"), (TRUST, CHALLENGE)),),
    strongest=(Strength(1, "1.1", Decimal("2.5")),),
    priorities=(
        Priority(1, "1.2", Decimal("0.7"), Votes(5, 8, Bound.ABOUT), evidence_first=True),
        Priority(2, "1.1", Decimal("0.5"), Withheld()),
    ),
    differences=(Difference(1, "1.1", Decimal("0.5")), Difference(2, "1.2", Decimal("-0.5"))),
    visibility=Visibility.OWN_AND_GROUP,
    forms=Forms(shown("2.5"), shown("2.0"), improvement=False),
    trend=Trend(
        previous=7,
        schools=6,
        respondents_changed=2,
        lines=(
            TrendLine("1.1", Perspective.SCHOOL, Decimal("2.5"), Decimal("3.0"), Direction.UP, None),
            TrendLine("1.2", Perspective.PARTNERSHIP, Decimal("2.0"), Decimal("2.0"), Direction.SAME, None),
        ),
    ),
    more=(More.BE_OPEN, More.SCORE_MORE, More.MORE_SCHOOLS),
)

ONLY_OWN_SCHOOLS = SubThemeFacts(
    id="1.1",
    own_school=shown("2.0", 3),
    partnership=None,
    difference=None,
    criteria=(CriterionFacts("1.1.a", shown("2.0", 3), Withheld()),),
    details=(Detail(Perspective.SCHOOL, Count(1, 3, Bound.ABOUT), None),),
)
THREE_NAMED_SCHOOLS = ReportFacts(
    response=ResponseRate(3, 3, least=1),
    areas=(AreaFacts("1", shown("2.0", 3), None, (ONLY_OWN_SCHOOLS,)),),
    strongest=(),
    priorities=(Priority(1, "1.1", None, Votes(2, 3, Bound.AT_LEAST)),),
    differences=(),
    visibility=Visibility.OPEN,
    forms=Forms(shown("3.0", 3), Withheld(), improvement=None),
    trend=Trend(
        previous=8,
        schools=3,
        respondents_changed=0,
        lines=(TrendLine("1.1", Perspective.SCHOOL, Decimal("2.5"), Decimal("2.0"), Direction.DOWN, Moves(1, 0, 2)),),
    ),
)

THREE_OF_SEVEN_SCHOOLS = ReportFacts(
    response=ResponseRate(3, 7),
    areas=(AreaFacts("1", Withheld(), Withheld(), (SubThemeFacts("1.1", Withheld(), Withheld(), Withheld()),)),),
    strongest=(),
    priorities=(),
    differences=(),
    visibility=Visibility.LEAD_ONLY,
)

IN_THE_FIRST_VERSION = ReportFacts(
    response=ResponseRate(8, 9, least=4),
    areas=(
        AreaFacts(
            "1",
            shown("3.0"),
            shown("2.3"),
            (replace(TRUST, criteria=(), details=()), replace(CHALLENGE, criteria=(), details=())),
        ),
        AreaFacts("2", shown("1.0"), None, (SubThemeFacts("2.1", shown("1.0"), None, None),)),
    ),
    strongest=EIGHT_OF_NINE_SCHOOLS.strongest,
    priorities=(
        Priority(1, "1.2", Decimal("0.7"), Votes(5, 8, Bound.ABOUT)),
        Priority(2, "1.1", Decimal("0.5"), Withheld()),
        Priority(3, "2.1", None, Votes(1, 8, Bound.AT_MOST)),
    ),
    differences=EIGHT_OF_NINE_SCHOOLS.differences,
    visibility=Visibility.OWN_AND_GROUP,
    forms=None,
    trend=None,
    more=(),
)
"""It knew the four things that it tells, and only partnerships that see their own school and the group."""

OF_OTHERS: Others = {
    ("1.1", Perspective.SCHOOL): shown("2.5", 7),
    ("1.2", Perspective.SCHOOL): shown("3.0", 6),
    ("1.1", Perspective.PARTNERSHIP): shown("2.0", 7),
}

NETWORK = NetworkFacts(
    partnerships=9,
    reporting=7,
    submitted=40,
    roster=49,
    subthemes=(
        NetworkSubTheme("1.1", 1, 7, Count(3, 7, Bound.ABOUT), shown("2.4", 7)),
        NetworkSubTheme("1.2", None, 4, Withheld(), Withheld()),
    ),
)


SECOND_VERSION: Final = [
    pytest.param("report-2-eight-schools.json", EIGHT_OF_NINE_SCHOOLS, id="every kind of figure"),
    pytest.param("report-2-three-named-schools.json", THREE_NAMED_SCHOOLS, id="named schools, asked about themselves"),
    pytest.param("report-2-too-few-schools.json", THREE_OF_SEVEN_SCHOOLS, id="nothing but the response"),
]


def kept(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((FILES / name).read_text(encoding="utf-8"))
    return found


def as_text(stored: dict[str, object]) -> str:
    """What lies in the database, but for line breaks."""
    return json.dumps(stored, indent=1) + "\n"


def text_of(name: str) -> str:
    return (FILES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "facts"), SECOND_VERSION)
def test_a_report_of_the_second_version_is_read_as_it_was_meant(name: str, facts: ReportFacts) -> None:
    assert report_from_json(kept(name)) == facts


def test_a_report_of_the_first_version_has_only_what_was_known_then() -> None:
    assert report_from_json(kept("report-1.json")) == IN_THE_FIRST_VERSION


@pytest.mark.parametrize(("name", "facts"), SECOND_VERSION)
def test_a_report_is_kept_to_the_letter_as_before(name: str, facts: ReportFacts) -> None:
    assert as_text(report_to_json(facts)) == text_of(name)


def test_what_a_school_may_see_of_the_others_is_kept_and_read_as_before() -> None:
    assert others_from_json(kept("others.json")) == OF_OTHERS
    assert as_text(others_to_json(OF_OTHERS)) == text_of("others.json")


def test_what_is_withheld_of_the_others_is_not_kept() -> None:
    told: Others = {("1.1", Perspective.SCHOOL): Withheld(), ("1.2", Perspective.SCHOOL): shown("3.0", 6)}
    assert others_to_json(told) == {"school": {"1.2": {"value": "3.0", "n": 6}}}


def test_what_a_network_was_told_is_kept_and_read_as_before() -> None:
    assert network_from_json(kept("network.json")) == NETWORK
    assert as_text(network_to_json(NETWORK)) == text_of("network.json")


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_told_of_a_partnership_is_read_as_it_was_written(seed: int) -> None:
    told = [snapshot for snapshots in invented(Random(seed)).told() for snapshot in snapshots]
    for each in told:
        assert report_from_json(report_to_json(each.facts)) == each.facts
        for of_others in each.of_others.values():
            assert others_from_json(others_to_json(of_others)) == of_others
    network = network_facts(len(told), [figures_of(each.facts) for each in told])
    assert network_from_json(network_to_json(network)) == network


A_PRIORITY: Final = {"rank": 1, "subtheme": "1.1", "need": "0.5", "votes": {"withheld": "few-schools"}}
FORMS: Final = {"trust": {"value": "2.5", "n": 8}, "challenge": {"value": "2.0", "n": 8}, "improvement": False}


@pytest.mark.parametrize(
    "spoiled",
    [
        pytest.param({"version": 3}, id="of a later version"),
        pytest.param({"version": None}, id="of none"),
        pytest.param({"response": 5}, id="no object"),
        pytest.param({"response": {"submitted": "5", "roster": 7}}, id="no number"),
        pytest.param({"areas": {}}, id="no list"),
        pytest.param({"strongest": [{"rank": 1, "subtheme": 1, "value": "2.0"}]}, id="no text"),
        pytest.param({"strongest": [{"rank": 1, "subtheme": "1", "value": "high"}]}, id="no decimal"),
        pytest.param({"priorities": [{**A_PRIORITY, "votes": {"withheld": "?"}}]}, id="no reason"),
        pytest.param({"forms": {**FORMS, "trust": {"value": "high", "n": 8}}}, id="a figure, but no decimal"),
        pytest.param({"forms": {**FORMS, "trust": {"value": "2.5"}}}, id="a figure of nobody knows how many schools"),
        pytest.param({"forms": {**FORMS, "improvement": "no"}}, id="neither true nor false"),
        pytest.param({"mood": "good"}, id="more than a report has"),
        pytest.param({"version": 1, "mood": "good"}, id="more than a first report has"),
    ],
)
def test_what_is_no_report_is_refused(spoiled: Mapping[str, object]) -> None:
    stored = report_to_json(EIGHT_OF_NINE_SCHOOLS)
    assert report_from_json({**stored, "priorities": [A_PRIORITY], "forms": FORMS})
    with pytest.raises(ValueError, match=r".+"):
        report_from_json({**stored, **spoiled})


@pytest.mark.parametrize("name", ["response", "areas", "visibility", "forms", "trend", "more"])
def test_a_report_that_lacks_something_is_refused(name: str) -> None:
    stored = report_to_json(EIGHT_OF_NINE_SCHOOLS)
    del stored[name]
    with pytest.raises(ValueError, match=name):
        report_from_json(stored)


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param({"school": {"1.1": {"n": 3}}}, id="no figure"),
        pytest.param({"school": {"1.1": {"withheld": "few-schools"}}}, id="kept though it is withheld"),
        pytest.param({"governors": {}}, id="no perspective"),
        pytest.param({"school": []}, id="no object"),
    ],
)
def test_what_does_not_tell_of_other_schools_is_refused(stored: Mapping[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        others_from_json(stored)


@pytest.mark.parametrize(
    "spoiled",
    [
        pytest.param({"schools": {"submitted": 40}}, id="no roster"),
        pytest.param({"reporting": "7"}, id="no number"),
        pytest.param({"subthemes": [{"id": "1.1"}]}, id="no count"),
    ],
)
def test_what_is_no_summary_of_a_network_is_refused(spoiled: Mapping[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        network_from_json({**network_to_json(NETWORK), **spoiled})


def test_no_figure_gets_into_the_words_of_a_refusal() -> None:
    stored = report_to_json(EIGHT_OF_NINE_SCHOOLS)
    with pytest.raises(ValueError, match=r"forms\.trust") as refused:
        report_from_json({**stored, "forms": {**FORMS, "trust": {"value": "3.14", "n": "271"}}})
    assert "3.14" not in str(refused.value)
    assert "271" not in str(refused.value)
