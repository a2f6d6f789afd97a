"""What the web process counts about itself, for /metrics."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
DOCUMENT = "document"
KINDS = ("open", "click", DOCUMENT)


class Meters:
    """Counters of one process, in a registry of their own so that a test or a second site starts at zero."""

    def __init__(self) -> None:
        self.registry = bare_registry()
        kept = Counter("twotick_hits_stored", "Hits made durable", ["kind"], registry=self.registry)
        lost = Counter("twotick_hits_not_stored", "Hits answered, but not kept", ["kind"], registry=self.registry)
        foreign = Counter(
            "twotick_foreign_tokens", "Fetches with a token we did not sign", ["kind"], registry=self.registry
        )
        self.stored = {kind: kept.labels(kind) for kind in KINDS}
        self.not_stored = {kind: lost.labels(kind) for kind in KINDS}
        self.foreign = {kind: foreign.labels(kind) for kind in KINDS}


def bare_registry() -> CollectorRegistry:
    """What every process tells: its memory, its time, its open files."""
    # Moments that nobody reads, and half as many lines again.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    return registry


def text_of(registry: CollectorRegistry) -> str:
    return generate_latest(registry).decode()
