"""What a process-wide count rises by, whatever was counted before."""

from collections.abc import Iterator
from contextlib import contextmanager

from tracker.counts import Count, Words


@contextmanager
def counted(count: Count) -> Iterator[dict[Words, float]]:
    """The rise of each of its numbers, filled in when the block is over."""
    before, rise = count.numbers(), dict[Words, float]()
    yield rise
    numbers = {words: number - before.get(words, 0) for words, number in count.numbers().items()}
    rise.update({words: number for words, number in numbers.items() if number})
