"""The plan on paper follows from the figures it is given."""

from benchmarks.scale import Figures, planned, section


def test_a_million_hits_a_day_need_one_small_machine() -> None:
    plan = planned(1e6, 10, Figures())

    assert (plan.web, plan.recorders, plan.stream, plan.database) == (2, 0, 0, 0)
    assert 50 < plan.cost < 70


def test_what_records_half_as_fast_needs_twice_as_many() -> None:
    fast, slow = (planned(1e10, 3, Figures(recorder=rate)) for rate in (6_000, 3_000))

    assert slow.recorders == 2 * fast.recorders
    assert (slow.web, slow.database) == (fast.web, fast.database)
    assert slow.cost > fast.cost


def test_the_plan_uses_what_a_run_measured() -> None:
    told = section({"web": 12_345.0, "bytes a hit on PostgreSQL": 456.0}).told[0]

    assert "12,345 hits/s" in told
    assert "456 bytes" in told
