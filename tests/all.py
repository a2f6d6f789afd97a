"""Every test, in processes side by side: those with real processes, browsers and databases wait most of their time."""

import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO

_ROOT = Path(__file__).parent.parent
_WAITING = ("tests/flows", "tests/browser", "tests/ports", "tests/benchmarks", "tests/tracker/store")


def main() -> int:
    """Run all parts; what a waiting part printed comes after the others. The worst of their results."""
    flows = sorted(str(path.relative_to(_ROOT)) for path in (_ROOT / "tests/flows").glob("test_*.py"))
    parts = (flows[::2], [*flows[1::2], "tests/browser"], ["tests/ports", "tests/benchmarks", "tests/tracker/store"])
    with ExitStack() as files:
        waiting = [(_started(part, printed := _file(files)), printed) for part in parts]
        results = [_started([f"--ignore={folder}" for folder in _WAITING], None).wait()]
        for process, printed in waiting:
            results.append(process.wait())
            printed.seek(0)
            print(f"\n{printed.read()}", flush=True)
    return max(results)


def _file(files: ExitStack) -> IO[str]:
    return files.enter_context(tempfile.TemporaryFile("w+"))


def _started(arguments: list[str], printed: object) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.Popen(command, cwd=_ROOT, stdout=printed, stderr=subprocess.STDOUT if printed else None)  # type: ignore[call-overload,no-any-return]


if __name__ == "__main__":
    sys.exit(main())
