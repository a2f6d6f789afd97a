"""Drafts to pick from, and the one that was picked, before it goes out."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from bot.blocks import Block, Card, actions, button, context, section, when
from bot.cards.words import counted
from bot.offers import Offered
from bot.plaintext import code, escape
from tracker.model import Account
from tracker.picking import Offer, Shelf, Trouble
from tracker.wishes import OrderState, Preferences, SendOrder

_MOST = 40  # drafts in one answer: Slack shows 50 blocks
SEND, CANCEL, SHOW = "send_draft", "cancel_order", "show_drafts"


def drafts_card(
    shelves: Sequence[Shelf], preferences: Sequence[Preferences], note: str = "", *, numbered: bool = True
) -> Card:
    """Each mailbox's latest drafts, counted through, each with its button."""
    if all(not shelf.offers and not shelf.trouble for shelf in shelves):
        return _no_drafts_card(shelves)
    numbers, blocks, spoken = count(1), list[Block](), list[str]()
    for shelf, wanted in zip(shelves, preferences, strict=True):
        if len(shelves) > 1 and (shelf.offers or shelf.trouble):
            blocks.append(section(f"*{escape(shelf.account.email, 80)}*"))
        if shelf.trouble:
            blocks.append(section(*trouble_lines(shelf)))
        for offer in shelf.offers:
            number = f"{next(numbers)}. " if numbered else ""
            blocks.append(_line(number, offer, wanted_for(Offered.of(shelf.account.id, offer), wanted)))
            spoken.append(f'{number}"{title(offer.draft.subject)}" to {to_whom(offer.draft.to)}')
    heading = note or "Your latest drafts in Gmail"
    blocks = [section(f"*{heading}*"), *blocks[:_MOST], context(*_footnotes(preferences, bool(spoken) and numbered))]
    return Card("\n".join([heading, *spoken[:_MOST]]), tuple(blocks), replaces=True)


def offer_card(offered: Offered, account: Account, several: bool, under_way: SendOrder | None) -> Card:
    """The draft that was named, before anything is done: whoever typed a number sees what it means now."""
    name = named(offered)
    if under_way:
        return _under_way_card(offered.given(under_way), under_way)
    if not offered.to:
        words = f"{name}: add a recipient in Gmail first"
        return Card(words, (section("*This draft is to nobody yet*", words),))
    offered = offered.again if offered.order_id else offered
    mailbox = f"from {escape(account.email, 80)}" if several else ""
    then = f"goes out {when(at)}" if (at := offered.pick.at) else ""
    how = [part for part in (mailbox, then, *options(offered)) if part]
    return Card(
        f"Send tracked? {name}",
        (
            section("*Send this draft, tracked?*", name, *([" · ".join(how)] if how else [])),
            actions(button("Send tracked", SEND, offered.value), button("Other drafts", SHOW, "all")),
            context("Nothing is sent before you press."),
        ),
    )


def past_card(offered: Offered) -> Card:
    """The time that a draft was offered for went by before the press."""
    now = replace(offered.again, at=0)
    return Card(
        "That time is past. Nothing was sent.",
        (
            section("*That time is past.* Nothing was sent.", named(offered)),
            actions(button("Send tracked now", SEND, now.value), button("Other drafts", SHOW, "all")),
        ),
        replaces=True,
    )


def no_time_card(why: str) -> Card:
    """A time at which nothing can be sent."""
    said = escape(why, 120)
    return Card(said, (section(f"*{said}*", f"Nothing was ordered. Try {code('/opens send 1 tomorrow at 9:00')}"),))


def no_zone_card(code_of_refusal: str) -> Card:
    """Without their timezone nobody's "9:00" means anything."""
    if not code_of_refusal:
        words = "Slack did not tell me your timezone just now."
        return Card(words, (section(f"*{words}*", "Nothing was ordered. Ask again in a minute."),))
    words = "Slack does not let me see your timezone."
    scope, why = code("users:read"), escape(code_of_refusal, 60)
    return Card(
        words,
        (
            section(
                f"*{words}*",
                f"Nothing was ordered. Whoever runs Twotick gives its Slack app the scope {scope} and installs it"
                " again; until then, leave the time out and press when it is to go.",
            ),
            context(f"Slack says: {why}"),
        ),
    )


