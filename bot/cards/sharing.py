"""One message shown to others: as it stands, without anything that can be pressed."""

from collections.abc import Sequence

from bot.blocks import Block, Card, actions, button, context, section, when
from bot.cards.phone import people_of, phone_line
from bot.cards.words import counted, counts, fate, recipients, spoken, subject, ticks, who
from bot.plaintext import code, escape
from tracker.model import Alert, AlertKind
from tracker.ports import Report
from tracker.shares import Share

_COPIES_SHOWN = 8
_SHARES_SHOWN = 40


def share_where_card(report: Report) -> Card:
    """Where to show it; nothing is shown before a place is chosen."""
    name = subject(report.message)
    return Card(
        f'Where shall I show "{name}"?',
        (
            section(f"*Where shall I show {name}?*", "Everybody there can read who it is to, and what becomes of it."),
            _where(f"share:{report.message.id}", "With its subject…"),
            _where(f"hide:{report.message.id}", "Without its subject…"),
            context(f"It is kept up to date there until you stop it. I must be there: {code('/invite')} me."),
        ),
    )


def shared_card(report: Report, share: Share, now_is: str) -> Card:
    """What others see: no button, no link into anybody's mailbox. `now_is` is the moment, as `when` says it."""
    each = _each(report)
    people = recipients(report.copies)
    name = f"A message to {people}" if share.hide else subject(report.message)
    return Card(
        phone_line("A message to ", *people_of(report.copies), " is shared here") if share.hide else spoken(report),
        (
            section(f"{ticks(report)} *{name}*", *_facts(report, named=share.hide)),
            *([section(*each)] if each else []),
            context(f"Shared by <@{share.user}> · as of {now_is}"),
        ),
    )


def unshared_card(share: Share) -> Card:
    """What is left of it in the channel: nothing of the mail."""
    said = f"<@{share.user}> shares this mail here no more."
    return Card("A mail is shared here no more.", (context(said),))


def answered_card(names: Sequence[str]) -> Card:
    """A line in the thread for who replied."""
    return Card(f"{', '.join(names)} replied")


def was_shared_card(share: Share, *, before: bool = False) -> Card:
    title = "Shared already" if before else "Shared"
    seen = ", without its subject" if share.hide else ""
    return Card(
        title,
        (
            section(f"*{title}*", f"in <#{share.channel}>{seen}. I keep it up to date there."),
            actions(_stop(share)),
        ),
        replaces=True,
    )


def shares_card(shown: Sequence[tuple[Share, Report]]) -> Card:
    """What is shown where, each with its end."""
    if not shown:
        return Card(
            "You share no mail.",
            (section("*You share no mail.*", f"{code('/opens share lunch #sales')} shows one in a channel."),),
        )
    title = f"You share {counted(len(shown), 'mail')}"
    lines = [
        section(
            f"*{subject(report.message)}* in <#{share.channel}>" + (", without its subject" if share.hide else ""),
            beside=_stop(share),
        )
        for share, report in shown[:_SHARES_SHOWN]
    ]
    rest = [context(f"and {len(shown) - _SHARES_SHOWN} more")] if len(shown) > _SHARES_SHOWN else []
    return Card(title, (section(f"*{title}*"), *lines, *rest))


def stopped_card(share: Share) -> Card:
    return _said("Not shared any more", f"I take it out of <#{share.channel}> now; what people there read, they read.")


def share_over_card() -> Card:
    return _said("Not shared any more", f"{code('/opens share')} shows what is.")


def share_lost_card(report: Report, share: Share) -> Card:
    """To its sender alone: the channel takes nothing any more."""
    name = subject(report.message)
    return Card(
        f'"{name}" is not kept up to date in the channel any more',
        (
            section(
                f"*{name} is not kept up to date in <#{share.channel}> any more*",
                "The channel was archived, or I was taken out of it. What stands there stays as it was last.",
                f"To share it again: unarchive the channel or {code('/invite @Twotick')} there, then"
                f" {code('/opens share … #channel')}.",
            ),
        ),
    )


def not_in_channel_card(name: str) -> Card:
    shown = f"#{escape(name, 80)}"
    return Card(
        f"I do not see you in {shown}",
        (
            section(
                f"*I do not see you in {shown}*",
                "A mail can be shared in a channel that both you and I are in, and that is not archived.",
                f"Join it, invite me there with {code('/invite @Twotick')}, then try again.",
            ),
        ),
    )


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


def _facts(report: Report, *, named: bool = False) -> list[str]:
    sent = f"sent {when(report.message.sent_at)}" if report.message.sent_at else ""
    facts = list(filter(None, [sent.capitalize()] if named else [f"To {recipients(report.copies)}", sent]))
    facts = [" · ".join(facts)] if facts else []
    return [*facts, fate(report.summaries[0])] if len(report.copies) == 1 else facts


def _each(report: Report) -> list[str]:
    if len(report.copies) < 2:
        return []
    pairs = list(zip(report.copies, report.summaries, strict=True))
    lines = [f"{who(copy)}: {fate(summary)}" for copy, summary in pairs[:_COPIES_SHOWN]]
    return [*lines, *([f"and {len(pairs) - len(lines)} more"] if len(pairs) > len(lines) else [])]


def _stop(share: Share) -> Block:
    return button("Stop sharing", "unshare", share.id)


def _where(name: str, words: str) -> Block:
    """The menu of channels; the block's name tells us which message it is about, and how it is to be shown."""
    return {
        "type": "actions",
        "block_id": name,
        "elements": [
            {
                "type": "conversations_select",
                "action_id": "share_to",
                "placeholder": {"type": "plain_text", "text": words, "emoji": False},
                "filter": {"include": ["public", "private"], "exclude_bot_users": True},
            }
        ],
    }


def _said(title: str, line: str) -> Card:
    return Card(title, (section(f"*{title}*", line),), replaces=True)
