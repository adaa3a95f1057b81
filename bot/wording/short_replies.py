"""The bot's short replies, by name."""

from __future__ import annotations

from bot.inbound import buttons
from bot.inbound.typed_text import Word, suggestion
from bot.messages.blocks import Block, Button, Buttons, Paragraph, Weight
from bot.messages.languages import Words
from bot.wording.invitation_and_reminders import carry_on_actions
from bot.wording.shared import button
from core.enquiry import OpenEnquiry


def line(name: str, cycle: int | None, open_enquiries: tuple[OpenEnquiry, ...], words: Words) -> tuple[Block, ...]:
    """The short reply of this name, and a button to carry on."""
    own = _buttons(name, cycle, any(each.response is not None for each in open_enquiries), words)
    onward = (Buttons(own),) if own else carry_on_actions(open_enquiries, words)
    return (Paragraph(lines(words)[name]), *onward)


def stranger(both: tuple[Words, ...]) -> tuple[Block, ...]:
    """To somebody the bot doesn't know, in every language, without telling them anything."""
    return tuple(
        Paragraph(
            words(
                "Hello. I'm the partnership bot. I don't know you yet, so there is nothing I can show you. If your "
                "school takes part, ask the person who leads your partnership to add you. If you were given a code, "
                "send it to me in a direct message."
            )
        )
        for words in both
    )


def _buttons(name: str, cycle: int | None, has_begun: bool, words: Words) -> tuple[Button, ...]:
    match name:
        case "closed":
            return (button(words("Your answers"), buttons.LookBack(), suggestion(Word.REVIEW, words.language)),)
        case "erase-sure":
            keep = button(words("Yes, but my school keeps the scores"), buttons.EraseMe(True), weight=Weight.CAREFUL)
            return (
                button(words("Yes, erase me"), buttons.EraseMe(), weight=Weight.CAREFUL),
                *((keep,) if has_begun else ()),
                button(words("No, keep everything"), buttons.Resume()),
            )
        case "preview-waits" if cycle is not None:
            return (button(words("Preview the last cycle's report"), buttons.ReportOn(cycle, preview=True)),)
        case "not-now" if cycle is not None:
            return (
                button(words("Remind me in two days"), buttons.Snooze(cycle, 2)),
                button(words("Remind me in a week"), buttons.Snooze(cycle, 7)),
                button(words("Choose when to be reminded"), buttons.ShowReminderTimes()),
                button(words("Stop reminders"), buttons.StopReminders(cycle)),
            )
        case _:
            return ()


