"""How a command ends when it cannot do what was asked."""


class Failed(Exception):
    """What is wrong and what to do next, in one sentence for the person at the terminal."""
