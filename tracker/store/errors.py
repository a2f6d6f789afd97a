"""What can be wrong with a database before anything is written to it."""


class CannotOpen(Exception):
    """The database cannot be used; the text names the setting and the path or server, and says why."""
