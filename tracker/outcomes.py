"""Outcomes: what judging a copy's hits changes about it, ready to be written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker.classify.networks import ELSEWHERE, network_of
from tracker.model import Cause, Copy, Correction, Judged, Summary
from tracker.news import News
from tracker.ports import History, Recorded
from tracker.summing import sum_of

PassedOn = Callable[[Sequence[Judged], Sequence[str]], str]

_CLOCKS_APART = timedelta(minutes=1)  # how far Gmail's clock may be behind ours


@dataclass(frozen=True, slots=True)
class Outcome:
    """One copy with its hits as they are judged now; `changed` are those that are new or judged otherwise."""

    history: History
    after: tuple[Judged, ...]
    changed: tuple[Judged, ...]

    @classmethod
    def of(cls, history: History, after: tuple[Judged, ...]) -> "Outcome":
        before = {one.hit.id: one for one in history.judged}
        return cls(history, after, tuple(one for one in after if one != before.get(one.hit.id)))

    @property
    def moved(self) -> list[tuple[Judged, Judged]]:
        """Past hits with another cause now, or counted where they were not: as they were, and as they are."""
        now = {one.hit.id: one for one in self.changed}
        pairs = ((one, now[one.hit.id]) for one in self.history.judged if one.hit.id in now)
        return [(old, new) for old, new in pairs if _belief(old) != _belief(new)]

    @property
    def needs_timeline(self) -> bool:
        """Whether the summary must be counted anew from hits that are not loaded."""
        if self.history.complete:
            return False
        last = self.history.judged[-1].hit.at
        return any(one.hit.at <= last for one in self.changed)

    def summary(self, passed_on: PassedOn, timeline: Sequence[Judged] | None) -> Summary:
        """What all hits of the copy add up to. `timeline` are all that are written, where they are needed."""
        old = self.history.summary
        if self.history.complete:
            counted = sum_of(self.after)
        elif timeline is None:
            counted = sum_of(self.changed, old, self.history.judged)
        else:
            counted = sum_of(_merged(timeline, self.changed))
        systems = [recipient.mail_system for recipient in self.history.copy.recipients]
        forwarded = passed_on(self.after, systems) or ("" if self.history.complete else old.passed_on)
        return replace(counted, passed_on=forwarded, replied_at=old.replied_at, bounced_at=old.bounced_at)

    def recorded(
        self,
        summary: Summary,
        now: datetime,
        settle: timedelta,
        *,
        corrections: tuple[Correction, ...] = (),
        quiet: bool = False,
    ) -> Recorded:
        news = News(self.history, now, settle, quiet, moved=bool(self.moved))
        return Recorded(
            copy_id=self.history.copy.id,
            version=self.history.version,
            judged=self.changed,
            summary=summary,
            alerts=news.alerts(self.after, summary.passed_on),
            corrections=corrections,
            sender_ips=_sender_ips(self.history.copy, self.changed, corrections),
        )


def _belief(one: Judged) -> tuple[Cause, bool]:
    return one.verdict.cause, one.verdict.counts


def _merged(timeline: Sequence[Judged], changed: Sequence[Judged]) -> list[Judged]:
    by_id = {one.hit.id: one for one in (*timeline, *changed)}
    return sorted(by_id.values(), key=lambda one: (one.hit.at, one.hit.id))


def _sender_ips(copy: Copy, judged: Sequence[Judged], corrections: Sequence[Correction]) -> Mapping[str, datetime]:
    """Where the sender was seen: on hits before anybody else could have the mail, and on those called their own."""
    own = {correction.hit_id for correction in corrections if correction.cause is Cause.SELF}
    hits = [one.hit for one in judged if one.hit.id in own or _before_anybody(copy, one)]
    return {hit.ip: hit.at for hit in hits if hit.ip and network_of(hit.ip) == ELSEWHERE}


def _before_anybody(copy: Copy, one: Judged) -> bool:
    # Judged while the token was unarmed, a recipient's quick look is taken for the sender's. Only once
    # we know when the mail went out does a hit before that tell whose address it was.
    if copy.sent_at is None or one.verdict.cause is not Cause.SELF:
        return False
    return one.hit.at < min(copy.attempted_at or copy.sent_at, copy.sent_at - _CLOCKS_APART)
