"""The file that describes a partnership is read whole, or every mistake in it is told by its line."""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.enquiry import Visibility
from core.partnership_file import (
    AccountEntry,
    ChannelEntry,
    DaysEntry,
    FrameworkEntry,
    PartnershipEntry,
    PartnershipFile,
    PersonEntry,
    SchoolEntry,
    read_partnership,
)
from core.pasted_text import PlatformIds, Unclear
from core.yaml_tree import FileMistakes

GUIDE = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")
EXAMPLE = "".join(re.findall("```yaml\n(.*?)```", GUIDE, re.DOTALL))

PLATFORMS = ("slack", "teams", "web")
SMALLEST = """\
partnership: {id: afon, name: Afon, nation: wales}
schools:
  - {id: bryn, name: Bryn, leaders: []}
people:
  - {id: ruth, name: Ruth}
leads: [ruth]
calendar:
  terms:
    - {name: Autumn, starts: 2026-09-02, ends: 2026-12-18}
"""


def outcome(source: bytes) -> PartnershipFile | list[str]:
    try:
        return read_partnership(source, PLATFORMS)
    except FileMistakes as told:
        return [str(mistake) for mistake in told.mistakes]


def mistakes(source: str) -> list[str]:
    result = outcome(source.encode())
    return [] if isinstance(result, PartnershipFile) else result


def changed(*changes: tuple[str, str]) -> str:
    source = EXAMPLE
    for old, new in changes:
        assert source.count(old) == 1, f"{old} should stand in the example once"
        source = source.replace(old, new)
    return source


def test_the_example_of_the_guide_is_read() -> None:
    file = read_partnership(EXAMPLE.encode(), PLATFORMS)
    assert file.partnership == PartnershipEntry(
        "glan-yr-afon", "Partneriaeth Glan yr Afon", "both", "wales", "Europe/London", Visibility.OWN_AND_GROUP, line=1
    )
    assert [school.id for school in file.schools] == ["bryn-teg", "afon-las", "coed-derw"]
    assert file.schools[0] == SchoolEntry(
        "bryn-teg",
        "Ysgol Gynradd Bryn Teg",
        ("sian-hughes", "owen-price"),
        "Primary",
        "Powys",
        "6662001",
        "cy",
        town=None,
        same_as=None,
        deputies=(),
        line=12,
    )
    assert file.people[0] == PersonEntry(
        "sian-hughes",
        "Siân Hughes",
        "sian.hughes@bryn-teg.example",
        "cy",
        (AccountEntry("slack", "T012AB3CD", "U045EF6GH", line=32),),
        line=27,
    )
    assert (file.leads, file.facilitators) == (("ruth-lewis",), ("tom-baker",))
    assert file.channels == (ChannelEntry("slack", "T012AB3CD", "C078IJ9KL", "both", line=47),)


def test_the_calendar_of_the_example_is_read() -> None:
    calendar = read_partnership(EXAMPLE.encode(), PLATFORMS).calendar
    assert calendar.terms[0] == DaysEntry("Autumn 2026", date(2026, 9, 2), date(2026, 12, 18), line=51)
    assert calendar.school_days_off[2] == DaysEntry("", date(2027, 5, 7), date(2027, 5, 7), line=57)
    assert (calendar.earliest, calendar.latest) == (time(8), time(17, 30))


def test_entries_know_their_lines() -> None:
    file = read_partnership(EXAMPLE.encode(), PLATFORMS)
    lines = EXAMPLE.splitlines()
    assert [lines[school.line - 1].strip() for school in file.schools][:2] == ["- id: bryn-teg", "- id: afon-las"]
    assert "U045EF6GH" in lines[file.people[0].accounts[0].line - 1]


def test_what_may_be_left_out_has_the_values_the_guide_tells() -> None:
    file = read_partnership(SMALLEST.encode(), PLATFORMS)
    assert (file.partnership.language, file.partnership.timezone) == ("en", "Europe/London")
    assert file.partnership.visibility is Visibility.OWN_AND_GROUP
    assert file.framework == FrameworkEntry(None, line=1)
    assert (file.facilitators, file.channels, file.calendar.school_days_off) == ((), (), ())
    assert (file.calendar.earliest, file.calendar.latest) == (None, None)
    assert file.people[0] == PersonEntry("ruth", "Ruth", None, None, (), line=5)


def test_a_framework_may_be_a_file_beside_this_one() -> None:
    file = read_partnership(
        changed(("framework: partnership-enquiry", "framework: ours/reading.yaml")).encode(), PLATFORMS
    )
    assert file.framework == FrameworkEntry("ours/reading.yaml", line=9)


