"""A schema after ours that cannot be reached."""

from tracker.store import migrations

# Ours, and one more beside this file.
__path__ = [*migrations.__path__, *__path__]
