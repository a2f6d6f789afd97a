"""What this process counted, in Prometheus' form."""

from collections.abc import Iterable, Sequence

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from tracker.counts import COUNTS, SPREADS, Count, Spread


class CountMeters(Collector):
    """Read at a scrape: counting itself costs what an addition costs."""

    def __init__(self, counts: Sequence[Count] = COUNTS, spreads: Sequence[Spread] = SPREADS) -> None:
        self._counts, self._spreads = counts, spreads

    def collect(self) -> Iterable[Metric]:
        for count in self._counts:
            counter = CounterMetricFamily(count.name, count.meaning, labels=count.labels)
            for words, number in count.numbers().items():
                counter.add_metric(words, number)
            yield counter
        for spread in self._spreads:
            yield HistogramMetricFamily(spread.name, spread.meaning, spread.steps(), spread.seconds)
