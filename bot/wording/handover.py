"""What leavers and their successors are told when a school's leader changes."""

from __future__ import annotations

from bot.messages.blocks import Block, Buttons, Paragraph
from bot.messages.languages import Words
from bot.wording.invitation_and_reminders import carry_on_actions
from bot.wording.shared import help_button
from core.enquiry import Enquiry, OpenEnquiry


def leads_no_more(school: str, words: Words) -> tuple[Block, ...]:
    """To somebody whom the partnership's file no longer names as a leader of this school."""
    return (
        Paragraph(
            words(
                "You no longer lead {school} here, so I won't ask you about it any more. Thank you for what you have "
                "put into it.",
                school=school,
            )
        ),
        Paragraph(
            words(
                "What you answered stays with the school, and whoever leads it next can carry on from there. Notes "
                "that you kept within the school have gone with you: nobody there sees them. You can still type my "
                "data or erase me."
            )
        ),
        Buttons((help_button(words),)),
    )


def response_passed_on(
    enquiry: Enquiry, before: str, open_enquiries: tuple[OpenEnquiry, ...], words: Words
) -> tuple[Block, ...]:
    """To a successor: what ``before`` (a name, empty if erased) has answered is theirs to go on with."""
    named = before or words("Your predecessor")
    when = f"{words.day(enquiry.cycle.closes_at)}, {words.time(enquiry.cycle.closes_at)}"
    told = (
        words(
            "{before} has submitted {title} for {school}, which you lead now. It counts, and you can look at it and "
            "change it until {when}.",
            before=named, title=enquiry.cycle.title, school=enquiry.named, when=when,
        )
        if enquiry.submitted_at is not None
        else words(
            "{before} began {title} for {school}, which you lead now. You can look at the answers, change them and "
            "carry on until {when}.",
            before=named, title=enquiry.cycle.title, school=enquiry.named, when=when,
        )
    )  # fmt: skip
    private = words("Private notes have gone with whoever wrote them; what they shared is here.")
    return (Paragraph(told), Paragraph(private), *carry_on_actions(open_enquiries, words))
