"""Garbage: what a process that runs on need not look through again and again."""

import gc


def keep_what_is_loaded() -> None:
    """Leave modules and tables that were loaded at the start out of Python's search for garbage.

    They stay for as long as the process does, and looking through them all held
    up every pixel for some 50 ms a time.
    """
    gc.collect()
    gc.freeze()
