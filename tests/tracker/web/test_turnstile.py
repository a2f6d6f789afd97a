"""The turnstile: a person passes, a crowd of one waits, and a crowd of many costs no memory."""

from tracker.web.turnstile import Turnstile


class HandClock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_and_the_next_visit_does_not() -> None:
    turnstile = Turnstile(3, 2.0, HandClock())

    assert [turnstile.admits("192.0.2.1") for _ in range(4)] == [True, True, True, False]


def test_who_waits_passes_again() -> None:
    clock = HandClock()
    turnstile = Turnstile(3, 2.0, clock)
    for _ in range(10):
        turnstile.admits("192.0.2.1")

    clock.now += 2.0

    assert [turnstile.admits("192.0.2.1") for _ in range(2)] == [True, False]


def test_one_does_not_wait_for_another() -> None:
    turnstile = Turnstile(1, 2.0, HandClock())
    turnstile.admits("192.0.2.1")

    assert turnstile.admits("192.0.2.2")


def test_a_home_network_of_ipv6_is_one_visitor() -> None:
    turnstile = Turnstile(1, 2.0, HandClock())
    turnstile.admits("2001:db8:0:1::1")

    assert not turnstile.admits("2001:db8:0:1::2")


def test_visitors_without_an_address_share_one_place() -> None:
    turnstile = Turnstile(1, 2.0, HandClock())
    turnstile.admits(None)

    assert not turnstile.admits("rubbish")


def test_a_crowd_of_new_addresses_pushes_out_the_oldest_only() -> None:
    turnstile = Turnstile(1, 2.0, HandClock())
    turnstile.admits("192.0.2.1")
    turnstile.admits("192.0.2.2")

    for number in range(9_999):
        turnstile.admits(f"10.0.{number // 256}.{number % 256}")

    assert not turnstile.admits("192.0.2.2")
    assert turnstile.admits("192.0.2.1")
