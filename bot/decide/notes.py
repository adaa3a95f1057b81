"""Notes: areas of strength, areas for development and evidence, in the leader's own words."""

from __future__ import annotations

from bot.decide.changes import KeepNote, Outcome, Reply, SetTalk
from bot.decide.replies import line, show_place
from bot.decide.turn_state import NoteWanted, TextOffered, TurnState
from bot.inbound import buttons
from bot.inbound.buttons import OfferNote, RemoveNote, ShowNoteTo
from bot.inbound.typed_text import best_match
from bot.messages import references
from core.as_typed import simplified
from core.enquiry import Audience, Enquiry, Note, NoteKind, Scoring

MOST_CHARACTERS = 4_000
"""About a page. Every platform sends a message of this length without cutting it."""


def ask(enquiry: Enquiry, subtheme: str, kind: NoteKind) -> Outcome:
    """Ask for a note; the person needn't write one and may do anything else first."""
    if subtheme not in enquiry.framework.subtheme_by_id:
        return line("old-button")
    wanted = NoteWanted(enquiry.response, subtheme, kind)
    return Outcome(
        (SetTalk(enquiry.response, wanted),),
        (Reply(references.NotePrompt(enquiry.response, subtheme, kind), below=True),),
    )


def keep(state: TurnState, enquiry: Enquiry, subtheme: str, kind: NoteKind, text: str) -> Outcome:
    if subtheme not in enquiry.framework.subtheme_by_id:
        return line("old-button")
    if not text.strip():
        return ask(enquiry, subtheme, kind)
    if len(text) > MOST_CHARACTERS:
        return line("note-too-long")
    return _kept(enquiry, Note(state.fresh, subtheme, kind, text.strip(), Audience.SCHOOL, None))


def _kept(enquiry: Enquiry, note: Note) -> Outcome:
    """Save a note; the same words sent twice, as by a double tap, count as one note."""
    same = (note.subtheme, note.kind, note.text)
    before = next((each for each in enquiry.notes if (each.subtheme, each.kind, each.text) == same), None)
    settled = SetTalk(enquiry.response, None)
    if before is not None:
        return Outcome((settled,), _shown(enquiry, before))
    return Outcome((KeepNote(enquiry.response, note), settled), _shown(enquiry, note))


def _shown(enquiry: Enquiry, note: Note) -> tuple[Reply, ...]:
    return (
        Reply(references.NoteKept(note.id), below=True),
        *_record(enquiry, note.subtheme),
        show_place(enquiry, below=True),
    )


def _record(enquiry: Enquiry, subtheme: str) -> tuple[Reply, ...]:
    """The sub-theme's card shows its notes; the current question's card is posted again anyway."""
    card = Reply(references.Card(enquiry.response, subtheme))
    return (card,) if _begun(enquiry, subtheme) and card.reference != show_place(enquiry).reference else ()


def _begun(enquiry: Enquiry, subtheme: str) -> bool:
    asked = {criterion.id for criterion in enquiry.framework.subtheme_by_id[subtheme].criteria}
    return any(row.criterion in asked for row in enquiry.answers)


def typed_note(state: TurnState, enquiry: Enquiry, kind: NoteKind, text: str, whole: str) -> Outcome:
    """``strength We …``, or ``strength 1.2 We …`` for a sub-theme other than the current one.

    ``whole`` is all that was typed: where a note was asked for, it may well begin with such a word ("Development of our
    middle leaders …"), and then it isn't a command.
    """
    offered, wanted = state.awaiting, _wanted(state, enquiry)
    if not text and isinstance(offered, TextOffered) and _is_of_now(enquiry, offered):
        return _offered_again(offered)
    named, _, rest = text.partition(" ")
    subtheme = best_match(named, ((each.id, (each.id,)) for each in enquiry.framework.subthemes))
    if subtheme is not None:
        return keep(state, enquiry, subtheme, kind, rest)
    if text and wanted is not None:
        return written(state, enquiry, whole) if kind is wanted.kind else offer(state, enquiry, whole)
    return keep(state, enquiry, _spoken_of(state, enquiry), kind, text)


def _wanted(state: TurnState, enquiry: Enquiry) -> NoteWanted | None:
    """The note of this enquiry that was asked for last, in this conversation only."""
    waiting = state.awaiting
    if not isinstance(waiting, NoteWanted) or waiting.response != enquiry.response:
        return None
    asked = references.NotePrompt(waiting.response, waiting.subtheme, waiting.kind)
    return waiting if asked in state.lately else None


def waits(state: TurnState) -> bool:
    """Whether typed text is the note that was asked for last, whatever word it begins with."""
    return state.enquiry is not None and _wanted(state, state.enquiry) is not None


