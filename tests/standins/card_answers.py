"""What the bot answers, and what stands in Home and in windows: scenes like those of what it says unasked."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import chain

from bot.cards.forms import WRITE_INSTEAD
from bot.surfaces import MORE
from tests.standins.card_alerts import Scene, Shown
from tests.standins.card_stage import ADA, ALAN, GRACE, USER, Stage, written
from tests.standins.slack_blocks import elements_of
from tests.standins.slack_workspace import Message
from tracker.checkup.inside import WORKER
from tracker.following import AnswerKind
from tracker.slack_shortcuts import SEND_AS_MAIL, SEND_TRACKED

_WHO = (ADA, GRACE, ALAN)
_SUBJECTS = ("Q3 proposal", "Contract", "Spring offer", "Offer 1042", "Agenda", "References")
_FIRMS = ("Acme", "Globex", "Initech")


async def lists(stage: Stage) -> AsyncIterator[Shown]:
    await _some_weeks(stage)
    yield "list", await stage.typed("")
    yield "list-unopened", await stage.typed("unopened 3d")
    yield "list-hot", await stage.typed("hot")
    yield "timeline", await stage.typed('"contract for initech"')
    yield "stats", await stage.typed("stats 30d")
    yield "empty", await stage.typed("budget")
    yield "team", await stage.typed("team")
    yield "home-full", await stage.slack.opens_home(USER)
    await stage.hands.press(stage.hands.home or {}, "nudge")
    await stage.hands.sees(lambda: _done(stage.hands.modal), "the draft is made")
    yield "modal-nudge", stage.hands.modal or {}


async def drafts(stage: Stage) -> AsyncIterator[Shown]:
    for subject in ("Agenda for Thursday", "Re your question about pricing", "Q3 proposal"):
        stage.gmail.save_draft(stage.account.email, written(subject, ADA, at=stage.clock()))
    listed = await stage.typed("drafts")
    yield "drafts", listed
    yield "offer", await stage.typed("send 1 tomorrow at 9:00 links")
    ordered = await stage.pressed(listed, "send_draft")
    yield "ordered", ordered
    yield "waiting", await stage.typed("waiting")
    yield "cancelled", await stage.pressed(ordered, "cancel_order")
    yield "no-such-draft", await stage.typed('send "budget"')


async def noise(stage: Stage) -> AsyncIterator[Shown]:
    (copy,) = await stage.mail("Q3 proposal")
    await stage.opened(copy, hours=1)
    stage.slack.workspace.add_channel("sales", [USER, "U0TWOTICK"])
    yield "mute-choices", await stage.pressed(stage.card(), MORE, f"mute:{copy.message_id}")
    yield "muted", await stage.typed("mute acme.example")
    yield "mutes", await stage.typed("mute")
    yield "quiet", await stage.typed("quiet 20:00-08:00")
    yield "repeats", await stage.typed("repeats off")
    yield "channel", await stage.typed("channel #sales")
    yield "share", await stage.pressed(await stage.typed("q3"), "share")
    await stage.typed("quiet weekends")
    await stage.typed("digest weekly at 9:30")
    yield "home-noise", await stage.slack.opens_home(USER)


async def account(stage: Stage) -> AsyncIterator[Shown]:
    await stage.mail("Q3 proposal")
    await stage.store.vitals.beat(WORKER, stage.clock())
    yield "doctor", await stage.typed("doctor")
    yield "doctor-plain", await stage.typed("doctor", "U0PETE")
    yield "export", await stage.typed("export")
    yield "forget", await stage.typed("forget ada@acme.example")
    help_ = await stage.typed("help")
    yield "help", help_
    yield "help-alerts", await stage.pressed(help_, "help_alerts")
    yield "refusal-limit", await stage.typed("mute all 400d")
    yield "refusal", await stage.typed("unopened soon")
    yield "connect", await stage.typed("connect")
    yield "disconnect", await stage.typed("disconnect")
    yield "stopped", await stage.typed("stop proposal")
    yield "stats-unopened", await stage.typed("stats 30d")
    yield "forgotten", await stage.pressed(await stage.typed("forget ada@acme.example"), "forget")


async def strangers(stage: Stage) -> AsyncIterator[Shown]:
    yield "not-connected", await stage.typed("", "U0PETE")
    yield "home-onboarding", await stage.slack.opens_home("U0PETE")
    yield "no-admin", await stage.typed("team", "U0PETE")
    yield "home-empty", await stage.slack.opens_home(USER)
    yield "empty-first", await stage.typed("")


async def windows(stage: Stage) -> AsyncIterator[Shown]:
    stage.gmail.save_draft(stage.account.email, written("Q3 proposal", ADA, at=stage.clock()))
    await stage.hands.shortcut(SEND_TRACKED)
    picking = await stage.hands.reads("Gmail draft")
    yield "modal-pick", picking
    await stage.hands.press(picking, WRITE_INSTEAD)
    yield "modal-write", await stage.hands.reads("Subject")
    stage.slack.workspace.views.close(USER)
    await stage.hands.message_shortcut(SEND_AS_MAIL, "Shall we meet at *noon*?")
    form = await stage.hands.reads("Subject")
    await stage.hands.hand_in(form, to="ada@acme.example", subject="Lunch", text="At noon?")
    yield "modal-sending", await stage.hands.reads("On its way")


async def _some_weeks(stage: Stage) -> None:
    """Three weeks of mail, as a person has it: some read at once, some again and again, some never."""
    begin = stage.clock() - timedelta(days=18, hours=4)
    for number in range(18):
        stage.clock.now = begin + timedelta(days=number, minutes=17 * number)
        subject, person = f"{_SUBJECTS[number % 6]} for {_FIRMS[number // 6]}", _WHO[number % 3]
        (copy,) = await stage.mail(subject, person, links=True)
        if number % 4 != 3:
            await stage.opened(copy, minutes=25 + 50 * (number % 5))
        if number % 5 == 1:
            await stage.clicked(copy, minutes=6)
        if number % 6 == 2:
            stage.clock.forward(minutes=50)
            await stage.came_back(copy, AnswerKind.REPLY, person.name)
        if subject.startswith("Contract"):
            await stage.opened(copy, "iphone", hours=4)
            await stage.opened(copy, hours=3)
    stage.clock.now = begin + timedelta(days=18, hours=5)


def _done(view: Message | None) -> bool:
    return view is not None and bool(list(chain.from_iterable(elements_of(block) for block in view["blocks"])))


ANSWERS: tuple[Scene, ...] = (lists, drafts, noise, account, strangers, windows)
