"""A schema after ours, whose migration rebuilds the root of all tables."""

from tracker.store import migrations

# Ours, and one more beside this file.
__path__ = [*migrations.__path__, *__path__]
