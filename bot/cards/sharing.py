"""One message shown to others: as it stands, without anything that can be pressed."""

from bot.blocks import Block, Card, context, section, when
from bot.cards.phone import people_of, phone_line
from bot.cards.words import counts, fate, recipients, spoken, subject, ticks, who
from bot.plaintext import code
from tracker.model import Alert, AlertKind
from tracker.ports import Report

_COPIES_SHOWN = 8


def share_where_card(report: Report) -> Card:
    """Where to show it; nothing is shown before a place is chosen."""
    name = subject(report.message)
    return Card(
        f'Where shall I show "{name}"?',
        (
            section(f"*Where shall I show {name}?*", "Everybody there can read who it went to, and what became of it."),
            _where(report.message.id),
            context(
                f"It shows how things stand now, and does not change later. I must be there: {code('/invite')} me."
            ),
        ),
    )


def shared_card(report: Report, user: str, now_is: str) -> Card:
    """What others see: no button, no link into anybody's mailbox. `now_is` is the moment, as `when` says it."""
    each = _each(report)
    return Card(
        spoken(report),
        (
            section(f"{ticks(report)} *{subject(report.message)}*", *_facts(report)),
            *([section(*each)] if each else []),
            context(f"Shared by <@{user}> · as of {now_is}"),
        ),
    )


def was_shared_card(channel: str) -> Card:
    return _said("Shared", f"in <#{channel}>, as it stands now.")


def share_refused_card() -> Card:
    return _said("Not shared: I am not in there", f"Type {code('/invite @Twotick')} there, then share it again.")


def share_in_doubt_card(channel: str) -> Card:
    return _said("Slack did not answer", f"Look into <#{channel}> before you share it again: it may be there.")


def hidden_card(alerts: tuple[Alert, ...], report: Report, *, news: bool = False) -> Card:
    """What a channel is told of a message whose subject is not for it; `news` is a message beside the card."""
    copies = [copy for copy in report.copies if copy.id in {alert.copy_id for alert in alerts}] or report.copies
    happened = (news and _again(alerts[-1].kind, report)) or _happened(alerts[-1].kind, report)
    said = f"A message to {recipients(copies)} {happened}"
    total = counts(report.total)
    return Card(
        phone_line("A message to ", *people_of(copies), f" {happened}"),
        (section(f"{ticks(report)} *{said}*", *([total] if total else [])), context("Its subject is hidden here.")),
    )


def moved_card(report: Report) -> Card:
    """What is left of a card in a channel to which news goes no more: nothing new, and no subject."""
    people = people_of(report.copies)
    return Card(
        phone_line("News of a message to ", *people, " is told elsewhere now"),
        (
            section(f"{ticks(report)} *A message to {recipients(report.copies)}*"),
            context("News of it is told elsewhere now."),
        ),
    )


def _again(kind: AlertKind, report: Report) -> str:
    """What a repeated opening is news for; empty for what is none, or is not so after all."""
    said = {AlertKind.HOT: "was opened again and again", AlertKind.BACK: "was opened again after a long pause"}
    return said.get(kind, "") if report.total.opens else ""


def _happened(kind: AlertKind, report: Report) -> str:
    if kind is AlertKind.REPLIED:
        return "was answered"
    if kind is AlertKind.BOUNCED:
        return "could not be delivered"
    if kind is AlertKind.PASSED_ON:
        return "was also loaded from another mail system"
    if not report.total.opens and not report.total.clicks:
        return "was not opened after all"
    return "had a link clicked" if kind in (AlertKind.FIRST_CLICK, AlertKind.CLICK_AGAIN) else "was opened"


def _facts(report: Report) -> list[str]:
    sent = f" · sent {when(report.message.sent_at)}" if report.message.sent_at else ""
    facts = [f"To {recipients(report.copies)}{sent}"]
    return [*facts, fate(report.summaries[0])] if len(report.copies) == 1 else facts


def _each(report: Report) -> list[str]:
    if len(report.copies) < 2:
        return []
    pairs = list(zip(report.copies, report.summaries, strict=True))
    lines = [f"{who(copy)}: {fate(summary)}" for copy, summary in pairs[:_COPIES_SHOWN]]
    return [*lines, *([f"and {len(pairs) - len(lines)} more"] if len(pairs) > len(lines) else [])]


def _where(message_id: str) -> Block:
    """The menu of channels and conversations; the block's name tells us which message it is about."""
    return {
        "type": "actions",
        "block_id": f"share:{message_id}",
        "elements": [
            {
                "type": "conversations_select",
                "action_id": "share_to",
                "placeholder": {"type": "plain_text", "text": "A channel…", "emoji": False},
                "filter": {"include": ["public", "private"], "exclude_bot_users": True},
            }
        ],
    }


def _said(title: str, line: str) -> Card:
    return Card(title, (section(f"*{title}*", line),), replaces=True)