@pytest.mark.parametrize(
    "name",
    [
        "Ysgol Gyfun Gymunedol Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch a'r Cylch, Ynys Môn",
        "<!channel> & <@U123>",
        "$\\frac{1}{2}$ _Academy_",
        '=HYPERLINK("http://evil.example")',
        "{line} {0} %s",
        "مدرسة النور",
        "👩‍🏫 School",
    ],
)
def test_a_name_is_just_a_name(name: str) -> None:
    quoted = "'" + name.replace("'", "''") + "'"
    file = read_partnership(changed(("Afon Las Community School", "X")).replace('"X"', quoted).encode(), PLATFORMS)
    assert file.schools[1].name == name


SUMMER_ENDS = "ends: 2027-07-21}"
EARLY_TERM = SUMMER_ENDS + "\n    - {name: Early, starts: 2027-01-01, ends: 2027-01-04}"

ONE_MISTAKE: list[tuple[str, str, str, int, str]] = [
    ("a leader who isn't there", "[maya-okafor]", "[maya-okafer]", 21, "Did you mean maya-okafor?"),
    ("a leader like nobody", "[maya-okafor]", "[zzz]", 21, "Add this person there, or take the id out here."),
    ("a leader twice", "[maya-okafor]", "[maya-okafor, maya-okafor]", 21, '"maya-okafor" stands on line 21 already'),
    ("leaders left out", "    leaders: [maya-okafor]\n", "", 19, "leaders is missing"),
    ("one leader, not a list", "[maya-okafor]", "maya-okafor", 21, "A list belongs here"),
    ("a lead who isn't there", "leads: [ruth-lewis]", "leads: [ruth]", 43, 'there is no "ruth" under people'),
    ("no lead", "leads: [ruth-lewis]", "leads: []", 43, "leads: this list has 0, and 1 is the least"),
    ("a facilitator who isn't there", "[tom-baker]", "[tom-bakr]", 44, "Did you mean tom-baker?"),
    ("a school twice", "id: afon-las", "id: bryn-teg", 19, "Give every school an id of its own"),
    ("an id with a space", "id: coed-derw", "id: coed derw", 22, "\"coed derw\" can't be an id"),
    ("an id with a colon", "id: glan-yr-afon", "id: glan:afon", 2, "\"glan:afon\" can't be an id"),
    ("no name", '    name: "Afon Las Community School"\n', "", 19, "schools afon-las: name is missing"),
    ("an empty name", '"Afon Las Community School"', "", 20, "nothing is written here"),
    ("a name that is a number", '"Afon Las Community School"', "1984", 20, "Put it in quotes"),
    ("a name too long", "Afon Las Community School", "A" * 201, 20, "has 201 characters, and 200 is the most"),
    ("a bell in a name", "Afon Las", "Afon\\aLas", 20, "an invisible character (Control character, U+0007)"),
    ("a nation nobody knows", "nation: wales", "nation: cymru", 5, "Choose one of england, wales, scotland"),
    ("a nation mistyped", "nation: wales", "nation: Wales", 5, "Did you mean wales?"),
    ("a language the bot hasn't", "language: both  ", "language: fr  ", 4, "Choose one of en, cy, both"),
    ("a zone mistyped", "Europe/London", "Europe/london", 6, "Did you mean Europe/London?"),
    ("a zone that leads elsewhere", "Europe/London", "../etc/passwd", 6, "is not a time zone"),
    ("a visibility nobody knows", "visibility: own-and-group", "visibility: all", 7, "Choose one of open, own"),
    ("a state of no network", "state: joined", "state: member", 61, "Choose one of joined, invited"),
    ("a framework of nobody", "framework: partnership-enquiry", "framework: ours", 9, "the name of a .yaml"),
    ("a framework far away", "framework: partnership-enquiry", "framework: /etc/f.yaml", 9, "from the folder"),
    ("a framework on a drive", "framework: partnership-enquiry", "framework: C:\\f.yaml", 9, "with forward slashes"),
    ("a number that is none", "urn: 6662001", "urn: six", 16, '"six" is not a school number'),
    ("a list for a number", "urn: 6662001", "urn: [1]", 16, "The school's number belongs here"),
    ("a number of two schools", "id: coed-derw", "id: coed-derw\n    urn: 6662001", 23, "stands on line 16 already"),
    ("an address without a host", "m.okafor@afon-las.example", "m.okafor", 37, "this is not an e-mail address"),
    ("an address of two", "m.okafor@afon-las", "Sian.Hughes@bryn-teg", 37, "this e-mail address stands on line 29"),
    ("a language of nobody", "    language: cy\n    accounts", "    language: both\n    accounts", 30, "one of en, cy"),
    ("a platform mistyped", "slack, tenant: T012AB3CD, user", "slak, tenant: T0, user", 32, "slack"),
    ("an account without a user", ", user: U045EF6GH", "", 32, "accounts number 1: user is missing"),
    ("a user that is a number", "user: U045EF6GH", "user: 0451", 32, "user: 0451 without quotes means the number 451"),
    ("a channel without an id", ", id: C078IJ9KL", "", 47, "channels number 1: id is missing"),
    ("a part mistyped", "facilitators:", "facilitator:", 44, "Did you mean facilitators?"),
    ("a required part mistyped", "schools:", "school:", 11, "Did you mean schools?"),
    ("a part from elsewhere", "phase: Primary", "stage: Primary", 14, "Known here: id, name, leaders, phase"),
    ("a term that ends first", "ends: 2026-12-18", "ends: 2026-09-01", 51, "it ends before it starts (2026-09-02)"),
    ("a term that lasts for years", "ends: 2026-12-18", "ends: 2027-12-18", 51, "more than 200 days. Check the years"),
    ("a day that never comes", "starts: 2026-09-02", "starts: 2026-09-31", 51, "there is no 2026-09-31"),
    ("a date the other way round", "starts: 2026-09-02", "starts: 02/09/2026", 51, "Write the year"),
    ("a moment for a date", "starts: 2026-09-02", "starts: 2026-09-02 08:00:00", 51, "is not a date"),
    ("terms that overlap", "starts: 2027-01-04", "starts: 2026-12-18", 52, "overlap with those on line 51"),
    ("a term on its neighbour's first day", SUMMER_ENDS, EARLY_TERM, 54, "overlap with those on line 52"),
    ("a term without a name", '{name: "Autumn 2026", starts', "{starts", 51, "terms number 1: name is missing"),
    ("a day off twice", "2027-05-07", "2027-02-09", 57, "these days overlap with those on line 56. Keep one"),
    ("a word for a day off", "2027-05-07", "Friday", 57, '"Friday" is not a date'),
    ("no terms", "  terms:\n", "  trms:\n", 50, "Did you mean terms?"),
    ("hours the wrong way round", "08:00", "18:00", 58, "the latest time must come after the earliest"),
    ("hours that are none", "08:00", "17:30", 58, "the latest time must come after the earliest"),
    ("an hour of no clock", "08:00", "8am", 58, '"8am" is not a time'),
    ("half of the hours", ', latest: "17:30"', "", 58, "latest is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "words"), [pytest.param(*case, id=name) for name, *case in ONE_MISTAKE])
def test_one_mistake_is_told_once_with_its_line(old: str, new: str, line: int, words: str) -> None:
    told = mistakes(changed((old, new)))
    assert len(told) == 1, told
    assert told[0].startswith((f"line {line}, ", f"line {line}:"))
    assert words in told[0]


def test_one_account_of_two_people_is_told_at_the_second() -> None:
    account = "    accounts:\n      - {platform: slack, tenant: T012AB3CD, user: U045EF6GH}\n"
    told = mistakes(changed(('    name: "Owen Price"\n', '    name: "Owen Price"\n' + account)))
    assert told == [
        "line 36, people owen-price > accounts number 1: this account stands on line 32 already. "
        "One account belongs to one person: keep one of the two."
    ]


def test_two_people_whose_ids_differ_in_capitals_alone_are_one_id_twice() -> None:
    tom = "  - id: tom-baker\n"
    told = mistakes(changed((tom, "  - {id: Tom-Baker, name: Tom}\n" + tom)))
    assert told == [
        "line 41, people tom-baker > id: the id tom-baker stands on line 40 already. "
        "Give every person an id of its own."
    ]


def test_the_same_user_in_another_workspace_is_another_account() -> None:
    account = "    accounts:\n      - {platform: slack, tenant: T999, user: U045EF6GH}\n"
    assert mistakes(changed(('    name: "Owen Price"\n', '    name: "Owen Price"\n' + account))) == []


def test_a_channel_twice_is_told_at_the_second() -> None:
    channel = "  - {platform: slack, tenant: T012AB3CD, id: C078IJ9KL, language: both}\n"
    assert mistakes(changed((channel, channel * 2))) == [
        "line 48, channels C078IJ9KL: this channel stands on line 47 already. Keep one of the two."
    ]


def test_a_person_with_a_bad_id_is_told_once_and_not_again_where_the_id_is_used() -> None:
    told = mistakes(EXAMPLE.replace("tom-baker", "tom_"))
    assert told == [
        'line 40, people tom_ > id: "tom_" can\'t be an id. Use letters a to z, digits, and . - _ between them.'
    ]


def test_people_who_cant_be_read_are_told_once_and_not_at_every_leader() -> None:
    before, after = EXAMPLE.index("people:"), EXAMPLE.index("leads:")
    assert mistakes(EXAMPLE[:before] + "people: none\n" + EXAMPLE[after:]) == [
        'line 26, people: "none" can\'t stand here. A list belongs here, each item on a line of its own after a hyphen.'
    ]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    source = changed(("08:00", "8am"), ("nation: wales", "nation: cymru"), ("[maya-okafor]", "[maya]"))
    assert [told.split(",")[0] for told in mistakes(source)] == ["line 5", "line 21", "line 58"]


def test_the_order_of_mistakes_is_the_order_of_the_file_however_its_parts_are_arranged() -> None:
    source = "leads: [rut]\n" + SMALLEST.replace("leads: [ruth]\n", "").replace("Bryn", "")
    assert [told.split(",")[0] for told in mistakes(source)] == ["line 1", "line 4"]


def test_the_mistakes_shown_in_the_guide_are_the_ones_told() -> None:
    dates = ("starts: 2026-09-02, ends: 2026-12-18", "starts: 2026-12-18, ends: 2026-09-02")
    told = mistakes(changed(("[maya-okafor]", "[maya-okafer]"), dates))
    assert told == re.findall("^    (line .*)$", GUIDE, re.MULTILINE)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200))
