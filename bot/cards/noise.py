"""How somebody is told: quiet hours, repeats, digests, channels; as it is set, and as it was just set."""

from datetime import time

from bot.blocks import Block, Card, actions, button, context, section
from bot.plaintext import code, escape
from bot.zones import Known
from tracker.noise import DigestEvery, Noise

_EVERY = {DigestEvery.DAILY: "on weekdays", DigestEvery.WEEKLY: "on Mondays"}


def quiet_card(noise: Noise, known: Known) -> Card:
    """When nothing rings, on whose clock, and what happens to it."""
    if not noise.quiet and not noise.quiet_weekends:
        return _card("No quiet hours", "What happens is told at once, day and night.", hint="/opens quiet 20:00-08:00")
    hours = f"from {clock(noise.quiet.begin)} to {clock(noise.quiet.end)}" if noise.quiet else ""
    span = " and ".join(filter(None, (hours, "on weekends" if noise.quiet_weekends else "")))
    off = "quiet off" if noise.quiet else "quiet weekends off"
    return _card(
        f"Quiet {span}",
        "What happens meanwhile comes in one message when it is over.",
        on_whose_clock(known),
        off=off,
    )


def on_whose_clock(known: Known) -> str:
    """Whose hours these are, said plainly where we cannot know."""
    if known.sure:
        return f"On your own clock: {escape(str(known.zone), 60)}, and wherever you travel."
    return "⚠️ Slack does not tell me your timezone just now: until it does, these hours are UTC."


def repeats_card(noise: Noise) -> Card:
    if noise.repeats:
        return _card(
            "Repeats on", "I tell you when somebody comes back to a mail, too.", undo=("Turn off", "repeats off")
        )
    return _card(
        "Repeats off",
        "I tell you the first time that somebody opens or clicks. Later ones only change that message.",
        undo=("Turn on", "repeats on"),
    )


def digest_set_card(noise: Noise, known: Known) -> Card:
    if noise.digest is DigestEvery.NEVER:
        return _card("No digest", "What happens is told as it happens.", hint="/opens digest daily at 8:00")
    return _card(
        f"A digest {_EVERY[noise.digest]} at {clock(noise.digest_at)}",
        "Who opened, clicked and replied, and what nobody opened yet. None comes when there is nothing to tell.",
        on_whose_clock(known),
        off="digest off",
    )


def channel_card(noise: Noise) -> Card:
    """Where news of mail go, and what others there can see."""
    if not noise.channel:
        return _card(
            "Told here, to you alone", "News of your mail comes as direct messages.", hint="/opens channel #sales hide"
        )
    seen = "without their subjects" if noise.hide else "with subjects and names"
    return _card(
        f"Told in #{escape(noise.channel_name, 80)}",
        f"Opens, clicks, replies and bounces of your mail go there, {seen}: everybody in that channel reads them.",
        "Reminders, digests and anything about your mailbox still come to you alone."
        " Quiet hours do not hold the channel back.",
        off="channel off",
    )


def channel_announced_card(user: str, noise: Noise) -> Card:
    """Said in the channel itself, so that nobody there wonders."""
    seen = "without their subjects" if noise.hide else "with their subjects"
    return Card(
        f"News of mail will be told here, {seen}.",
        (
            section(f"<@{user}> has news of their tracked mail told here, {seen}."),
            context("They can end it with `/opens channel off`. What happens to other people's mail stays with them."),
        ),
    )


def no_channel_card(name: str) -> Card:
    shown = f"#{escape(name, 80)}"
    return _card(
        f"I do not see you in {shown}",
        "News of your mail can go to a channel that both you and I are in.",
        f"Join it, invite me there with {code('/invite @Twotick')}, then try again.",
        hint=f"/opens channel #{name}",
    )


def not_invited_card(name: str) -> Card:
    return _card(
        f"I am not in #{escape(name, 80)}",
        f"Type {code('/invite @Twotick')} there, then try again.",
        hint=f"/opens channel #{name}",
    )


def no_channels_card(reason: str) -> Card:
    """Slack does not let us see channels: who can change it, and how."""
    return _card(
        "I am not allowed to see channels",
        "Whoever runs Twotick adds the scopes `channels:read` and `groups:read` to the Slack app and installs it again"
        f" (Slack says: {code(reason, 60)}).",
    )


def slack_asleep_card() -> Card:
    return _card("Slack did not answer", "Nothing was changed. Please try again in a minute.")


def channel_lost_card(name: str) -> Card:
    """Said to whose news they were, when a channel took them no more."""
    again = code(f"/opens channel #{name or 'sales'}")
    return _card(
        f"⚠️ I cannot post to {f'#{escape(name, 60)}' if name else 'your channel'} any more",
        "News of your mail comes here again, to you alone.",
        f"To go back: type {code('/invite @Twotick')} there, then {again}.",
    )


def clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"


def _card(title: str, *lines: str, hint: str = "", off: str = "", undo: tuple[str, str] | None = None) -> Card:
    """`hint` is a command to type, `off` one behind a button that turns it off, `undo` a button of another name."""
    label, command = undo or ("Turn off", off)
    blocks: list[Block] = [section(f"*{title}*", *lines)]
    blocks += [context(f"Try {code(hint)}")] if hint else []
    blocks += [actions(button(label, "noise", command))] if command else []
    return Card(title, tuple(blocks))
