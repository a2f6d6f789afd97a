"""Beside an open mail: what is known of it, line by line, with reasons."""

from collections.abc import Sequence
from datetime import tzinfo

from tracker.following import Answer
from tracker.ports import Report
from tracker.reminders import Reminder
from tracker.reporting import Story, TimelineLine
from tracker.web.addon import paths
from tracker.web.addon.cards.home import moment_words, report_line
from tracker.web.addon.cards.reminders import reminder_widgets
from tracker.web.addon.cards.standing import COUNT_ONLY, standings, title_of
from tracker.web.addon.cards.widgets import (
    Address,
    Json,
    button,
    buttons,
    card,
    line,
    plain,
    press,
    said,
    section,
    words,
)

MOST_LINES = 40
_FOLDED = 6


def message_card(
    story: Story,
    zone: tzinfo,
    address: Address,
    answers: Sequence[Answer] = (),
    reminders: Sequence[Reminder] = (),
    reply: Json | None = None,
) -> Json:
    """Ticks, count and timeline of one message, what came back about it, and what can be done with it."""
    report = story.report
    who = ", ".join(recipient.label for copy in report.copies for recipient in copy.recipients)
    happened = [words(COUNT_ONLY)] if report.message.level == "count" else _lines(story.timeline, zone)
    return card(
        title_of(report),
        plain(report.message.subject, 120),
        section("", *_facts(report, answers, who, zone)),
        section("What happened", *happened, collapsed_to=_FOLDED),
        section("", *reminder_widgets(report, reminders, zone, address)),
        section("", buttons(*_presses(report, address), *([reply] if reply else []))),
    )


def unnamed_card(latest: Sequence[Report], zone: tzinfo, address: Address) -> Json:
    """For a mail that was written on this page, and that Gmail does not name to us yet."""
    return card(
        "Not synced yet",
        "",
        section(
            "",
            words(
                "Gmail has not told Twotick yet which mail this is. That is so for a minute after sending, and"
                " sometimes until you reload Gmail. Whatever is loaded meanwhile is recorded all the same."
            ),
            buttons(button("Look again", press(address(paths.LOOK_AGAIN)))),
        ),
        section("Your latest tracked mail", *(report_line(report, zone, address) for report in latest)),
    )


def unknown_card(latest: Sequence[Report], zone: tzinfo, address: Address, reply: Json | None = None) -> Json:
    """For a mail that is not tracked; the latest tracked ones instead."""
    return card(
        "Not tracked",
        "",
        section(
            "",
            words(
                "Twotick knows nothing of this mail. It shows its ticks here once you sent one with tracking;"
                " one that you sent a moment ago may take a minute."
            ),
            buttons(button("Refresh", press(address(paths.LOOK_AGAIN))), *([reply] if reply else [])),
        ),
        section("Your latest tracked mail", *(report_line(report, zone, address) for report in latest)),
    )


def _facts(report: Report, answers: Sequence[Answer], who: str, zone: tzinfo) -> list[Json]:
    sent_at = report.message.sent_at
    facts = [line(said(who, 400) or "—", above="To", below=f"Sent {moment_words(sent_at, zone)}" if sent_at else "")]
    facts += [words(standing) for standing in standings(report, answers, zone)]
    if report.message.untracked:
        facts.append(words(f"Sent without tracking: {said(report.message.untracked, 300)}"))
    if report.message.left_attached:
        facts.append(words(f"Still attached: {said(report.message.left_attached, 300)}"))
    if report.message.stopped_at:
        facts.append(words(f"<b>Tracking stopped</b> {moment_words(report.message.stopped_at, zone)}."))
    return facts


def _lines(timeline: Sequence[TimelineLine], zone: tzinfo) -> list[Json]:
    if not timeline:
        return [words("Nothing was loaded yet. With pictures off, a mail can be read all the same.")]
    shown = [_line(one, zone) for one in timeline[:MOST_LINES]]
    more = len(timeline) - len(shown)
    return [*shown, words(f"… and {more} earlier ones.")] if more else shown


def _line(one: TimelineLine, zone: tzinfo) -> Json:
    what = f"<b>{said(one.what, 160)}</b>" if one.counts else said(one.what, 160)
    client = f" · {said(one.client, 60)}" if one.client else ""
    return line(f"{what} · {said(one.who, 80)}{client}", above=moment_words(one.at, zone), below=plain(one.reason, 200))


def _presses(report: Report, address: Address) -> list[Json]:
    this = {"message": report.message.id}
    refresh = button("Refresh", press(address(paths.SHOW), this))
    if report.message.stopped_at:
        return [refresh, button("Track again", press(address(paths.STOP), {**this, "stop": "no"}))]
    return [refresh, button("Stop tracking", press(address(paths.STOP), {**this, "stop": "yes"}))]