@example(b"people: [{id: [a]}, 3, ~]\nleads: [{}]\n")
def test_any_bytes_are_read_or_told(source: bytes) -> None:
    result = outcome(source)
    assert isinstance(result, PartnershipFile) or result


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_a_damaged_example_is_read_or_told_in_clear_lines(data: st.DataObject) -> None:
    source = EXAMPLE.encode()
    start = data.draw(st.integers(0, len(source)))
    length = data.draw(st.integers(0, 40))
    clumsy = st.sampled_from([b"\n", b"- ", b": ", b"[", b"{", b'"', b"*a", b"~", b"9", b"{0}"])
    instead = data.draw(st.one_of(st.binary(max_size=6), clumsy))
    result = outcome(source[:start] + instead + source[start + length :])
    assert isinstance(result, PartnershipFile) or all(map(str.isprintable, result))


# What came along with pasted text

PASTED: list[tuple[str, str, str]] = [
    ("curly quotation marks for YAML's own", '"Afon Las Community School"', "“Afon Las Community School”"),
    ("a non-breaking space in a name", "Afon Las Community", "Afon\u00a0Las\u00a0Community"),
    ("a soft hyphen in a name", "Afon Las Community", "Afon Las Com\u00admunity"),
    ("a zero-width space behind an id", "id: coed-derw", "id: coed-derw\u200b"),
    ("an id quoted curly", "id: tom-baker", "id: “tom-baker”"),
    ("a leader quoted curly", "[maya-okafor]", "[“maya-okafor”]"),
    ("a leader with a hyphen that doesn't break", "[maya-okafor]", "[maya\u2011okafor]"),
    ("a lead with a zero-width space", "leads: [ruth-lewis]", "leads: [\u200bruth-lewis]"),
    ("an address as a link", "m.okafor@afon-las.example", "mailto:m.okafor@afon-las.example"),
    ("an address with its name", "m.okafor@afon-las.example", "Maya Okafor <m.okafor@afon-las.example>"),
    ("a word of the file's own, quoted curly", "nation: wales", "nation: ‘wales’"),
    ("a zone with a zero-width space", "Europe/London", "Europe/London\u200b"),
    ("a number with a non-breaking space", "urn: 6662001", "urn: 6662001\u00a0"),
    ("a date with dashes", "starts: 2026-09-02", "starts: 2026–09–02"),
    ("a date quoted curly", "2027-05-07", "“2027-05-07”"),
    ("an hour quoted curly", '"08:00"', "“08:00”"),
    ("an account with a zero-width space", "user: U045EF6GH", "user: U045EF6GH\u200b"),
    ("a channel with a byte order mark", "id: C078IJ9KL", "id: \ufeffC078IJ9KL"),
    ("a non-breaking space behind a colon", "id: coed-derw", "id:\u00a0coed-derw"),
    ("non-breaking spaces for indentation", "    leaders: [maya-okafor]", "\u00a0" * 4 + "leaders: [maya-okafor]"),
    ("a non-breaking space behind a comma", "tenant: T012AB3CD, id", "tenant: T012AB3CD,\u00a0id"),
    ("a soft hyphen in a key", "facilitators:", "facil\u00aditators:"),
    ("a key quoted curly", "facilitators:", "“facilitators”:"),
]  # fmt: skip


