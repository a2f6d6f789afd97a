"""A sending that was asked for, as it stands now, and all of them that wait."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.blocks import Block, Card, actions, button, context, section, when
from bot.cards.drafts import CANCEL, SEND, SHOW, named, options
from bot.cards.words import all_buttons, counted, recipients, subject
from bot.offers import Offered
from bot.plaintext import code, escape, sentence
from tracker.model import Account
from tracker.ports import Report
from tracker.sending.partly import how_many_out
from tracker.wishes import OrderState, Preferences, SendOrder

_SOON = timedelta(minutes=5)
_MOST = 40  # waiting mails in one answer: Slack shows 50 blocks
_OTHERS = button("Other drafts", SHOW, "all")


def ordered_card(offered: Offered, order: SendOrder, *, asked_before: bool = False) -> Card:
    """How an order stands. `asked_before` when the press found one under way instead of giving one."""
    name = name_of(offered)
    match order.state:
        case OrderState.WAITING:
            return _waiting_card(name, offered, order, asked_before)
        case OrderState.SENDING:
            return _card("Being sent now", name, "It cannot be cancelled any more.")
        case OrderState.SENT:
            return _card("✓ Sent tracked", name, "I tell you when it is opened.", _OTHERS)
        case OrderState.TAKEN_BACK:
            offered = replace(offered.again, at=0)
            again = [button("Send tracked", SEND, offered.value)] if offered.draft_id else []
            left = (
                "The draft is still in Gmail."
                if _is_in_gmail(order)
                else "Nothing went out, and nothing of it is kept."
            )
            return _card("Cancelled", name, left, *again, _OTHERS)
        case OrderState.FAILED:
            offered = replace(offered.again, at=0)
            again = [button("Try again", SEND, offered.value)] if offered.draft_id else []
            out = how_many_out(order.failure or "")
            title = f"Sent to {out[0]} of {out[1]}" if out else "Not sent"
            return _card(title, name, escape(order.failure or "", 600), *again, _OTHERS)


def sent_card(report: Report, *, too_late: bool = False) -> Card:
    """It is out; said as it went, also where it could not be tracked."""
    message = report.message
    name = f"*{subject(message)}* to {recipients(report.copies)}"
    if message.untracked:
        title, then = "Sent, but not tracked", escape(sentence(message.untracked), 300)
    else:
        title, then = "✓ Sent tracked", "I tell you when it is opened."
    late = ["Too late to cancel: it was out already."] if too_late else []
    return _card(title, name, "\n".join([*late, then]), *all_buttons(report), _OTHERS)


def too_late_card(offered: Offered) -> Card:
    return _card("Too late to cancel", name_of(offered), "It was being sent already.")


def progress_card(offered: Offered, out: int, of: int) -> Card:
    return _card("Being sent", name_of(offered), f"{out} of {of} mails are out, at Gmail's own pace.")


def still_trying_card(offered: Offered, out: int, of: int) -> Card:
    """It takes longer than this answer can be changed."""
    if out:
        then = (
            f"The rest follows at Gmail's own pace, and {code('/opens')} shows it; I tell you if it comes to nothing."
        )
        return _card(f"{out} of {of} mails are out", name_of(offered), then)
    return _card(
        "Not out yet",
        name_of(offered),
        f"Gmail does not take it just now. I keep trying for six hours, and tell you if it comes to nothing;"
        f" {code('/opens')} shows it once it is out.",
    )


def waiting_card(lines: Sequence[tuple[Offered, SendOrder]], mailboxes: Sequence[str] = ()) -> Card:
    """Everything that waits to go out, the next one first; `mailboxes` name each line's where there are several."""
    if not lines:
        return Card(
            "Nothing waits to be sent.",
            (section("*Nothing waits to be sent.*", f"{code('/opens send 1 at 9:00')} sends a draft later."),),
        )
    heading = f"{counted(len(lines), 'mail')} on the way out"
    shown = [
        _waiting_line(offered, order, mailboxes[number] if mailboxes else "")
        for number, (offered, order) in enumerate(lines[:_MOST])
    ]
    rest = [context(f"and {counted(len(lines) - _MOST, 'more', 'more')}")] if len(lines) > _MOST else []
    spoken = [f"{name_of(offered)}: {_way(order)}" for offered, order in lines[:_MOST]]
    return Card("\n".join([heading, *spoken]), (section(f"*{heading}*"), *shown, *rest))