_YES = frozenset({"yes", "y", "yes please", "ok", "okay", "ie", "iawn", "ydw"})


def written(state: TurnState, enquiry: Enquiry, text: str) -> Outcome:
    """A leader's own words: the note they were asked for, or else text they are offered to keep as one."""
    wanted, offered = _wanted(state, enquiry), state.awaiting
    if wanted is not None:
        return keep(state, enquiry, wanted.subtheme, wanted.kind, text)
    if isinstance(offered, TextOffered) and offered.response == enquiry.response and simplified(text) in _YES:
        return _offered_again(offered)
    return offer(state, enquiry, text)


def _is_of_now(enquiry: Enquiry, offered: TextOffered) -> bool:
    """Whether the note asked for still fits: not once the leader has moved on to another sub-theme."""
    return offered.response == enquiry.response and offered.subtheme == current_subtheme(enquiry)


def _offered_again(offered: TextOffered) -> Outcome:
    """Show text that waits to become a note again, if it isn't the last message, before doing anything with it."""
    return Outcome(replies=(Reply(references.OfferText(offered.offer), below=True),))


def current_subtheme(enquiry: Enquiry) -> str:
    """The sub-theme of a note that names none: the one being scored, or the previous one if that is still untouched."""
    subthemes = [each.id for each in enquiry.framework.subthemes]
    place = enquiry.place
    if not isinstance(place, Scoring):
        return subthemes[-1]
    current = enquiry.framework.subtheme_of[place.criterion.id].id
    before = subthemes[max(subthemes.index(current) - 1, 0)]
    return current if _begun(enquiry, current) or not _begun(enquiry, before) else before


def _spoken_of(state: TurnState, enquiry: Enquiry) -> str:
    """The sub-theme of a note that names none: that of the message it replies to, or else the current one."""
    message = state.standing if state.replying else None
    if isinstance(message, references.Card | references.NotePrompt) and message.response == enquiry.response:
        return message.subtheme
    return current_subtheme(enquiry)


def offer(state: TurnState, enquiry: Enquiry, text: str) -> Outcome:
    """Typed text is neither a score nor a command: offer to save it as a note, and store it meanwhile."""
    if len(text) > MOST_CHARACTERS:
        return line("note-too-long")
    wanted = _wanted(state, enquiry)
    subtheme = _spoken_of(state, enquiry) if wanted is None else wanted.subtheme
    offered = TextOffered(enquiry.response, state.fresh, subtheme, text)
    return Outcome((SetTalk(enquiry.response, offered),), (Reply(references.OfferText(state.fresh), below=True),))


def keep_offered(state: TurnState, enquiry: Enquiry, action: buttons.KeepText) -> Outcome:
    offered = state.awaiting
    if isinstance(offered, TextOffered) and (offered.response, offered.offer) == (enquiry.response, action.offer):
        return _offer_kept(enquiry, offered, action.kind)
    kept = next((each for each in enquiry.notes if each.id == action.offer), None)
    return line("nothing-offered") if kept is None else Outcome(replies=_shown(enquiry, kept))


def _offer_kept(enquiry: Enquiry, offered: TextOffered, kind: NoteKind) -> Outcome:
    """The note takes the offer's number, so that a second tap finds it already saved."""
    outcome = _kept(enquiry, Note(offered.offer, offered.subtheme, kind, offered.text, Audience.SCHOOL, None))
    return Outcome(outcome.changes, (Reply(references.OfferText(offered.offer)), *outcome.replies))


def drop_offered(state: TurnState, enquiry: Enquiry, offer: int) -> Outcome:
    """Discard the text on offer; an older offer has been discarded already."""
    place = show_place(enquiry, below=True)
    offered = state.awaiting
    if not isinstance(offered, TextOffered) or offered.offer != offer:
        return Outcome(replies=(place,))
    return Outcome((SetTalk(enquiry.response, None),), (Reply(references.OfferText(offer)), place))


def settle(enquiry: Enquiry, action: buttons.OfferNote | buttons.ShowNoteTo | buttons.RemoveNote) -> Outcome:
    """Handle a button on a saved note."""
    note = next((each for each in enquiry.notes if each.id == action.note), None)
    if note is None:
        return line("note-gone")
    said_again = (Reply(references.NoteKept(note.id)), *_record(enquiry, note.subtheme))
    match action:
        case buttons.OfferNote(_, yes):
            return Outcome((OfferNote(note.id, yes),), said_again)
        case buttons.ShowNoteTo(_, audience):
            return Outcome((ShowNoteTo(note.id, audience),), said_again)
        case buttons.RemoveNote():
            return Outcome((RemoveNote(note.id),), said_again)
