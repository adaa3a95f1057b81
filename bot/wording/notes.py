"""Asking for a note, showing a saved one, and offering to save what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.decide.turn_state import TextOffered
from bot.inbound import buttons
from bot.inbound.button_codec import encode
from bot.inbound.typed_text import Word, suggestion
from bot.messages.blocks import (
    Block,
    Button,
    Buttons,
    Choice,
    Fact,
    Facts,
    Heading,
    Paragraph,
    TextInput,
)
from bot.messages.languages import Words
from bot.wording.cards import note_name
from bot.wording.shared import button, carry_on_button, help_button, option
from core.enquiry import Audience, Enquiry, Note, NoteKind, Scoring
from core.framework import in_language
from core.services.shared_notes import SharedNote

MOST_SHOWN: Final = 20
"""Notes shown in one message; the attached file has all of them."""

_WORD = {
    NoteKind.STRENGTH: Word.STRENGTH,
    NoteKind.DEVELOPMENT: Word.DEVELOPMENT,
    NoteKind.EVIDENCE: Word.NOTE,
}


def write_note(enquiry: Enquiry, subtheme: str, kind: NoteKind, words: Words) -> tuple[Block, ...]:
    title = in_language(enquiry.framework.subtheme_by_id[subtheme].title, words.language)
    return (
        Heading(f"{note_name(kind, words)} · {title} · {enquiry.named}"),
        TextInput(
            "text",
            _ask_for(kind, words),
            words("Only leaders of your school will see it, unless you choose otherwise afterwards."),
            encode(buttons.WriteNote(enquiry.response, subtheme, kind)),
            words("Keep it"),
            f"{suggestion(_WORD[kind], words.language)} {subtheme} …",
        ),
        Buttons((carry_on_button(enquiry.cycle.id, enquiry.school, words),)),
    )


def _ask_for(kind: NoteKind, words: Words) -> str:
    match kind:
        case NoteKind.STRENGTH:
            return words("What is going well, in your own words?")
        case NoteKind.DEVELOPMENT:
            return words("What would you like to develop, in your own words?")
        case NoteKind.EVIDENCE:
            return words("What have you seen that shows it, in your own words?")


def note_kept(enquiry: Enquiry, note: Note, words: Words) -> tuple[Block, ...]:
    """A note as it stands, with who will see it and whether it is offered."""
    title = in_language(enquiry.framework.subtheme_by_id[note.subtheme].title, words.language)
    return (
        Heading(f"{note_name(note.kind, words)} · {title} · {enquiry.named}"),
        Paragraph(note.text),
        Facts((Fact(words("Who will see it"), _audience_words(note.audience, words)), *_offered(note, words))),
        *_offering(note, words),
        Choice(
            words("Show it to"),
            words("Who should see this note?"),
            tuple(
                option(name, buttons.ShowNoteTo(note.id, audience), audience is note.audience)
                for audience, name in _audiences(words)
            ),
        ),
        Buttons((_remove(note, words), carry_on_button(enquiry.cycle.id, enquiry.school, words))),
    )


def _audiences(words: Words) -> tuple[tuple[Audience, str], ...]:
    return (
        (Audience.SCHOOL, words("Our school only")),
        (Audience.LEAD, words("Our partnership's lead too")),
        (Audience.MEETING, words("Everyone at the meeting")),
    )


def _audience_words(audience: Audience, words: Words) -> str:
    match audience:
        case Audience.SCHOOL:
            return words("Leaders of your school.")
        case Audience.LEAD:
            return words("Leaders of your school, and your partnership's lead.")
        case Audience.MEETING:
            return words("Leaders of your school, and everyone at the partnership meeting.")


def _offered(note: Note, words: Words) -> tuple[Fact, ...]:
    if note.kind is NoteKind.EVIDENCE or note.offered is None:
        return ()
    if note.kind is NoteKind.STRENGTH:
        return (Fact(words("Shared"), words("Yes, we would share this.") if note.offered else words("Not for now.")),)
    return (Fact(words("Help"), words("Yes, we would welcome help.") if note.offered else words("Not for now.")),)


def _offering(note: Note, words: Words) -> tuple[Block, ...]:
    if note.kind is NoteKind.EVIDENCE:
        return ()
    strength = note.kind is NoteKind.STRENGTH
    question = (
        words("Would your school share this with other schools?")
        if strength
        else words("Would your school welcome help with this?")
    )
    answers = ((True, words("Yes")), (False, words("Not for now")))
    options = tuple(option(label, buttons.OfferNote(note.id, yes), note.offered is yes) for yes, label in answers)
    return (Choice(words("Shared") if strength else words("Help"), question, options),)


def _remove(note: Note, words: Words) -> Button:
    return button(words("Remove this note"), buttons.RemoveNote(note.id))


def note_removed(words: Words) -> tuple[Block, ...]:
    return (
        Paragraph(words("This note has been removed.")),
        Buttons((button(words("Carry on"), buttons.Resume(), suggestion(Word.RESUME, words.language)),)),
    )


def offer_text(enquiry: Enquiry, offered: TextOffered, words: Words) -> tuple[Block, ...]:
    """What was typed is neither a score nor a command: offer to save it as a note."""
    title = in_language(enquiry.framework.subtheme_by_id[offered.subtheme].title, words.language)
    return (
        Heading(words("Shall I keep this as a note?") + f" · {title} · {enquiry.named}"),
        Paragraph(words("You wrote: {text}", text=offered.text)),
        *_how_to_score(enquiry, words),
        Buttons(
            (
                *(
                    button(
                        note_name(kind, words),
                        buttons.KeepText(enquiry.response, offered.offer, kind),
                        suggestion(word, words.language),
                    )
                    for kind, word in _WORD.items()
                ),
                button(
                    words("No, carry on"),
                    buttons.DropText(enquiry.response, offered.offer),
                    suggestion(Word.RESUME, words.language),
                ),
            )
        ),
    )


def _how_to_score(enquiry: Enquiry, words: Words) -> tuple[Block, ...]:
    if not isinstance(enquiry.place, Scoring):
        return ()
    lowest, highest = enquiry.framework.level_values[0], enquiry.framework.level_values[-1]
    return (
        Paragraph(
            words(
                "To score, type a whole number from {lowest} to {highest}, or a level's name.",
                lowest=lowest,
                highest=highest,
            )
        ),
    )


def offer_over(words: Words) -> tuple[Block, ...]:
    return (Paragraph(words("That has been settled, so there is nothing more to do here.")),)


@dataclass(frozen=True, slots=True)
class Shared:
    """What schools chose to share about one cycle of a partnership."""

    partnership: str
    cycle: str
    notes: tuple[SharedNote, ...]


def shared(whole: tuple[Shared, ...], words: Words) -> tuple[Block, ...]:
    """To a lead: the notes whose authors chose to share them with the lead, or with everyone at the meeting."""
    nothing = words("No cycle has closed yet, so there is no note to show.")
    return (
        *(block for each in whole for block in _of_cycle(each, words)),
        *(() if whole else (Paragraph(nothing),)),
        Buttons((help_button(words),)),
    )


def _of_cycle(each: Shared, words: Words) -> tuple[Block, ...]:
    heading = Heading(words("{partnership}: notes about {cycle}", partnership=each.partnership, cycle=each.cycle))
    if not each.notes:
        return heading, Paragraph(words("No school has chosen to show a note beyond its own leaders."))
    facts = Facts(tuple(Fact(" · ".join(_parts(note, words)), note.text) for note in each.notes[:MOST_SHOWN]))
    return (heading, Paragraph(_confidence(words)), facts, *_and_more(len(each.notes), words))


def _confidence(words: Words) -> str:
    return words(
        "Their authors chose who may read each. Those for the meeting may be read out there; the others are for you "
        "alone. None is ever quoted in a channel."
    )


def _parts(note: SharedNote, words: Words) -> tuple[str, ...]:
    whom = words("for the meeting") if note.audience is Audience.MEETING else words("for you")
    return note.school_name, in_language(note.title, words.language), note_name(note.kind, words), whom


def _and_more(number: int, words: Words) -> tuple[Block, ...]:
    if number <= MOST_SHOWN:
        return ()
    told = words(
        "These are the first {most} of {number} notes; all of them are in the file.", most=MOST_SHOWN, number=number
    )
    return (Paragraph(told),)


def shared_header(words: Words) -> tuple[str, ...]:
    return (
        words("Partnership"),
        words("School"),
        words("Sub-theme"),
        words("Kind"),
        words("Shown to"),
        words("Note"),
    )


def shared_row(partnership: str, note: SharedNote, words: Words) -> tuple[str, ...]:
    return (partnership, *_parts(note, words), note.text)
