"""Names: made up without asking anybody, and those of hits in the order of time."""

from tests.makers import after
from tracker.clock import new_id, new_timed_id


def test_hits_are_named_in_the_order_of_their_milliseconds() -> None:
    moments = [after(milliseconds=number) for number in range(50)]

    names = [new_timed_id(at) for at in moments]

    assert names == sorted(names)


def test_no_two_names_are_the_same() -> None:
    names = [new_timed_id(after(0)) for _ in range(1000)] + [new_id() for _ in range(1000)]

    assert len(set(names)) == 2000


def test_a_name_fits_a_token() -> None:
    assert len(bytes.fromhex(new_id())) == 8
