"""The words in the report's table of figures."""

from __future__ import annotations

from bot.messages.languages import Words
from core.exports import ReportWords


def csv_words(words: Words) -> ReportWords:
    return ReportWords(
        area=words("Area"),
        subtheme=words("Sub-theme"),
        own_school=words("Our own schools, middle score"),
        own_schools_counted=words("Schools counted"),
        partnership=words("Our partnership, middle score"),
        partnership_schools_counted=words("Schools counted (partnership)"),
        difference=words("Difference"),
        difference_schools_counted=words("Schools counted (difference)"),
        priority=words("Priority"),
        need=words("Need, 0 to 1"),
        votes=words("Schools that chose it"),
        voting_schools=words("Schools that chose priorities"),
        established=words("Schools at the established level or above"),
        established_schools_counted=words("Schools counted (established)"),
        at_least=words("Lowest, had all schools answered"),
        at_most=words("Highest, had all schools answered"),
        last_time=words("Middle score last time"),
        moved_up=words("Schools that moved up"),
        moved_not=words("Schools that stayed"),
        moved_down=words("Schools that moved down"),
        forms=words("Forms of collaboration"),
        trust=words("Trust"),
        challenge=words("Support and challenge"),
        withheld=words("withheld"),
    )
