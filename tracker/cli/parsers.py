"""The type of what argparse hands around, which argparse itself keeps private."""

from argparse import ArgumentParser
from typing import Protocol


class Commands(Protocol):
    """Where a command adds its parser."""

    def add_parser(self, name: str, *, help: str) -> ArgumentParser: ...
