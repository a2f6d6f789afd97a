"""What a recorder has taken from an intake and is not done with."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from tracker.model import Hit


class Holding(Protocol):
    """Something that carries hits by their ids, and is finished when none of them is left."""

    hits: dict[str, Hit]


Held = TypeVar("Held", bound=Holding)


def oldest_in(held: Sequence[Held], limit: int) -> Sequence[Hit]:
    hits = {hit_id: hit for one in held for hit_id, hit in one.hits.items()}
    return [hits[hit_id] for hit_id in sorted(hits)[:limit]]


def struck_out(held: Sequence[Held], hit_ids: Sequence[str]) -> tuple[list[Held], list[Held]]:
    """Strike out hits that are done: what is thereby finished, and what is left."""
    for one in held:
        for hit_id in hit_ids:
            one.hits.pop(hit_id, None)
    return [one for one in held if not one.hits], [one for one in held if one.hits]
