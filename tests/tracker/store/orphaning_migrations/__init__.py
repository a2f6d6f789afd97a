"""A schema after ours that would lose accounts and keep their messages."""

from tracker.store import migrations

# Ours, and one more beside this file.
__path__ = [*migrations.__path__, *__path__]
