"""NATS JetStream: a stream of hits on their way to the recorders. The only module that knows NATS."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NoServersError
from nats.errors import TimeoutError as NatsTimeout
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
    StreamState,
)
from nats.js.errors import APIError, NotFoundError, ServiceUnavailableError

from tracker.clock import moment_in
from tracker.model import Hit
from tracker.store.errors import CannotOpen
from tracker.store.intake_rows import Row, batch_of, text_of
from tracker.vitals import Queue

STREAM, SUBJECT, RECORDERS = "TWOTICK_HITS", "twotick.hits", "recorders"
_SAFE = 3  # copies of the stream where there are as many nodes
_ELECTION_SECONDS = 8.0
_PAUSE_SECONDS = 0.5
_CONNECTING_SECONDS = 5.0
_LOOKING_SECONDS = 1.0
_PUBLISHING_SECONDS = 1.0  # what is left of a pixel's two seconds is for the spool
_ACK_WAIT_SECONDS = 15.0  # how long the hits of a killed recorder wait for another
_STILL_ALIVE_SECONDS = 5.0
_MOST_ROWS, _MOST_BYTES = 200, 256 * 1024  # of one message, whose limit is 1 MB unless an operator says otherwise
_FETCHED = 32  # messages at a time: some 8 MB at the very most
# Hits that are enough to be recorded together. After an outage of quiet days each message holds one: 32 at a time would
# be recorded at a tenth of the speed.
_ENOUGH = 500
_MOST_FETCHED = 250  # messages at a time, when those before were small

log = structlog.get_logger()


@dataclass(eq=False)
class Taken:
    """A message of the stream that is ours to handle, and those of its hits that are not done yet, by id."""

    message: Msg
    hits: dict[str, Hit]
    told_at: float = field(default_factory=lambda: asyncio.get_running_loop().time())


class HitStream:
    """The stream, kept in files by the servers, and the one consumer that all recorders share.

    Whatever its calls raise means that nothing is known to be written.
    """

    def __init__(self, client: Client, jetstream: JetStreamContext) -> None:
        self._client = client
        self._jetstream = jetstream
        self._pulled: JetStreamContext.PullSubscription | None = None

    async def publish(self, rows: Sequence[Row]) -> None:
        """Return once every row is kept by the servers; rows said again within two minutes are kept once."""
        if not self._client.is_connected:
            raise ConnectionError("not connected to NATS")
        await asyncio.gather(*(self._publish(part) for part in _parts(rows)))

    async def take(self, seconds: float) -> list[Taken]:
        """What waits, oldest first, at most some thousands of rows; waits up to `seconds` for the first message."""
        messages = await self._fetched(_FETCHED, seconds)
        asked, taken = _FETCHED, [one for message in messages if (one := await _opened(message))]
        while len(messages) == asked and (hits := sum(len(one.hits) for one in taken)) < _ENOUGH:
            asked = min(_MOST_FETCHED, 1 + (_ENOUGH - hits) * len(taken) // max(1, hits))
            messages = await self._fetched(asked, 0.0)
            taken += [one for message in messages if (one := await _opened(message))]
        return taken

    async def keep(self, taken: Sequence[Taken]) -> None:
        """Say of what takes long that we are still at it, lest another recorder gets it."""
        now = asyncio.get_running_loop().time()
        for one in taken:
            if now - one.told_at > _STILL_ALIVE_SECONDS:
                one.told_at = now
                await one.message.in_progress()

    async def done(self, taken: Sequence[Taken]) -> None:
        """Have the servers forget these. One that is told in vain comes again, and is known to be recorded."""
        answers = await asyncio.gather(*(one.message.ack_sync(timeout=2) for one in taken), return_exceptions=True)
        lost = [answer for answer in answers if isinstance(answer, BaseException)]
        if lost:
            log.warning("acknowledgements_lost", number=len(lost), why=f"{type(lost[0]).__name__}: {lost[0]}")

    async def give_back(self, taken: Sequence[Taken]) -> None:
        """Let another recorder have these at once."""
        await asyncio.gather(*(one.message.nak() for one in taken), return_exceptions=True)

    async def queue(self) -> Queue:
        """What waits in the stream; without figures when the servers do not answer."""
        try:
            async with asyncio.timeout(_LOOKING_SECONDS):
                info = await self._jetstream.stream_info(STREAM)
                account = await self._jetstream.account_info()
                oldest = await self._oldest(info.state)
        except (NatsError, APIError, OSError, TimeoutError) as away:
            log.warning("stream_not_counted", why=f"{type(away).__name__}: {away}")
            return Queue("stream")
        limits = [
            (info.state.bytes, info.config.max_bytes),
            (info.state.messages, info.config.max_msgs),
            (account.storage, account.limits.max_storage),
        ]
        used = [number / limit for number, limit in limits if limit and limit > 0]
        return Queue("stream", info.state.messages, oldest, max(used, default=None))

    async def close(self) -> None:
        # Servers that are away have nothing to be told.
        with suppress(OSError, NatsError):
            await self._client.close()

    async def _fetched(self, number: int, seconds: float) -> list[Msg]:
        if self._pulled is None:
            self._pulled = await self._jetstream.pull_subscribe_bind(RECORDERS, STREAM)
        try:
            return await self._pulled.fetch(number, timeout=max(seconds, 0.05))
        except TimeoutError:
            return []

    async def _oldest(self, state: StreamState) -> datetime | None:
        if not state.messages:
            return None
        try:
            first = await self._jetstream.get_msg(STREAM, state.first_seq)
            return moment_in(json.loads(first.data or b"")[0][0])
        except (NotFoundError, ValueError, LookupError, TypeError):
            return None  # recorded meanwhile, or nothing that we wrote

    async def _publish(self, rows: Sequence[Row]) -> None:
        body = text_of(rows).encode()
        # The same rows said again, as by a spool that was cut off, are the same message.
        name = sha256("".join(row.id for row in rows).encode()).hexdigest()[:32] if rows else None
        headers = {"Nats-Msg-Id": name} if name else None
        await self._jetstream.publish(SUBJECT, body, timeout=_PUBLISHING_SECONDS, stream=STREAM, headers=headers)


async def open_stream(url: str) -> HitStream:
    """Connect, and make the stream and its consumer where they are not there yet. Raises CannotOpen."""
    complaints = _Complaints()
    try:
        async with asyncio.timeout(_CONNECTING_SECONDS):
            client = await nats.connect(
                url.split(","),
                name="twotick",
                error_cb=complaints.heard,
                allow_reconnect=True,
                max_reconnect_attempts=-1,
                reconnect_time_wait=0.5,
                connect_timeout=2,
            )
    except (NatsError, NoServersError, OSError, TimeoutError, ValueError) as refused:
        reason = complaints.last or str(refused) or type(refused).__name__
        raise CannotOpen(
            f"NATS_URL: cannot reach the servers ({reason}); expected nats://user:password@host:4222, several after"
            " commas, and servers that run with JetStream"
        ) from None
    jetstream = client.jetstream(timeout=_CONNECTING_SECONDS)
    try:
        await _make_ready(jetstream)
    except (NatsError, APIError, TimeoutError) as refused:
        await client.close()
        raise CannotOpen(
            f"NATS_URL: no stream {STREAM} can be kept there ({refused}); start the servers with JetStream (-js) and"
            " give this user the rights to it"
        ) from None
    return HitStream(client, jetstream)


class _Complaints:
    """What the client says goes wrong while it tries again and again; the same words are logged once a minute."""

    def __init__(self) -> None:
        self.last = ""
        self._silent_until = 0.0

    async def heard(self, error: Exception) -> None:
        words, now = str(error) or type(error).__name__, asyncio.get_running_loop().time()
        if words != self.last or now > self._silent_until:
            log.warning("nats_trouble", why=words)
            self._silent_until = now + 60
        self.last = words


_CONSUMER = ConsumerConfig(
    durable_name=RECORDERS,
    ack_policy=AckPolicy.EXPLICIT,
    ack_wait=_ACK_WAIT_SECONDS,
    max_ack_pending=10_000,
)


async def _make_ready(jetstream: JetStreamContext) -> None:
    """Stream and consumer, waiting for a cluster that has just lost a node: it elects another leader in seconds."""
    ends_at = asyncio.get_running_loop().time() + _ELECTION_SECONDS
    while True:
        try:
            await _make_stream(jetstream)
            await jetstream.add_consumer(STREAM, _CONSUMER)
            return
        except (NatsTimeout, ServiceUnavailableError):
            if asyncio.get_running_loop().time() > ends_at:
                raise
            await asyncio.sleep(_PAUSE_SECONDS)


async def _make_stream(jetstream: JetStreamContext) -> None:
    try:
        await jetstream.stream_info(STREAM)
        return  # whoever runs the servers may have changed it: it stays as it is
    except NotFoundError:
        pass
    for copies in (_SAFE, 1):
        try:
            # A message goes once it is recorded; a stream that is full refuses new ones, rather than losing old ones.
            await jetstream.add_stream(
                StreamConfig(
                    name=STREAM,
                    subjects=[SUBJECT],
                    storage=StorageType.FILE,
                    retention=RetentionPolicy.WORK_QUEUE,
                    discard=DiscardPolicy.NEW,
                    num_replicas=copies,
                )
            )
            return
        except APIError:
            if copies == 1:
                raise


async def _opened(message: Msg) -> Taken | None:
    """The message's hits; one that holds none, or nothing that we wrote, is done with."""
    try:
        hits = batch_of("", message.data.decode()).hits
    except (ValueError, TypeError, AttributeError):
        log.error("foreign_message_in_the_stream", size=len(message.data))
        await message.term()
        return None
    if not hits:
        await message.ack()
        return None
    return Taken(message, hits)


def _parts(rows: Sequence[Row]) -> list[Sequence[Row]]:
    """The rows as messages of a size that servers take; a single empty one where there are none."""
    parts: list[list[Row]] = [[]]
    size = 0
    for row in rows:
        length = len(str(row.facts)) * 2  # escapes may double a text
        if parts[-1] and (len(parts[-1]) >= _MOST_ROWS or size + length > _MOST_BYTES):
            parts.append([])
            size = 0
        parts[-1].append(row)
        size += length
    return list(parts)