@pytest.mark.parametrize(("plain", "pasted"), [pytest.param(*case, id=why) for why, *case in PASTED])
def test_what_came_along_with_pasted_text_changes_nothing(plain: str, pasted: str) -> None:
    assert outcome(changed((plain, pasted)).encode()) == outcome(EXAMPLE.encode())


UNCLEAR: list[tuple[str, str, str, int, str]] = [
    ("a letter of another script in an id", "id: coed-derw", "id: coed-d\u0435rw", 22,
     "can't be an id: it has \u0435 (Cyrillic small letter ie, U+0435) in it"),
    ("a picture in a name", "Afon Las Community", "Afon \ufffc Community", 20,
     "this has \ufffc (Object replacement character, U+FFFC) in it"),
    ("half of a pair of quotation marks", '"Coed Derw High School"', "“Coed Derw High School", 23,
     "this has “ (Left double quotation mark, U+201C) without its partner"),
    ("a name that something turns round", "Siân Hughes", "Siân \u2067Hughes", 28,
     "there is an invisible character (Right-to-left isolate, U+2067) in this line"),
    ("two dots in an address", "m.okafor@afon-las", "m..okafor@afon-las", 37, "this has two dots side by side"),
    ("an accent in an address", "m.okafor@afon-las", "m.ôkafor@afon-las", 37,
     "this has ô (Latin small letter o with circumflex, U+00F4) in it"),
    ("a channel's name, which YAML takes for a remark", "id: C078IJ9KL, language: both", "id: #general", 47,
     "the bracket that opens here is never closed, or words with a , : ? # or bracket in them need quotes"),
    ("a name that begins like a remark", '"Coed Derw High School"', "#Coed Derw", 23, "in quotes if it begins with #"),
    ("a framework from Word", "framework: partnership-enquiry", "framework: ours.docx", 9,
     '"ours.docx" is a Word document. Write partnership-enquiry, or the name of a .yaml file'),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "words"), [pytest.param(*case, id=name) for name, *case in UNCLEAR])
