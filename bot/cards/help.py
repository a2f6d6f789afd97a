"""Help: what matters first, and the rest of the commands by what they are for."""

from bot.blocks import Block, Card, actions, button, context, section
from bot.grammar import HELP_TOPICS
from bot.plaintext import code

HELP = "help_"  # begins the actions of its buttons; the topic follows

_FIRST = (
    ("/opens", "your latest messages"),
    ("/opens acme", "messages to or about acme; a single one is told in full"),
    ("/opens unopened 3d", "sent 3 days ago or earlier, and not opened"),
    ("/opens drafts", "your Gmail drafts, each with Send tracked"),
    ("/opens remind 3d acme", "reminds you in 3 days if nobody opens it; of an opened one, if nobody replies"),
)
_TOPICS = {
    "finding": (
        "Finding mail",
        (
            ("/opens ada@acme.com", "messages to Ada"),
            ('/opens "q3 proposal"', "messages with these words in this order"),
            ("/opens hot", "opened three times within a day, or again after two weeks"),
            ("/opens today", "sent or opened today; `/opens week` since Monday"),
            ("/opens stats 30d", "how much is opened and answered, how soon, at which hours"),
        ),
    ),
    "sending": (
        "Sending",
        (
            ("/opens send 2", "the second of your drafts: you see which, and press"),
            ('/opens send "q3 proposal" links each', "track its links, too; one mail to each recipient"),
            ("/opens send 2 tomorrow at 9:00", "later, on your own clock"),
            ("/opens waiting", "what is still to go out, each with Cancel"),
            ("/opens on", "remind me in Gmail to track what I write; `off` ends it"),
        ),
    ),
    "reminders": (
        "Reminders",
        (
            ("/opens remind", "what you will be reminded of"),
            ("/opens remind off acme", "no reminder of it"),
            ("/opens stop acme", "stop tracking a mail that is out"),
        ),
    ),
    "alerts": (
        "Alerts",
        (
            ("/opens mute acme.com", "what is opened there rings no more; an address, a mail, or `all 2h`, too"),
            ("/opens unmute", "what is muted, each with Unmute"),
            ("/opens quiet 20:00-08:00", "hold everything back, and tell it in one message"),
            ("/opens repeats off", "ring the first time only"),
            ("/opens digest daily", "who opened, clicked and replied; `weekly`, `off`, `at 8:00`"),
            ("/opens channel #sales", "tell it in a channel; `hide` leaves out subjects"),
            (
                "/opens share lunch #sales",
                "show one mail in a channel; `share` alone lists what is",
            ),
        ),
    ),
    "mailbox": (
        "Mailbox and privacy",
        (
            ("/opens connect", "connect a Gmail mailbox"),
            ("/opens disconnect", "forget one, after asking you"),
            ("/opens doctor", "whether everything works, and what to do if not"),
            ("/opens export", "all that is kept about your tracked mail, as a file"),
            ("/opens forget ada@acme.com", "erase all that is kept about Ada, after asking you"),
            ("/opens team", "how much each person tracks, in numbers; for admins"),
            ("/opens help", "this help; `/opens help alerts` and its likes, too"),
        ),
    ),
}
COMMANDS = (*_FIRST, *(listed for _, commands in _TOPICS.values() for listed in commands))


def help_card(topic: str = "") -> Card:
    """The five commands that matter, or those of a topic; with the way to all others."""
    if topic not in _TOPICS:
        return _first_card()
    title, commands = _TOPICS[topic]
    return Card(
        f"{title}: " + ", ".join(command for command, _ in commands),
        (section(f"*{title}*", *_lines(commands)), _others(topic)),
    )


def _first_card() -> Card:
    return Card(
        "What you can ask: " + ", ".join(command for command, _ in _FIRST),
        (
            section("*What you can ask*", *_lines(_FIRST)),
            _others(""),
            context(
                "✓ sent · ✓✓ opened by a person, as far as anybody can tell. Machines that load mail are recorded, and"
                " never called a reader; an unopened message may have been read with pictures off.",
                "Only you see these answers.",
            ),
        ),
    )


def _lines(commands: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"{code(command)}  {effect}" for command, effect in commands]


def _others(topic: str) -> Block:
    """A button for each topic that is not shown, and the way back."""
    back = [button("The first five", f"{HELP}first", "first")] if topic else []
    return actions(*back, *(button(_TOPICS[one][0], HELP + one, one) for one in HELP_TOPICS if one != topic))
