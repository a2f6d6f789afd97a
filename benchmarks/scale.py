"""Target 7: nodes, sizes and cost a month on paper, from measured figures: `python -m benchmarks.scale`."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.targets import Section

_DAY, _MONTH = 86_400, 30  # seconds, days
_KEPT_DAYS = 180
_HALF = 0.5  # nothing is planned to be busier than this at the peak
_TLS = 2.0  # what TLS makes of a web core's time: assumed
_STREAM_BYTES, _ANSWER_BYTES = 600, 1_000  # a hit in the stream, and a fetch with its answer and TLS: assumed
_COPIES = 3  # of the stream
_STREAM_HITS = 6_000.0  # a second and vCPU of a NATS node: assumed
# Dollars a month: a vCPU with 4 GB, a GB of SSD, a GB sent.
_A_VCPU, _A_GB, _A_GB_SENT = 25.0, 0.10, 0.05


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: hits a second of one core that answers, records, or writes for recorders; bytes on disk."""

    web: float = 30_900.0
    recorder: float = 6_000.0
    database: float = 9_000.0
    bytes_a_hit: float = 320.0

    @classmethod
    def of(cls, found: Mapping[str, float]) -> "Figures":
        """Those of a run, and the usual ones for what it left out."""
        usual = cls()
        return cls(
            found.get("web", usual.web),
            found.get("recorder", usual.recorder),
            found.get("database", usual.database),
            found.get("bytes a hit on PostgreSQL", usual.bytes_a_hit),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """An installation for so many hits a day: vCPUs by part, sizes in GB."""

    hits_a_day: float
    peak_factor: float
    web: int
    recorders: int
    stream: int
    database: int
    stream_gb: float
    kept_gb: float
    sent_gb: float

    @property
    def peak(self) -> float:
        return self.hits_a_day / _DAY * self.peak_factor

    @property
    def cost(self) -> float:
        """Of a month: machines, disks with the standby's, traffic."""
        disks = 2 * self.kept_gb + _COPIES * self.stream_gb if self.database else self.kept_gb
        vcpus = self.web + self.recorders + self.stream + self.database
        return vcpus * _A_VCPU + disks * _A_GB + self.sent_gb * _A_GB_SENT


def planned(hits_a_day: float, peak_factor: float, figures: Figures) -> Plan:
    """What it takes; one machine of two vCPUs where all of it fits on one core."""
    average = hits_a_day / _DAY
    peak = average * peak_factor
    kept = hits_a_day * _KEPT_DAYS * figures.bytes_a_hit / 1e9
    sent = hits_a_day * _MONTH * _ANSWER_BYTES / 1e9
    busy = peak * (_TLS / figures.web + 1 / figures.recorder + 1 / figures.database)
    if busy < _HALF:
        return Plan(hits_a_day, peak_factor, 2, 0, 0, 0, 0.0, kept, sent)
    return Plan(
        hits_a_day,
        peak_factor,
        web=_vcpus(peak * _TLS / figures.web, at_least=3),
        recorders=_vcpus(peak / figures.recorder, at_least=2),
        stream=_COPIES * _vcpus(peak / _STREAM_HITS / _COPIES, at_least=2),
        database=2 * _vcpus(peak / figures.database, at_least=4),
        stream_gb=average * 3600 * _STREAM_BYTES / 1e9,
        kept_gb=kept,
        sent_gb=sent,
    )


def _vcpus(cores: float, at_least: int) -> int:
    return max(at_least, math.ceil(cores / _HALF))


def section(found: Mapping[str, float]) -> Section:
    figures = Figures.of(found)
    plans = [planned(hits, factor, figures) for hits, factor in ((1e6, 10.0), (1e8, 5.0), (1e10, 3.0))]
    return Section(
        7,
        "Scale, on paper",
        table=[("hits a day", *(f"{plan.hits_a_day / 1e6:,.0f} M" for plan in plans)), *_rows(plans)],
        told=[
            f"From measured figures: a core answers {figures.web:,.0f} hits/s and records {figures.recorder:,.0f};"
            f" PostgreSQL writes {figures.database:,.0f} a CPU second; {figures.bytes_a_hit:.0f} bytes on disk a hit."
            f" **Assumed**: TLS doubles a web core's work; {_STREAM_HITS:,.0f} hits/s a vCPU of the stream; nothing is"
            f" busier than half at the peak; ${_A_VCPU:.0f} a vCPU, ${_A_GB:.2f} a GB of disk, ${_A_GB_SENT:.2f} a GB"
            " sent; no backups, nobody's time. One PostgreSQL has an end somewhere above 100 M hits a day, and"
            " Twotick does not spread over several: docs/scaling.md says what gives first, and what replaces it.",
        ],
    )


def _rows(plans: list[Plan]) -> list[tuple[str, ...]]:
    alone = "with the web"
    return [
        ("peak hits/s", *(f"{plan.peak:,.0f}" for plan in plans)),
        ("web vCPU", *(f"{plan.web}" for plan in plans)),
        ("recorder vCPU", *(f"{plan.recorders}" if plan.recorders else alone for plan in plans)),
        ("stream vCPU, three nodes", *(f"{plan.stream}" if plan.stream else "none" for plan in plans)),
        ("stream GB a node, an hour", *(f"{plan.stream_gb:,.1f}" for plan in plans)),
        ("PostgreSQL vCPU, with a standby", *(f"{plan.database}" if plan.database else alone for plan in plans)),
        (f"GB on disk, {_KEPT_DAYS} days", *(f"{plan.kept_gb:,.0f}" for plan in plans)),
        ("GB sent a month", *(f"{plan.sent_gb:,.0f}" for plan in plans)),
        ("dollars a month", *(f"{plan.cost:,.0f}" for plan in plans)),
    ]


if __name__ == "__main__":
    print("\n".join(section({}).lines()))
