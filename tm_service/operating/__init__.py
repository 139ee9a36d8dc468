"""Operating: the files by which systemd and containers start the house; written out, not installed."""

import os
from collections.abc import Mapping
from functools import cache
from importlib.resources import files as resources
from pathlib import Path

from tm_service.domain.errors import ConfigurationError

_OURS = (".py", ".pyc")


@cache
def files() -> Mapping[str, str]:
    """Each file by its name."""
    found = resources("tm_service.operating").iterdir()
    return {one.name: one.read_text("utf-8") for one in found if one.is_file() and not one.name.endswith(_OURS)}


def write_files(folder: Path) -> tuple[list[str], list[str]]:
    """Write into a folder what is not there yet: the names of what was written, and of what is there and is different.

    Raises ConfigurationError.
    """
    written, different = [], []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in sorted(files().items()):
            try:
                with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as file:
                    file.write(text.encode())
            except FileExistsError:
                if (folder / name).read_bytes() != text.encode():
                    different.append(name)
            else:
                written.append(name)
    except OSError as error:
        raise ConfigurationError(f"{folder} cannot be written: {error.strerror}; name another folder.") from error
    return written, different
