"""Nothing is destroyed for being old by a clock that has just jumped ahead."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.makers import NOON
from tracker.steadiness import Steadiness


@dataclass
class Machine:
    """A clock that can be set, and the time that really goes by."""

    now = NOON
    seconds = 100.0

    def goes_on(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.seconds += timedelta(**span).total_seconds()

    def is_set(self, **ahead: float) -> None:
        self.now += timedelta(**ahead)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def steadiness(machine: Machine) -> Steadiness:
    return Steadiness(lambda: machine.now, lambda: machine.seconds)


def test_a_clock_that_goes_with_time_is_trusted(machine: Machine, steadiness: Steadiness) -> None:
    for hours in (0, 1, 1, 24 * 90):
        machine.goes_on(hours=hours)
        assert steadiness.trusted()


@pytest.mark.parametrize("drift", [timedelta(seconds=1), timedelta(seconds=-30)])
def test_a_clock_that_is_set_a_little_every_hour_is_trusted_for_ever(
    machine: Machine, steadiness: Steadiness, drift: timedelta
) -> None:
    for _ in range(1000):
        machine.goes_on(hours=1)
        machine.is_set(seconds=drift.total_seconds())
        assert steadiness.trusted()


def test_after_a_jump_ahead_nothing_is_old_until_a_day_went_by(machine: Machine, steadiness: Steadiness) -> None:
    machine.is_set(days=365)
    assert not steadiness.trusted()

    machine.goes_on(hours=23)
    assert not steadiness.trusted()
    machine.goes_on(hours=1)
    assert steadiness.trusted()


def test_a_clock_that_is_set_right_again_is_trusted_at_once(machine: Machine, steadiness: Steadiness) -> None:
    machine.is_set(days=365)
    assert not steadiness.trusted()

    machine.is_set(days=-365)

    assert steadiness.trusted()


def test_a_clock_that_goes_back_is_trusted_and_its_way_forward_again_too(
    machine: Machine, steadiness: Steadiness
) -> None:
    machine.is_set(days=-3)
    assert steadiness.trusted()

    machine.is_set(days=3)

    assert steadiness.trusted()
