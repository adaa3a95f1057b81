"""What a report is made of: frozen facts, and all that may be published."""

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
    """Only the facts that the report covers."""
    facts: ReportFacts
    area: Area | None = None
    """The one area it covers; None for the whole report."""
    previous: str | None = None
    """The title of the cycle this one is compared with."""
    agreed_before: tuple[AgreedAction, ...] = ()
    """What the partnership agreed before this cycle opened, and how that stands now."""
    helping: frozenset[str] = frozenset()
    """The sub-themes in which one school's offer matches another's request."""
    schools: SchoolTable | None = None
    """With names, for readers who may see them: every school agreed to that."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The names of those schools, by id."""
    met: bool = False
    """Whether the cycle's meeting is over."""
