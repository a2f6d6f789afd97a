"""What comes of pressing Draft a nudge and Stop tracking."""

from collections.abc import Sequence

from bot.blocks import Block, Card, actions, button, context, section
from bot.cards.words import all_buttons, gmail_button, recipients, subject, thread_button, who
from bot.plaintext import escape
from tracker.model import Copy
from tracker.ports import Report


def nudged_card(report: Report, copies: Sequence[Copy], left: int) -> Card:
    """The drafts are in Gmail: where, and that nothing is sent. `left` is how many others have no draft."""
    name, them = subject(report.message), recipients(copies)
    one = len(copies) == 1
    title = f"A draft to {them} is ready" if one else f"{len(copies)} drafts are ready, to {them}"
    more = [f"{left} more are not nudged: one press makes at most {len(copies)} drafts."] if left else []
    return Card(
        f'{title}: "{name}"',
        (
            section(f"*{title}*", f"In the conversation of *{name}*, at its end."),
            context("Nothing is sent: read it, change it, and send it yourself.", *more),
            actions(*_links(report, copies)),
        ),
    )


def nudge_failed_card(report: Report, why: str) -> Card:
    """No draft, why, and the way on."""
    gmail = gmail_button(report)
    said = escape(why, 300)
    again = button("Try again", "nudge", report.message.id)
    return Card(
        f"No draft was made. {said}",
        (section("*No draft was made.*", said), actions(again, *([gmail] if gmail else []))),
    )


def cannot_nudge_card() -> Card:
    """Gmail is not set up, which only the operator can change."""
    return Card(
        "No draft can be made here yet.",
        (
            section(
                "*No draft can be made here yet.*",
                "Whoever runs Twotick has to give it a Google client first: GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET.",
            ),
        ),
    )


def stopped_card(report: Report) -> Card:
    """Tracking ended, and can be taken up again."""
    name = subject(report.message)
    return Card(
        f'Stopped tracking "{name}".',
        (
            section(f"*Stopped tracking {name}*", "From now on nothing is kept about it, and nothing is said."),
            actions(button("Undo", "unstop", report.message.id), *all_buttons(report)),
        ),
    )


def tracked_again_card(report: Report) -> Card:
    """Stopping was taken back."""
    name = subject(report.message)
    return Card(
        f'"{name}" is tracked again.',
        (
            section(f"*{name}* is tracked again.", "What was loaded in between is not known."),
            actions(*all_buttons(report)),
        ),
    )


def _links(report: Report, copies: Sequence[Copy]) -> list[Block]:
    """A way to each draft, named for whom it is to where there are several."""
    one = len(copies) == 1
    made = (
        thread_button(report.account, copy.thread_id or "", "Open the draft" if one else f"Draft to {who(copy)}")
        for copy in copies
    )
    return [{**link, "action_id": f"gmail{place or ''}"} for place, link in enumerate(made) if link]
