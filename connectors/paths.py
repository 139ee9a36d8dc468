"""Paths: which names of files may be written into a repository or a checkout."""

import unicodedata

from tm_service.domain.errors import ConfigurationError


def checked_path(path: str) -> str:
    """Give back a path that stays below its root and outside `.git`; raises ConfigurationError for any other."""
    fault = _fault(path)
    if fault:
        shown = path.encode("unicode_escape", "replace").decode("ascii") if not path.isprintable() else path
        raise ConfigurationError(f"The path '{shown}' {fault}; mend the `target` of its content rule in sites.toml.")
    return path


def names_git_folder(name: str) -> bool:
    """Whether a file system may take this name for `.git`.

    Case, trailing dots and spaces, streams and short names are NTFS's ways; ignored characters are HFS+'s
    (CVE-2014-9390, CVE-2019-1353).
    """
    seen = name if name.isascii() else "".join(c for c in name if unicodedata.category(c) != "Cf")
    return seen.split(":", 1)[0].rstrip(". ").lower() in {".git", "git~1"}


def _fault(path: str) -> str:
    names = path.split("/")
    if not path or path.startswith("/"):
        return "is not relative to the root"
    if "\\" in path or _holds_control(path):
        return "holds a backslash, a control character or bytes that are not UTF-8"
    if any(name in {"", ".", ".."} for name in names):
        return "leaves its folder or names one twice"
    if any(names_git_folder(name) for name in names):
        return "reaches into git's own folder"
    return ""


def _holds_control(path: str) -> bool:
    if path.isascii():
        return not path.isprintable()
    return any(unicodedata.category(character) in {"Cc", "Cs"} for character in path)
