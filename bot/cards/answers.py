"""What came back: a reply, or the mail itself."""

from collections.abc import Sequence

from bot.blocks import Card, actions, context, section, when
from bot.cards.phone import Theirs, phone_line, subject_of
from bot.cards.words import all_buttons, subject
from bot.plaintext import escape
from tracker.following import Answer, AnswerKind
from tracker.reporting import Story

_NAMED = 8  # of those who were not reached


def replied_card(story: Story, answers: Sequence[Answer]) -> Card | None:
    """Who replied first; None when nobody did."""
    reply = next((answer for answer in answers if answer.kind is AnswerKind.REPLY), None)
    if reply is None:
        return None
    name, author = subject(story.report.message), escape(reply.who, 80)
    return Card(
        phone_line(Theirs(reply.who), " replied to ", *subject_of(story.report.message)),
        (
            section(f"↩ *{author}* replied to *{name}*", when(reply.at)),
            context("Answered, so this mail is closed."),
            actions(*all_buttons(story.report)),
        ),
    )


def bounced_card(story: Story, answers: Sequence[Answer]) -> Card | None:
    """Who was not reached, and why; None when nothing came back."""
    lost = list({answer.who: answer for answer in answers if answer.kind is AnswerKind.BOUNCE}.values())
    if not lost:
        return None
    name = subject(story.report.message)
    lines = [f"{escape(one.who, 80)}: {one.why}" for one in lost[:_NAMED]]
    rest = len(lost) - len(lines)
    others = [f"and {rest} more"] if rest else []
    one = (Theirs(lost[0].who), ": ", Theirs(lost[0].why))
    return Card(
        phone_line(
            *subject_of(story.report.message),
            " could not be delivered to ",
            *(one if len(lost) == 1 else (f"{len(lost)} recipients",)),
        ),
        (
            section(f"⚠️ *{name}* could not be delivered to", *lines, *others),
            context("What their mail server said is in your inbox."),
            actions(*all_buttons(story.report)),
        ),
    )
