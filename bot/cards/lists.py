"""Answers of /opens that name several messages, or none."""

from datetime import timedelta

from bot.blocks import Block, Card, actions, context, section, when
from bot.cards.turning import turning_buttons
from bot.cards.words import counted, fate, recipients, spoken, subject, ticks, timeline_button
from bot.plaintext import code, escape
from tracker.model import Heat
from tracker.ports import Report
from tracker.questions import Question, QuestionKind
from tracker.reporting import Answer
from tracker.summing import last_read_at

_TITLES = {
    QuestionKind.HOT: "Hot in the last 7 days",
    QuestionKind.TODAY: "Sent or opened today",
    QuestionKind.WEEK: "Sent or opened since Monday",
}
_SPANS = {QuestionKind.TODAY: "today", QuestionKind.WEEK: "since Monday"}


def list_card(answer: Answer) -> Card:
    """One line a message: ticks, subject, recipients, how often, when last."""
    title = _title(answer)
    several = len(answer.accounts) > 1
    return Card(
        "\n".join([title, *(spoken(report) for report in answer.reports)]),
        (
            section(f"*{title}*"),
            *(_line(report, several, answer.heats.get(report.message.id)) for report in answer.reports),
            *_turns(answer),
            context(*_footnotes(answer)),
        ),
    )


def empty_card(question: Question, email: str, *, drafts: bool = False) -> Card:
    """Nothing to show, and what to do next; `drafts` where they can be sent from Slack."""
    title, advice = _emptiness(question, email)
    if drafts and question.kind is QuestionKind.LATEST:
        advice = (
            f"Save a draft in Gmail ({escape(email, 80)}), type {code('/opens drafts')}, and press Send tracked.",
            "I will tell you when it is opened.",
        )
    return Card(title, (section(f"*{title}*", *advice),))


def _title(answer: Answer) -> str:
    question = answer.question
    match question.kind:
        case QuestionKind.MATCHING if answer.older or answer.newer:
            return f"Messages matching {_searched(question)}"
        case QuestionKind.MATCHING:
            return f"{counted(len(answer.reports), 'message')} matching {_searched(question)}"
        case QuestionKind.UNOPENED:
            age = f" for {_days(question.days)}" if question.days else ""
            return f"Not opened{age}"
        case QuestionKind.LATEST:
            return "Your latest messages"
        case kind:
            return _TITLES[kind]


def _line(report: Report, several: bool, heat: Heat | None) -> Block:
    mailbox = f" · from {escape(report.account.email, 60)}" if several else ""
    return section(
        f"{ticks(report)} *{subject(report.message)}*",
        *([_heated(heat)] if heat else []),
        f"{recipients(report.copies)} · {_outcome(report)}{mailbox}",
        # Nothing ever happens to a message that carries no picture.
        beside=None if report.message.untracked else timeline_button(report.message),
    )


def _heated(heat: Heat) -> str:
    """Why a message is hot; the line under it says when it was opened last."""
    return f"*Back after {_pause(heat.pause)}*" if heat.pause else f"*{counted(heat.openings, 'opening')} within a day*"


def _pause(pause: timedelta) -> str:
    return counted(pause // timedelta(weeks=1), "week")


def _turns(answer: Answer) -> list[Block]:
    buttons = turning_buttons(answer.question, answer.older, answer.newer)
    return [actions(*buttons)] if buttons else []


def _outcome(report: Report) -> str:
    message = report.message
    if message.untracked:
        return f"sent without tracking: {escape(message.untracked, 200)}"
    opened = [summary for summary in report.summaries if summary.opens or summary.clicks]
    if len(report.copies) > 1 and opened:
        latest = max(opened, key=lambda summary: last_read_at(summary) or message.created_at)
        return f"{len(opened)} of {len(report.copies)} opened, latest: {fate(latest)}"
    best = opened[0] if opened else max(report.summaries, key=lambda summary: summary.unsure)
    sent = f" · sent {when(message.sent_at)}" if message.sent_at and not opened else ""
    return fate(best) + sent


def _footnotes(answer: Answer) -> list[str]:
    notes = ["✓ sent · ✓✓ opened"]
    if answer.more:
        notes.append("A name or a word narrows them down: `/opens acme`")
    return notes


def _emptiness(question: Question, email: str) -> tuple[str, tuple[str, ...]]:
    match question.kind:
        case QuestionKind.MATCHING:
            return f"Nothing matches {_searched(question)}", (
                "Subjects, names and addresses of your tracked messages are searched.",
                "`/opens` shows the latest ones.",
            )
        case QuestionKind.UNOPENED:
            young = f", except the last {_days(question.days)}" if question.days else ""
            return "Nothing is waiting to be opened", (
                f"I looked at all you sent tracked in the last 60 days{young}.",
                "`/opens` shows the latest messages.",
            )
        case QuestionKind.HOT:
            return "Nothing is hot just now", (
                "Hot is what somebody opened three times within a day, or opened again after two weeks or more,"
                " in the last 7 days.",
                "`/opens week` shows all that was sent or opened this week.",
            )
        case QuestionKind.TODAY | QuestionKind.WEEK as span:
            return f"Nothing was sent or opened {_SPANS[span]}", (
                "Days are those of your timezone in Slack.",
                "`/opens` shows the latest messages.",
            )
        case _:
            return "Nothing tracked yet", (
                f"Save a draft in Gmail ({escape(email, 80)}), then send it from the machine that runs Twotick:",
                code(f"twotick send --account {email} --draft DRAFT_ID"),
                "I will tell you here when it is opened.",
            )


def _searched(question: Question) -> str:
    return f"“{escape(' '.join(question.words), 80)}”"


def _days(days: float) -> str:
    return counted(round(days), "day") if days >= 1 else counted(round(days * 24), "hour")
