"""Notes: areas of strength, areas for development and evidence, in the leader's own words."""

from __future__ import annotations

from bot import actions, said
from bot.changes import KeepNote, OfferNote, Outcome, RemoveNote, Say, SetTalk, ShowNoteTo
from bot.saying import line, show_place
from bot.snapshot import NoteWanted, Snapshot, TextOffered
from bot.typed import best_match
from core.enquiry import Audience, Enquiry, Note, NoteKind, Scoring

MOST_CHARACTERS = 4_000
"""A note of about a page. Longer than what every platform lets people type in one message without cutting it."""


def ask(enquiry: Enquiry, subtheme: str, kind: NoteKind) -> Outcome:
    """Ask for a note; nothing waits for it, and anything else may be done first."""
    if subtheme not in enquiry.framework.subtheme_by_id:
        return line("old-button")
    wanted = NoteWanted(enquiry.response, subtheme, kind)
    return Outcome(
        (SetTalk(enquiry.response, wanted),), (Say(said.WriteNote(enquiry.response, subtheme, kind), below=True),)
    )


def keep(snapshot: Snapshot, enquiry: Enquiry, subtheme: str, kind: NoteKind, text: str) -> Outcome:
    if subtheme not in enquiry.framework.subtheme_by_id:
        return line("old-button")
    if not text.strip():
        return ask(enquiry, subtheme, kind)
    if len(text) > MOST_CHARACTERS:
        return line("note-too-long")
    note = Note(snapshot.fresh, subtheme, kind, text.strip(), Audience.SCHOOL, None)
    return Outcome(
        (KeepNote(enquiry.response, note), SetTalk(enquiry.response, None)),
        (Say(said.NoteKept(note.id)), *_record(enquiry, subtheme), show_place(enquiry, below=True)),
    )


def _record(enquiry: Enquiry, subtheme: str) -> tuple[Say, ...]:
    """The card of the sub-theme shows its notes; the card of the current question is posted anew anyway."""
    card = Say(said.Card(enquiry.response, subtheme))
    return (card,) if _begun(enquiry, subtheme) and card.said != show_place(enquiry).said else ()


def _begun(enquiry: Enquiry, subtheme: str) -> bool:
    asked = {criterion.id for criterion in enquiry.framework.subtheme_by_id[subtheme].criteria}
    return any(row.criterion in asked for row in enquiry.answers)


def typed_note(snapshot: Snapshot, enquiry: Enquiry, kind: NoteKind, text: str) -> Outcome:
    """``strength We …``, or ``strength 1.2 We …`` for another sub-theme than the one being talked about."""
    offered = snapshot.awaiting
    if not text and isinstance(offered, TextOffered) and offered.response == enquiry.response:
        return keep(snapshot, enquiry, offered.subtheme, kind, offered.text)
    named, _, rest = text.partition(" ")
    subtheme = best_match(named, ((each.id, (each.id,)) for each in enquiry.framework.subthemes))
    if subtheme is not None:
        return keep(snapshot, enquiry, subtheme, kind, rest)
    return keep(snapshot, enquiry, current_subtheme(enquiry), kind, text)


def current_subtheme(enquiry: Enquiry) -> str:
    """What a note is about that names no sub-theme: the one being scored, or while it is untouched the one before."""
    subthemes = [each.id for each in enquiry.framework.subthemes]
    place = enquiry.place
    if not isinstance(place, Scoring):
        return subthemes[-1]
    current = enquiry.framework.subtheme_of[place.criterion.id].id
    before = subthemes[max(subthemes.index(current) - 1, 0)]
    return current if _begun(enquiry, current) or not _begun(enquiry, before) else before


def offer(snapshot: Snapshot, enquiry: Enquiry, text: str) -> Outcome:
    """What was typed is neither a score nor a command: ask whether to keep it as a note, and keep it safe meanwhile."""
    if len(text) > MOST_CHARACTERS:
        return line("note-too-long")
    offered = TextOffered(enquiry.response, snapshot.fresh, current_subtheme(enquiry), text)
    return Outcome((SetTalk(enquiry.response, offered),), (Say(said.OfferText(snapshot.fresh), below=True),))


def keep_offered(snapshot: Snapshot, enquiry: Enquiry, action: actions.KeepText) -> Outcome:
    offered = snapshot.awaiting
    if not isinstance(offered, TextOffered) or (offered.response, offered.offer) != (enquiry.response, action.offer):
        return line("nothing-offered")
    return keep(snapshot, enquiry, offered.subtheme, action.kind, offered.text)


def drop_offered(enquiry: Enquiry) -> Outcome:
    return Outcome((SetTalk(enquiry.response, None),), (show_place(enquiry, below=True),))


def settle(enquiry: Enquiry, action: actions.OfferNote | actions.ShowNoteTo | actions.RemoveNote) -> Outcome:
    """A button on a note that was kept."""
    note = next((each for each in enquiry.notes if each.id == action.note), None)
    if note is None:
        return line("note-gone")
    said_again = (Say(said.NoteKept(note.id)), Say(said.Card(enquiry.response, note.subtheme)))
    match action:
        case actions.OfferNote(_, yes):
            return Outcome((OfferNote(note.id, yes),), said_again)
        case actions.ShowNoteTo(_, audience):
            return Outcome((ShowNoteTo(note.id, audience),), said_again)
        case actions.RemoveNote():
            return Outcome((RemoveNote(note.id),), said_again)