def test_what_has_no_one_meaning_is_told_by_its_line_and_name(old: str, new: str, line: int, words: str) -> None:
    told = mistakes(changed((old, new)))
    assert len(told) == 1, told
    assert told[0].startswith((f"line {line}, ", f"line {line}:"))
    assert words in told[0]


def test_two_addresses_that_only_look_different_are_one_address_twice() -> None:
    told = mistakes(changed(("m.okafor@afon-las.example", "mailto:Sian.Hughes@bryn\u2011teg.example")))
    assert told == [
        "line 37, people maya-okafor > email: this e-mail address stands on line 29 already. "
        "One address belongs to one person."
    ]


def test_a_platform_says_what_its_ids_are() -> None:
    def no_names(pasted: str) -> str:
        if pasted.startswith("#"):
            raise Unclear("is a channel's name.")
        return pasted.upper()

    ids = {"slack": PlatformIds(tenant=str.lower, user=no_names, channel=lambda pasted, of: f"{of}/{no_names(pasted)}")}
    file = read_partnership(EXAMPLE.encode(), PLATFORMS, ids)
    assert (file.channels[0].tenant, file.channels[0].id) == ("t012ab3cd", "t012ab3cd/C078IJ9KL")
    assert file.people[0].accounts[0].user == "U045EF6GH"
    with pytest.raises(FileMistakes, match="line 47, channels #general > id: this is a channel's name"):
        read_partnership(changed(("id: C078IJ9KL", 'id: "#general"')).encode(), PLATFORMS, ids)


def test_what_a_stored_file_with_such_spaces_meant_it_still_means() -> None:
    """As written, this is one word; with a plain space behind the colon, it could not be read at all."""
    file = read_partnership(changed(('"Afon Las Community School"', "Afon:\u00a0Las")).encode(), PLATFORMS)
    assert file.schools[1].name == "Afon: Las"