def unknown_order_card() -> Card:
    """A button for an order that is forgotten, or was never the presser's."""
    return _card(
        "This mail is not waiting any more",
        "",
        f"{code('/opens waiting')} shows what waits, {code('/opens')} what is out.",
    )


def tracking_card(accounts: Sequence[Account], preferences: Sequence[Preferences], on: bool, addon: bool) -> Card:
    """The state of tracking by default, and what it does: only what Google lets an add-on do."""
    state = "on" if on else "off"
    already = " already" if all(one.track == on for one in preferences) else ""
    said = f"Tracking by default is {state}{already}."
    boxes = ", ".join(escape(account.email, 80) for account in accounts)
    if on:
        effect = (
            "When you write a mail, the Twotick card beside it reminds you to track it. Google lets no add-on insert"
            " anything by itself: a mail is tracked once you switch it on there, or send it with Send tracked."
        )
    else:
        effect = "The Twotick card in Gmail does not remind you. You can still track any mail there, or from here."
    without = [] if addon else ["The Gmail add-on is not set up here, so that it has no effect until it is."]
    footer = context(f"For {boxes}", f"{code('/opens drafts')} sends a draft tracked, whatever is chosen here")
    return Card(said, (section(f"*{said}*", effect, *without), footer))


def name_of(offered: Offered) -> str:
    """ "*Q3 proposal* to Ada", also where Gmail did not tell us which mail it is."""
    if offered.subject or offered.to:
        return named(offered)
    return "*A draft in Gmail*" if offered.draft_id else "*The mail that you were writing in Gmail*"


def _waiting_card(name: str, offered: Offered, order: SendOrder, asked_before: bool) -> Card:
    wait = order.not_before - order.asked_at
    soon = wait <= _SOON
    title = "Waits already" if asked_before else "On its way" if soon else "Scheduled"
    if soon:
        then = f"It goes out tracked at {_to_the_second(order.not_before)}."
        said = f"It goes out tracked in {counted(wait.seconds, 'second')}." if wait else "It goes out tracked at once."
    else:
        how_it_is = "as it is in Gmail then" if order.draft_id or order.mark else "as you wrote it"
        then = said = f"It goes out tracked {when(order.not_before)}, {how_it_is}."
    how = options(offered.given(order))
    cancel = button("Cancel", CANCEL, offered.given(order).value)
    blocks = (
        section(f"*{title}*", name, then),
        actions(cancel, _OTHERS),
        *([context(sentence(" · ".join(how)))] if how else []),
    )
    return Card(f"{title}: {name}\n{said}", blocks, replaces=True)


def _is_in_gmail(order: SendOrder) -> bool:
    """Whether a draft is there to look at, also one that is not found yet."""
    return bool(order.draft_id or order.mark)


def _waiting_line(offered: Offered, order: SendOrder, mailbox: str) -> Block:
    beside = button("Cancel", CANCEL, offered.value) if order.state is OrderState.WAITING else None
    of = f" · from {escape(mailbox, 60)}" if mailbox else ""
    return section(name_of(offered), sentence(_way(order)) + of, beside=beside)


def _way(order: SendOrder) -> str:
    return f"goes out tracked {when(order.not_before)}" if order.state is OrderState.WAITING else "being sent now"


def _card(title: str, name: str, then: str, *buttons: Block) -> Card:
    lines = [line for line in (f"*{title}*", name, then) if line]
    pressed = [actions(*buttons)] if buttons else []
    return Card(f"{title}: {name}" if name else title, (section(*lines), *pressed), replaces=True)


def _to_the_second(at: datetime) -> str:
    return f"<!date^{int(at.timestamp())}^{{time_secs}}|{at:%H:%M:%S} UTC>"
