"""Every test, in two processes side by side: those with real processes and browsers wait most of their time."""

import subprocess
import sys
import tempfile
from pathlib import Path

_WAITING = ("tests/flows", "tests/browser")
_ROOT = Path(__file__).parent.parent


def main() -> int:
    """Run both halves; what the waiting half printed comes after the other one. The worse of their results."""
    pytest = [sys.executable, "-m", "pytest", "-q"]
    with tempfile.TemporaryFile("w+") as printed:
        beside = subprocess.Popen([*pytest, *_WAITING], cwd=_ROOT, stdout=printed, stderr=subprocess.STDOUT)
        others = subprocess.run([*pytest, *(f"--ignore={folder}" for folder in _WAITING)], cwd=_ROOT, check=False)
        waiting = beside.wait()
        printed.seek(0)
        print(f"\n{' and '.join(_WAITING)}:\n{printed.read()}", flush=True)
    return max(others.returncode, waiting)


if __name__ == "__main__":
    sys.exit(main())
