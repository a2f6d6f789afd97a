"""The schemas that were released: each migration ends one, and a database may come from any of them."""

import shutil
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tracker.store import migrations
from tracker.store.schema import known_migrations

RELEASES = known_migrations()


def schema_of(release: str, folder: Path) -> ModuleType:
    """A package in this folder with the migrations up to this one, as that release had them."""
    package = folder / f"until_{release}"
    if not package.exists():
        package.mkdir()
        (package / "__init__.py").touch()
        for name in RELEASES[: RELEASES.index(release) + 1]:
            shutil.copy(Path(migrations.__path__[0]) / f"{name}.py", package)
    if str(folder) not in __path__:
        __path__.append(str(folder))
    return import_module(f"{__name__}.{package.name}")
