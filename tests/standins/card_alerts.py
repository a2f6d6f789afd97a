"""What the bot says unasked: each scene plays on a stage of its own, and shows the messages worth a picture."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

from tests.standins.card_stage import ADA, ALAN, GRACE, USER, Stage
from tests.standins.slack_workspace import Message
from tracker.documents import Document, hit_link
from tracker.following import AnswerKind
from tracker.granting import Granting
from tracker.noise import Mute, MuteKind

Shown = tuple[str, Message]
Scene = Callable[[Stage], AsyncIterator[Shown]]


async def opening(stage: Stage) -> AsyncIterator[Shown]:
    (copy,) = await stage.mail("Q3 proposal")
    await stage.opened(copy, hours=2)
    yield "open-first", stage.card()
    await stage.opened(copy, "iphone", hours=3)
    yield "open-second", stage.card()
    yield "thread-line", stage.card()["replies"][0]
    await stage.opened(copy, hours=1)
    yield "hot", stage.told()
    await stage.opened(copy, days=23)
    yield "back", stage.told()


async def clicking(stage: Stage) -> AsyncIterator[Shown]:
    (copy,) = await stage.mail("Q3 proposal", links=True)
    await stage.opened(copy, hours=1)
    await stage.clicked(copy, minutes=4)
    yield "click-first", stage.told()


async def reading_documents(stage: Stage) -> AsyncIterator[Shown]:
    (copy,) = await stage.mail("Contract for signature")
    contract = Document("d1", copy.message_id, "Contract 2027.pdf", "application/pdf", 340_000, stage.clock())
    await stage.clicked(copy, hit_link(contract), hours=1)
    yield "document", stage.card()


async def group(stage: Stage) -> AsyncIterator[Shown]:
    (copy,) = await stage.mail("Agenda for Thursday", ADA, GRACE)
    await stage.opened(copy, minutes=40)
    yield "group", stage.card()


async def one_mail_each(stage: Stage) -> AsyncIterator[Shown]:
    ada, grace, _ = await stage.mail("Spring offer", ADA, GRACE, ALAN, each=True)
    await stage.opened(grace, minutes=20)
    await stage.opened(ada, hours=1)
    yield "each", stage.card()


async def unclear(stage: Stage) -> AsyncIterator[Shown]:
    (copy,) = await stage.mail("Q3 proposal")
    await stage.opened(copy, "apple-privacy", minutes=9)
    yield "timeline-unclear", await stage.typed("q3")
    await stage.opened(copy, "outlook", hours=5)
    yield "unclear-then-open", stage.card()


async def corrected(stage: Stage) -> AsyncIterator[Shown]:
    (copy,) = await stage.mail("Q3 proposal")
    await stage.opened(copy, hours=2)
    menu = next(one for block in stage.card()["blocks"] for one in block.get("elements", ()) if "options" in one)
    yield "corrected-answer", await stage.pressed(stage.card(), "correct", menu["options"][0]["value"])
    await stage.work()
    yield "retracted", stage.card()


async def answered(stage: Stage) -> AsyncIterator[Shown]:
    (copy,) = await stage.mail("Q3 proposal")
    await stage.opened(copy, hours=2)
    stage.clock.forward(hours=1)
    await stage.came_back(copy, AnswerKind.REPLY, "Ada Lovelace")
    yield "replied", stage.told()
    yield "open-answered", stage.card()


async def undelivered(stage: Stage) -> AsyncIterator[Shown]:
    (copy,) = await stage.mail("Q3 proposal")
    stage.clock.forward(minutes=2)
    await stage.came_back(copy, AnswerKind.BOUNCE, ADA.address, "There is no such address.")
    yield "bounced", stage.told()


async def passed_on(stage: Stage) -> AsyncIterator[Shown]:
    (copy,) = await stage.mail("Q3 proposal")
    await stage.opened(copy, hours=2)
    await stage.opened(copy, "forward", hours=20)
    yield "passed-on", stage.told()


async def reminded(stage: Stage) -> AsyncIterator[Shown]:
    await stage.mail("Offer 1042")
    yield "reminder-set", await stage.typed("remind 3d offer")
    stage.clock.forward(days=3, minutes=1)
    await stage.work()
    yield "reminder-unopened", stage.told()


async def unanswered(stage: Stage) -> AsyncIterator[Shown]:
    (copy,) = await stage.mail("Offer 1042")
    await stage.opened(copy, hours=3)
    await stage.typed("remind 3d offer")
    stage.clock.forward(days=4)
    await stage.work()
    yield "reminder-unanswered", stage.told()


async def crowd(stage: Stage) -> AsyncIterator[Shown]:
    copies = [(await stage.mail(f"Invitation: {place}"))[0] for place in _PLACES]
    stage.clock.forward(hours=1)
    for copy in copies:
        await stage.fetched(copy)
    stage.clock.forward(seconds=25)
    await stage.work()
    yield "crowd", stage.told()


async def held(stage: Stage) -> AsyncIterator[Shown]:
    await stage.typed("quiet 20:00-08:00")
    first, second = (await stage.mail("Q3 proposal"))[0], (await stage.mail("Contract", GRACE))[0]
    await stage.opened(first, hours=9)
    await stage.opened(second, hours=1)
    stage.clock.forward(hours=1)
    await stage.came_back(second, AnswerKind.REPLY, "Grace Hopper")
    stage.clock.forward(hours=9)
    await stage.work()
    yield "held", stage.told()


async def digest(stage: Stage) -> AsyncIterator[Shown]:
    yield "digest-set", await stage.typed("digest daily at 8:00")
    await _mute_all(stage)
    for number, (subject, person) in enumerate((("Q3 proposal", ADA), ("Contract", GRACE), ("Spring offer", ALAN))):
        (copy,) = await stage.mail(subject, person)
        await stage.opened(copy, hours=3 + 9 * number)
    await stage.came_back(copy, AnswerKind.REPLY, "Alan Turing")
    await stage.mail("Offer 1042", GRACE)
    (hidden,) = await stage.mail("Agenda for Thursday")
    await stage.opened(hidden, "apple-privacy", minutes=9)
    stage.clock.forward(days=1)
    await stage.work()
    yield "digest", stage.told()


async def withdrawn(stage: Stage) -> AsyncIterator[Shown]:
    await stage.mail("Q3 proposal")
    await Granting(stage.store.accounts, stage.clock).withdrawn(stage.account)
    await stage.work()
    yield "reconnect", stage.told()
    yield "home-reconnect", await stage.slack.opens_home(USER)


async def _mute_all(stage: Stage) -> None:
    """So that the digest is all there is to say."""
    now = stage.clock()
    mute = Mute("m1", stage.account.id, MuteKind.ALL, "", now, now + timedelta(hours=2))
    await stage.store.noise.mute(mute)


_PLACES = ("Berlin", "Lyon", "Porto", "Turin", "Ghent", "Malmö", "Graz")
ALERTS: tuple[Scene, ...] = (
    *(opening, clicking, reading_documents, group, one_mail_each, unclear, corrected, answered, undelivered),
    *(passed_on, reminded, unanswered, crowd, held, digest, withdrawn),
)
