"""What is muted, what can be, and what a mute means."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import Block, Card, actions, button, context, section, when
from bot.cards.words import recipients, subject
from bot.plaintext import code, escape
from tracker.model import Recipient
from tracker.noise import Mute, MuteKind
from tracker.ports import Report

MUTED_NOTE = "Everything is recorded, and `/opens` shows it. Replies, bounces and reminders are still told."
_SHOWN = 20
_PEOPLE, _DOMAINS = 3, 2  # offered beside a message
# Where everybody has a mailbox: muting them all is hardly ever meant.
_PUBLIC = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "aol.com"),
        *("icloud.com", "me.com", "mac.com", "gmx.de", "gmx.net", "gmx.com", "web.de", "t-online.de", "proton.me"),
        *("protonmail.com", "orange.fr", "free.fr", "libero.it", "mail.ru", "yandex.ru", "qq.com", "163.com"),
    }
)


@dataclass(frozen=True, slots=True)
class Muted:
    """A mute, with its message where it is one's."""

    mute: Mute
    report: Report | None = None

    @property
    def name(self) -> str:
        """What is muted, as people say it."""
        match self.mute.kind:
            case MuteKind.ALL:
                return "everything"
            case MuteKind.MESSAGE:
                return f"“{subject(self.report.message)}”" if self.report else "a message"
            case MuteKind.DOMAIN:
                return f"everybody at {escape(self.mute.what, 100)}"
            case MuteKind.RECIPIENT:
                return escape(self.mute.what, 100)

    @property
    def how_long(self) -> str:
        return f" until {when(self.mute.until)}" if self.mute.until else ""


def muted_card(muted: Muted) -> Card:
    """What no longer rings, and how to take it back."""
    whole = muted.mute.kind in (MuteKind.ALL, MuteKind.MESSAGE)
    effect = "Opens and clicks no longer ring." if whole else "What they open and click no longer rings."
    return Card(
        f"Muted: {muted.name}",
        (
            section(f"*Muted:* {muted.name}{muted.how_long}", effect),
            context(MUTED_NOTE),
            actions(button("Undo", "unmute", muted.mute.id)),
        ),
    )


def unmuted_card(muted: Muted, rest: int) -> Card:
    """What rings again; `rest` other mutes stay."""
    others = [context(f"{rest} more muted: {code('/opens mute')} shows them.")] if rest else []
    return Card(
        f"Not muted any more: {muted.name}",
        (section(f"*Not muted any more:* {muted.name}", "What is opened from now on rings again."), *others),
    )


def mutes_card(mutes: Sequence[Muted], title: str = "") -> Card:
    """What is muted, each with Unmute."""
    if not mutes:
        said = title or "Nothing is muted."
        lines = (f"To mute somebody: {code('/opens mute ada@acme.com')}", f"all there: {code('/opens mute acme.com')}")
        more = (f"one mail: {code('/opens mute q3 proposal')}", f"everything: {code('/opens mute all 2h')}")
        return Card(said, (section(f"*{said}*", *lines, *more), context(MUTED_NOTE)))
    rest = len(mutes) - _SHOWN
    return Card(
        f"{title or 'Muted'}: " + ", ".join(one.name for one in mutes[:_SHOWN]),
        (
            section(f"*{title or 'Muted'}*"),
            *(
                section(f"{one.name}{one.how_long}", beside=button("Unmute", "unmute", one.mute.id))
                for one in mutes[:_SHOWN]
            ),
            context(MUTED_NOTE, *([f"and {rest} more"] if rest > 0 else [])),
        ),
    )


def mute_choices_card(report: Report) -> Card:
    """What can be muted about one message."""
    name, message_id = subject(report.message), report.message.id
    people = [
        _choice(f"*{escape(one.label, 60)}*", "all mail to them", f"recipient:{number}:{message_id}")
        for number, one in enumerate(people_of(report)[:_PEOPLE])
    ]
    domains = [
        _choice(f"*{escape(domain, 60)}*", "all mail to people there", f"domain:{number}:{message_id}")
        for number, domain in enumerate(domains_of(report)[:_DOMAINS])
    ]
    return Card(
        f'What should no longer ring? About "{name}"',
        (
            section("*What should no longer ring?*"),
            _choice("*This mail*", f"{name} to {recipients(report.copies)}", f"message:0:{message_id}"),
            *people,
            *domains,
            _choice("*Everything*", "for a day", f"all:1:{message_id}"),
            context(MUTED_NOTE),
        ),
    )


def people_of(report: Report) -> list[Recipient]:
    """Everybody a message went to, each once."""
    found = {one.address.lower(): one for copy in report.copies for one in copy.recipients}
    return list(found.values())


def domains_of(report: Report) -> list[str]:
    """Where they are, apart from where everybody has a mailbox."""
    domains = dict.fromkeys(one.address.lower().rpartition("@")[2] for one in people_of(report))
    return [domain for domain in domains if domain and domain not in _PUBLIC]


def no_mute_time_card(why: str) -> Card:
    return Card(f"Not muted: {why}", (section("*Not muted.*", why, f"Try {code('/opens mute all until 9:00')}"),))


def _choice(title: str, what: str, value: str) -> Block:
    return section(title, what, beside=button("Mute", "mute_it", value))
