"""What the lead of a partnership sees of a closed cycle beyond what every school sees."""

from __future__ import annotations

from dataclasses import dataclass

from core.analysis.school_table import SchoolTable


@dataclass(frozen=True, slots=True)
class LeadView:
    submitted: tuple[str, ...]
    """The names of the schools in the report."""
    waiting: tuple[str, ...]
    """The schools that were asked but did not submit."""
    late: tuple[str, ...]
    """The schools that submitted after the figures were published, and so count in no figure of this cycle."""
    table: SchoolTable | None
    """Schools by name, where they agreed that the lead may see them; else None."""
