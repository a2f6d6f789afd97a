"""The answer to /opens stats: rates, waiting time and best hours, with what nobody can know said beside them."""

from datetime import timedelta

from bot.blocks import Block, Card, context, section
from bot.cards.words import counted, how_long
from bot.charts import chart
from bot.plaintext import escape
from tracker.charts import Bars, two_hour_bars
from tracker.stats import Stats


def stats_card(stats: Stats, zone: str) -> Card:
    """What the last days' mail adds up to. `zone` names the timezone of the hours, as the reader knows it."""
    title = f"Your tracked mail of the last {_span(stats.days)}"
    if not stats.sent:
        lines = ("Nothing was sent tracked in this time.", "`/opens stats 90d` looks back further.")
        return Card(f"{title}: nothing was sent tracked.", (section(f"*{title}*", *lines),))
    small = [*_honesty(stats), *([f"Hours are in your timezone ({escape(zone, 60)})."] if _shows_hours(stats) else [])]
    return Card(
        f"{title}: {_rates(stats)}.",
        (
            section(f"*{title}*", _rates(stats), *_best(stats)),
            *_hours(stats),
            *([context(*small)] if small else []),
        ),
    )


def hours_chart(stats: Stats) -> Bars:
    """When recipients opened for the first time, in two-hour bars."""
    return Bars("First openings by hour of day", two_hour_bars(stats.by_hour))


def _hours(stats: Stats) -> list[Block]:
    return [chart(hours_chart(stats))] if _shows_hours(stats) else []


def _shows_hours(stats: Stats) -> bool:
    return any(stats.by_hour)


def _rates(stats: Stats) -> str:
    parts = [f"{stats.sent:,} sent", f"{stats.opened:,} opened{_share(stats.open_rate)}"]
    if stats.replied:
        parts.append(f"{stats.replied:,} replied{_share(stats.reply_rate)}")
    return " · ".join(parts)


def _share(rate: float | None) -> str:
    return f" ({rate:.0%})" if rate is not None else ""


def _best(stats: Stats) -> list[str]:
    lines = []
    if stats.middle is not None:
        lines.append(f"Half of those opened were opened within {_wait(stats.middle)} of sending.")
    if stats.best_hours and stats.best_weekday:
        start, end = stats.best_hours
        lines.append(
            f"Most are opened between {start}:00 and {end}:00, and most of all on {_DAYS[stats.best_weekday]}."
        )
    return lines


def _honesty(stats: Stats) -> list[str]:
    if not stats.unsure:
        return []
    return [
        f"Of {counted(stats.unsure, 'message')} nobody can tell: a privacy proxy loads every message, read or not."
        " They are left out of the rate."
    ]


def _wait(wait: timedelta) -> str:
    return "a minute" if wait < timedelta(minutes=1) else how_long(wait)


def _span(days: float) -> str:
    return counted(round(days), "day") if days >= 1 else counted(round(days * 24), "hour")


_DAYS = {
    "Mon": "Mondays",
    "Tue": "Tuesdays",
    "Wed": "Wednesdays",
    "Thu": "Thursdays",
    "Fri": "Fridays",
    "Sat": "Saturdays",
    "Sun": "Sundays",
}
