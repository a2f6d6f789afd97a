"""The answer to /opens team: how much each person uses Twotick, in numbers alone."""

from collections.abc import Sequence

from bot.blocks import Card, context, section
from bot.cards.words import counted
from bot.tables import MAX_ROWS, Cell, Person, table
from tracker.vitals import Tally

_HEAD = ("Person", "Mailboxes", "Sent", "Opened", "Replied")


def team_card(tallies: Sequence[Tally], days: int) -> Card:
    """A row a person, the busiest first."""
    title = f"Tracked mail of the last {counted(days, 'day')}, by person"
    if not tallies:
        return Card(f"{title}: nobody has a mailbox yet", (section(f"*{title}*", "Nobody has connected a mailbox."),))
    rows = [_row(one) for one in tallies]
    left = len(tallies) - (MAX_ROWS - 1)
    notes = ["Numbers only: whom people write to, and what about, only they see."]
    sent = sum(one.sent for one in tallies)
    return Card(
        f"{counted(len(tallies), 'person', 'people')}, {counted(sent, 'tracked mail')} in {counted(days, 'day')}",
        (
            section(f"*{title}*"),
            table(_HEAD, rows),
            context(*notes, *([f"and {counted(left, 'other person', 'other people')}"] if left > 0 else [])),
        ),
    )


def not_for_you_card() -> Card:
    """Whoever is no admin: what admins see, and who makes one."""
    return Card(
        "Only admins of Twotick see the team's numbers.",
        (
            section(
                "*Only admins of Twotick see the team's numbers.*",
                "Whoever runs it names them in the setting ADMIN_SLACK_USERS. They see how many mails people track,"
                " never whom they write to. Yours: `/opens stats`",
            ),
        ),
    )


def _row(tally: Tally) -> list[Cell]:
    numbers = (tally.mailboxes, tally.sent, tally.opened, tally.replied)
    return [Person(tally.slack_user), *(f"{number:,}" for number in numbers)]