def trouble_lines(shelf: Shelf) -> tuple[str, str]:
    """Why a mailbox shows no drafts, and what to do next."""
    email = escape(shelf.account.email, 80)
    match shelf.trouble:
        case Trouble.ASLEEP:
            return f"Gmail does not answer for {email} just now.", "Nothing was sent. Ask again in a minute."
        case Trouble.WITHDRAWN:
            return (
                f"Google withdrew Twotick's access to {email}.",
                f"Type {code('/opens connect')} and choose this address on Google's page.",
            )
        case Trouble.NOT_GRANTED:
            return (
                f"{email} was connected for sending alone, so that its drafts cannot be seen.",
                f"Type {code('/opens connect')}, choose this address, and leave every box ticked.",
            )
        case _:
            return f"Gmail does not show the drafts of {email}.", escape(shelf.why, 300)


def cannot_send_card() -> Card:
    """Google is not set up, which only the operator can change."""
    words = "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET"
    return Card(
        "No drafts can be seen or sent from here yet.",
        (
            section(
                "*No drafts can be seen or sent from here yet.*",
                f"Whoever runs Twotick has to give it a Google client first: {words}.",
            ),
        ),
    )


def wanted_for(offered: Offered, preferences: Preferences) -> Offered:
    """The draft with what its owner wants by default added to what was asked for."""
    return replace(offered, links=offered.links or preferences.links, each=offered.each or preferences.per_recipient)


def named(offered: Offered) -> str:
    """ "*Q3 proposal* to ada@acme.example"."""
    return f"*{title(offered.subject)}* to {to_whom(offered.to)}"


def title(subject: str) -> str:
    return escape(subject, 100) or "(no subject)"


def to_whom(to: str) -> str:
    return escape(to, 100) or "nobody yet"


def options(offered: Offered) -> list[str]:
    """What is done beside tracking the mail itself."""
    links = ["links are tracked, too"] if offered.links else []
    return [*links, "one mail to each recipient"] if offered.each else links


def _line(number: str, offer: Offer, offered: Offered) -> Block:
    first, second = f"{number}*{title(offered.subject)}*", f"to {to_whom(offered.to)}"
    if not offered.to:
        return section(first, f"{second}: add a recipient in Gmail first")
    order = offer.order
    if order and not order.over:
        way = f"goes out tracked {when(order.not_before)}" if order.state is OrderState.WAITING else "being sent now"
        beside = button("Cancel", CANCEL, offered.value) if order.state is OrderState.WAITING else None
        return section(first, f"{second} · {way}", beside=beside)
    return section(first, second, beside=button("Send tracked", SEND, offered.again.value))


def _under_way_card(offered: Offered, order: SendOrder) -> Card:
    if order.state is not OrderState.WAITING:
        lines = ("*This draft is being sent now.*", named(offered))
        return Card(f"Being sent now: {named(offered)}", (section(*lines),))
    cancel = button("Cancel", CANCEL, offered.value)
    then = f"It goes out tracked {when(order.not_before)}. To send it otherwise, cancel it first."
    return Card(
        f"Waits already: {named(offered)}",
        (
            section("*This draft waits already*", named(offered), then),
            actions(cancel, button("Other drafts", SHOW, "all")),
        ),
    )


def _footnotes(preferences: Sequence[Preferences], numbered: bool) -> list[str]:
    shortest = min(one.undo_seconds for one in preferences)
    wait = f"You have {counted(shortest, 'second')} to cancel." if shortest else "It is sent at once."
    typed = [f"Or type {code('/opens send 1')}, {code('/opens send 1 links each')}, {code('/opens send 1 at 9:00')}"]
    return [f"Send tracked sends the draft as it is in Gmail then. {wait}", *(typed if numbered else [])]


def _no_drafts_card(shelves: Sequence[Shelf]) -> Card:
    emails = ", ".join(escape(shelf.account.email, 80) for shelf in shelves[:5])
    return Card(
        "No drafts in Gmail.",
        (
            section(
                f"*No drafts in Gmail* ({emails})",
                "Write a mail there, wait until Gmail says that it is saved, and close it."
                f" Then {code('/opens drafts')} shows it.",
            ),
        ),
        replaces=True,
    )
