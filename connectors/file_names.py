"""File names: what a file that is sent may be called, by mail or in a folder."""

import unicodedata

from tm_service.domain.errors import ConfigurationError

_LONGEST_NAME = 200  # bytes; a file system takes 255, and a draft's name is longer than the file's


def checked_name(name: str) -> str:
    """Give back the name of a file that is a name and nothing more; raises ConfigurationError for any other."""
    if (
        not name.strip()
        or name.startswith(".")
        or any(mark in name for mark in '/\\:*?"<>|')
        or any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in name)
        or len(name.encode("utf-8", "replace")) > _LONGEST_NAME
    ):
        raise ConfigurationError(
            f"{name[:80].encode('unicode_escape').decode('ascii')!r} cannot be the name of a file that is sent;"
            " write a short name without folders, marks such as : or ?, or a dot at its start."
        )
    return name
