"""`python -m tracker`, which is also the console script `twotick`."""

import sys

from tracker.cli import run


def main() -> int:
    """Run the command line; the exit code."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
