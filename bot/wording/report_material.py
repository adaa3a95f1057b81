"""What a report is made of; the facts are frozen, and are all that may be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.agreed_actions import AgreedAction
from core.analysis.report import ReportFacts
from core.analysis.school_table import SchoolTable
from core.enquiry import Cycle
from core.framework import Area, Framework


@dataclass(frozen=True, slots=True)
class ReportMaterial:
    partnership: str
    cycle: Cycle
    framework: Framework
    """Narrowed to what the report is on."""
    facts: ReportFacts
    area: Area | None = None
    """The one area that it is on; None for the whole report."""
    previous: str | None = None
    """The title of the cycle with which this one is compared."""
    agreed_before: tuple[AgreedAction, ...] = ()
    """What the partnership agreed before this cycle opened, and how it stands now."""
    helping: frozenset[str] = frozenset()
    """The sub-themes in which one school's offer meets another's request."""
    schools: SchoolTable | None = None
    """With names, for readers who may see them: every school agreed to that."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The names of those schools, by id."""
    met: bool = False
    """Whether the cycle's meeting is over."""
