"""How somebody wants to be told, as controls in Home."""

from collections.abc import Iterator, Mapping, Sequence

from bot.blocks import Block, Choices, button, context, header
from bot.cards.noise import clock
from bot.plaintext import code, escape
from bot.surfaces import menu, setting
from tracker.noise import DigestEvery, Hours, Noise

HUSH = "hush:"  # begins the actions of all of them
OFF = "off"
NIGHTS = ("18:00-8:00", "20:00-8:00", "22:00-7:00")
_DIGESTS = {DigestEvery.NEVER: "never", DigestEvery.DAILY: "on weekdays", DigestEvery.WEEKLY: "on Mondays"}


def noise_blocks(wanted: Sequence[Noise], muted: int) -> Iterator[Block]:
    """As it stands in the first mailbox; a choice is for all of them."""
    noise = wanted[0]
    yield header("When I tell you")
    quiet, nights = hours_words(noise.quiet), {one: one.replace("-", " to ") for one in NIGHTS}
    yield _menu("quiet", "Quiet hours", "what happens meanwhile comes in one message", quiet, {OFF: "none", **nights})
    weekends = "what comes on Saturday and Sunday is told on Monday" if noise.quiet_weekends else "weekends ring, too"
    yield _switch("weekends", "Quiet weekends", weekends, on=noise.quiet_weekends)
    repeats = "whoever comes back to a mail rings, too" if noise.repeats else "only the first opening rings"
    yield _switch("repeats", "Repeats", repeats, on=noise.repeats)
    digests = {every.value: words for every, words in _DIGESTS.items()}
    off = noise.digest is DigestEvery.NEVER
    what = "who opened, clicked and replied, in one message"
    yield _menu(
        "digest", "Digest", what if off else f"at {clock(noise.digest_at)}, {what}", noise.digest.value, digests
    )
    where = f"in #{escape(noise.channel_name, 80)}" if noise.channel else "here, to you alone"
    mutes = (
        f"{muted} muted: {code('/opens mute')} shows them." if muted else f"To mute: {code('/opens mute acme.com')}."
    )
    yield context(f"News is told {where}: {code('/opens channel')} changes it. {mutes}")


def hours_words(hours: Hours | None) -> str:
    """As they are typed."""
    return f"{clock(hours.begin)}-{clock(hours.end)}" if hours else OFF


def _switch(name: str, title: str, effect: str, *, on: bool) -> Block:
    beside = button("Turn off" if on else "Turn on", HUSH + name, "off" if on else "on")
    return setting(title, "on" if on else "off", effect, beside)


def _menu(name: str, title: str, effect: str, value: str, offered: Mapping[str, str]) -> Block:
    words = {**offered, value: offered.get(value, value.replace("-", " to "))}
    choices: Choices = [(one, known) for known, one in words.items()]
    # A change renames the menu: Slack keeps what was chosen in one of the same name.
    return {
        **setting(title, words[value], effect, menu(choices, value, HUSH + name)),
        "block_id": f"{HUSH}{name}:{value}",
    }
