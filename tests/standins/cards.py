"""`python -m tests.standins.cards FOLDER`: cards, Homes and windows as the product sent them, a file each."""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from tests.standins.card_alerts import ALERTS, Scene, Shown
from tests.standins.card_answers import ANSWERS
from tests.standins.card_stage import opened_stage
from tracker.store.migrating import migrate

SCENES: tuple[Scene, ...] = (*ALERTS, *ANSWERS)


async def played(migrated: Path, *scenes: Scene, trick: str = "") -> AsyncIterator[Shown]:
    """What these scenes show, by name; each has the product, and a copy of the migrated database, to itself.

    A `trick` is added to every subject and name of a recipient.
    """
    for scene in scenes:
        async with opened_stage(migrated, trick) as stage:
            async for name, shown in scene(stage):
                yield name, shown


async def keep_all(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as elsewhere:
        migrated = Path(elsewhere) / "twotick.sqlite3"
        await migrate(f"sqlite://{migrated}")
        async for name, shown in played(migrated, *SCENES):
            (folder / f"{name}.json").write_text(json.dumps(shown, ensure_ascii=False, indent=1) + "\n")
            print(f"{name}.json")


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("Usage: python -m tests.standins.cards FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(keep_all(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