def lines(words: Words) -> dict[str, str]:
    """Every short reply in one language."""
    report = words.command(Word.REPORT)
    return {
        "old-button": words("That button is out of date and no longer does anything. Nothing has changed."),
        "not-yours": words(
            "That button belongs to an enquiry that is not yours to answer, so nothing has changed. If you lead that "
            "school and this is wrong, tell your partnership's lead."
        ),
        "closed": words(
            "This cycle has closed, so answers can no longer change. What was submitted counts. "
            "Your lead can post the partnership's report."
        ),
        "nothing-to-start": words("That enquiry is not open for you at the moment. Nothing has changed."),
        "nothing-open": words("Nothing is open for you at the moment. I will write to you when a new cycle opens."),
        "nothing-to-switch": words("There is only one enquiry open for you, so there is nothing to switch to."),
        "nothing-to-submit": words("There is no score to submit yet. Please score at least one question first."),
        "nothing-offered": words(
            "I no longer have that text, so it has not been kept. To keep it, type note, strength or development, "
            "and then the text again."
        ),
        "note-gone": words("That note has been removed."),
        "note-too-long": words(
            "That is longer than a note can be (about a page), so I have not kept it. Please send it in parts."
        ),
        "first-question": words("This is the first question; there is nothing before it."),
        "three-already": words("That would be more than three. Choose up to three; press one again to take it back."),
        "paused": words(
            "Paused. Everything you said is kept. Carry on whenever you like: today, tomorrow, on any device."
        ),
        "not-now": words("That is fine. You can start whenever it suits: just type start. Shall I remind you?"),
        "language": words("I will write to you in English from now on."),
        "reminder-time-set": words("Thank you. Reminders will come at that time, on school days only."),
        "snoozed": words("No reminders until that day. You can carry on at any time before it closes."),
        "stopped": words(
            "No more reminders about this cycle. Everything you said is kept. You can still answer: just type start."
        ),
        "erase-sure": words(
            "This removes your name, your accounts and the notes you wrote. Answers you submitted in cycles that have "
            "closed stay as part of your school's figures, without your name. Answers in a cycle that is still open go "
            "as well, unless you let your school keep the scores. It can't be undone. Shall I erase you?"
        ),
        "erased": words("Done. You have been removed, and I no longer know you. Thank you for taking part."),
        "report-help": words(
            "Type {report} to post the partnership's report in its channel. While a cycle is open I ask you first. "
            "Name a cycle to have another one's report (its title, its number, or last), and an area to have the "
            "report on that area alone: {report} last area 2. Type {report} preview to see it first, for you alone. "
            "Only a lead of the partnership can do this.",
            report=report,
        ),
        "preview-waits": words(
            "The cycle is still open, and until it closes nobody sees any score of the group, not even its lead."
        ),
        "only-leads": words(
            "Only a lead of the partnership can post its report. If you would like to see it, please ask your "
            "partnership's lead, who can type {report}.",
            report=report,
        ),
        "only-leads-pack": words(
            "Only a lead of the partnership can have the pack for its meeting. If you would like to see it, please ask "
            "your partnership's lead, who can type meeting-pack."
        ),
        "no-cycle-yet": words("No earlier cycle has closed, so there is no report to post."),
        "too-few-to-close": words("Fewer than 60% of the schools have submitted, so it is too early to close."),
        "waiting": words("I will wait. Type {report} again whenever you like.", report=report),
        "no-channel": words(
            "I can't post the report, because no channel of your partnership is set up. Nothing has changed. Whoever "
            "looks after the bot can add a channel."
        ),
        "only-leads-record": words(
            "Actions are recorded by a lead of the partnership, once the meeting has agreed them. Type actions to see "
            "what was agreed."
        ),
        "action-gone": words("That action has been taken out."),
        "not-your-action": words(
            "Only leaders of the school that leads on it, or a lead of the partnership, can say that."
        ),
        "draft-gone": words("I no longer have that action. To record it, type action and begin again."),
        "draft-dropped": words("All right, nothing has been recorded."),
        "action-too-long": words("That is longer than an action can be (500 characters). Please say it more briefly."),
        "school-unclear": words("I don't know which school that is. Choose one, or type its name."),
        "day-unclear": words("I don't know which day that is. Type it like 12 March, or 12/3/2027."),
        "day-over": words("That day is over. Please choose a day to come."),
        "actions-posted": words("They are on their way to the channel."),
        "actions-not-posted": words("There is nothing left to post, or no channel to post it in."),
        "not-your-school": words("That is for leaders of that school to say, so nothing has changed."),
        "nothing-to-look-back-on": words(
            "I have no answers of yours in a closed cycle to show. While one is open, type review to see what you have "
            "said in it."
        ),
        "only-leads-notes": words(
            "Notes are shown to a lead of the partnership only where their authors chose that. Your own notes are in "
            "your review."
        ),
        "only-leads-responses": words(
            "Only the lead of the partnership sees which schools have submitted. While a cycle is open, status says "
            "how many have."
        ),
        "practice-over": words("That has been let go by now. After the next cycle I look again who could help whom."),
        "no-network": words(
            "Networks bring partnerships together. Only a lead can let their partnership join one, and only a "
            "facilitator sees its totals; there is none for you here."
        ),
        "deputy-asked": words(
            "All right, I'll ask them. They carry on from what you have answered, and don't see your private notes. "
            "To take over again, just type start."
        ),
        "no-deputy": words(
            "They aren't a deputy of that school, or it isn't open any more, so nothing has changed. Type deputy to "
            "see who you can ask."
        ),
        "away-until": words(
            "Thank you for telling me. I'll ask your deputy until the end of that day, if your school has one. When "
            "you're back, just type start."
        ),
        "away-how": words("Tell me your last day away, and I'll ask your deputy until then: away until 12 March."),
        "joined": words("Thank you. From now on I know you here. What you have said elsewhere is here too."),
        "joined-too": words(
            "Thank you. I know you here already, so you now take part in this partnership too, from the same account."
        ),
        "account-passed-on": words(
            "This account was used by somebody else before. From now on it is yours here: you see nothing that they "
            "said to me in private, and nothing is said to them here."
        ),
        "code-not-needed": words("I know you already on this account, so no code is needed here."),
        "code-used": words("That code has been used, and each works once. Ask whoever gave it to you for a new one."),
        "code-expired": words("That code is too old by now. Ask whoever gave it to you for a new one."),
        "code-wrong": words(
            "I don't know that code. Please look at it again: three groups of four, such as B2CD-34FG-HJ5K. If it "
            "still doesn't work, ask whoever gave it to you for a new one."
        ),
        "code-too-many": words(
            "I know none of those codes. To keep everybody's answers safe, I look at no more from this account for an "
            "hour. Then please send it again, or ask whoever gave it to you for a new one."
        ),
        "words-only": words(
            "I've read what you wrote, but I can't keep pictures or files, so I haven't kept what came with it."
        ),
        "no-files": words(
            "I can't keep pictures or files, nor what somebody else wrote, only your own words. Please type what you "
            "would like to say, or a number to answer a question."
        ),
        "edited": words(
            "You edited a message, but what you sent first is kept, so nothing has changed. To change an answer, press "
            "another level on its question, or type change and its number, such as change 1.2.a. Anything else you can "
            "just send again."
        ),
        "form-refused": words("The box for writing didn't open. Please type it here instead, as your next message."),
        "earlier-message": words(
            "That was a reply to an earlier message, so I have not taken it as an answer. This is the question now:"
        ),
        "sent-directly": words("I have sent you a direct message."),
    }
