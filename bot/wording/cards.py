"""The card of a sub-theme: its questions while they are open, its answers afterwards."""

from __future__ import annotations

from bot.inbound import buttons
from bot.inbound.button_codec import encode
from bot.inbound.typed_text import Word, row_word, suggestion
from bot.messages.blocks import (
    Block,
    Button,
    Buttons,
    Choice,
    Fact,
    Facts,
    Heading,
    Option,
    Paragraph,
    Progress,
    Weight,
)
from bot.messages.languages import Words
from bot.wording.shared import (
    answer_with_last_time,
    button,
    carry_on_button,
    criterion_line,
    level_name,
    perspective_name,
)
from core.enquiry import Enquiry, NoteKind, Scoring
from core.framework import Criterion, Row, SubTheme, in_language


def card(enquiry: Enquiry, subtheme: SubTheme, changed: str | None, words: Words) -> tuple[Block, ...]:
    place = enquiry.place
    if isinstance(place, Scoring) and place.criterion in subtheme.criteria:
        return _asking(enquiry, subtheme, place, changed, words)
    return _record(enquiry, subtheme, changed, words)


def _asking(
    enquiry: Enquiry, subtheme: SubTheme, place: Scoring, changed: str | None, words: Words
) -> tuple[Block, ...]:
    others = tuple(each for each in subtheme.criteria if each != place.criterion and _is_touched(enquiry, each))
    return (
        _heading(enquiry, subtheme, place.criterion, words),
        _progress(enquiry, words),
        *_changed(enquiry, changed, words),
        *_lines(enquiry, others, words),
        Heading(in_language(place.criterion.title, words.language), level=2),
        _levels(enquiry, place.criterion, words),
        *(_row(enquiry, place, Row(place.criterion.id, each), words) for each in enquiry.framework.perspectives),
        Buttons(_moves(enquiry, place, words)),
    )


def _heading(enquiry: Enquiry, subtheme: SubTheme, criterion: Criterion | None, words: Words) -> Heading:
    framework = enquiry.framework
    area = framework.area_of[subtheme.id]
    place = words("Area {number} of {total}", number=framework.areas.index(area) + 1, total=len(framework.areas))
    parts = [place, in_language(subtheme.title, words.language)]
    if criterion is not None:
        number = framework.criteria.index(criterion) + 1
        parts.append(words("{number} of {total}", number=number, total=len(framework.criteria)))
    return Heading(" · ".join((*parts, enquiry.named)))


def _progress(enquiry: Enquiry, words: Words) -> Progress:
    done, total = enquiry.answered_criteria(), len(enquiry.framework.criteria)
    return Progress(done, total, words("{done} of {total} answered", done=done, total=total))


def _changed(enquiry: Enquiry, changed: str | None, words: Words) -> tuple[Block, ...]:
    if changed is None or changed not in enquiry.framework.criterion_by_id:
        return ()
    title = in_language(enquiry.framework.criterion_by_id[changed].title, words.language)
    line = criterion_line(enquiry, changed, words)
    return (Paragraph(words("Changed. {title} now says: {line}.", title=title, line=line)),)


def _is_touched(enquiry: Enquiry, criterion: Criterion) -> bool:
    return len(enquiry.open_rows(criterion.id)) < len(enquiry.framework.perspectives)


def _lines(enquiry: Enquiry, criteria: tuple[Criterion, ...], words: Words) -> tuple[Block, ...]:
    facts = tuple(
        Fact(in_language(each.title, words.language), criterion_line(enquiry, each.id, words)) for each in criteria
    )
    return (Facts(facts),) if facts else ()


def _levels(enquiry: Enquiry, criterion: Criterion, words: Words) -> Facts:
    framework = enquiry.framework
    return Facts(
        tuple(
            Fact(level_name(framework, value, words), in_language(criterion.levels[value], words.language))
            for value in framework.level_values
        )
    )


def _row(enquiry: Enquiry, place: Scoring, row: Row, words: Words) -> Choice:
    name = perspective_name(row.perspective, words)
    answered = row in enquiry.answers
    legend = f"{name}: {answer_with_last_time(enquiry, row, words)}" if answered else name
    prefix = "" if row == place.row else f"{row_word(row.perspective, words.language)} "
    chosen = enquiry.answers[row].level if answered else None
    return Choice(
        legend,
        in_language(place.criterion.questions[row.perspective], words.language),
        tuple(
            Option(
                level_name(enquiry.framework, value, words),
                _score(enquiry, row, str(value)),
                f"{prefix}{value}",
                value == chosen,
            )
            for value in enquiry.framework.level_values
        ),
        name,
    )


def _score(enquiry: Enquiry, row: Row, answer: str) -> str:
    revision = enquiry.answers[row].revision if row in enquiry.answers else 0
    return encode(buttons.Score(enquiry.response, row.criterion, row.perspective, answer, revision))


def _moves(enquiry: Enquiry, place: Scoring, words: Words) -> tuple[Button, ...]:
    """What else can be done at a question; at most six buttons on the default framework, as Teams allows."""
    language, response = words.language, enquiry.response
    reopened = not enquiry.open_rows(place.criterion.id)
    onward = (
        button(words("Carry on"), buttons.CarryOn(response), suggestion(Word.RESUME, language), Weight.MAIN)
        if reopened
        else button(words("Skip"), buttons.Skip(response, place.criterion.id), suggestion(Word.SKIP, language))
    )
    first = enquiry.framework.criteria[0] == place.criterion
    return (
        *_unscored(enquiry, place, words),
        onward,
        *(() if first else (button(words("Back"), buttons.Back(response), suggestion(Word.BACK, language)),)),
        button(words("Pause"), buttons.Pause(response), suggestion(Word.PAUSE, language)),
        button(
            words("Show a hint"),
            buttons.ShowHint(response, place.criterion.id),
            suggestion(Word.HINT, language),
        ),
    )


def _unscored(enquiry: Enquiry, place: Scoring, words: Words) -> tuple[Button, ...]:
    """Reasons for giving no score apply to one row, so each says which, in one word: the row a plain number would
    answer. A phone is narrow.
    """
    several = len(enquiry.framework.perspectives) > 1
    about = f" ({row_word(place.row.perspective, words.language)})" if several else ""
    labels = ((each.id, in_language(each.label, words.language)) for each in enquiry.framework.unscored)
    return tuple(Button(f"{label}{about}", _score(enquiry, place.row, id_), label) for id_, label in labels)


def _record(enquiry: Enquiry, subtheme: SubTheme, changed: str | None, words: Words) -> tuple[Block, ...]:
    touched = tuple(each for each in subtheme.criteria if _is_touched(enquiry, each))
    return (
        _heading(enquiry, subtheme, None, words),
        *_changed(enquiry, changed, words),
        *_lines(enquiry, touched, words),
        *_notes(enquiry, subtheme, words),
        Buttons(_record_buttons(enquiry, subtheme, words)),
    )


def _notes(enquiry: Enquiry, subtheme: SubTheme, words: Words) -> tuple[Block, ...]:
    notes = tuple(note for note in enquiry.notes if note.subtheme == subtheme.id)
    return (Facts(tuple(Fact(note_name(note.kind, words), note.text) for note in notes)),) if notes else ()


def note_name(kind: NoteKind, words: Words) -> str:
    match kind:
        case NoteKind.STRENGTH:
            return words("Area of strength")
        case NoteKind.DEVELOPMENT:
            return words("Area for development")
        case NoteKind.EVIDENCE:
            return words("Evidence")


def _record_buttons(enquiry: Enquiry, subtheme: SubTheme, words: Words) -> tuple[Button, ...]:
    language, response = words.language, enquiry.response
    if not enquiry.is_finished(subtheme):
        return (carry_on_button(enquiry.cycle.id, enquiry.school, words),)
    return (
        button(
            words("Change"),
            buttons.Change(response, subtheme.id),
            f"{suggestion(Word.CHANGE, language)} {subtheme.id}",
        ),
        *(
            button(
                label,
                buttons.AddNote(response, subtheme.id, kind),
                f"{suggestion(word, language)} {subtheme.id}",
            )
            for label, kind, word in (
                (words("Add a strength"), NoteKind.STRENGTH, Word.STRENGTH),
                (words("Add an area for development"), NoteKind.DEVELOPMENT, Word.DEVELOPMENT),
                (words("Add evidence"), NoteKind.EVIDENCE, Word.NOTE),
            )
        ),
    )


def hint(enquiry: Enquiry, criterion: Criterion, words: Words) -> tuple[Block, ...]:
    return (
        Heading(in_language(criterion.title, words.language), level=2),
        Paragraph(
            words("Something that would show it: {hint}", hint=in_language(criterion.evidence_hint, words.language))
        ),
        Buttons((carry_on_button(enquiry.cycle.id, enquiry.school, words),)),
    )
