"""The example site: a real git repository of an imaginary clearing-house, the same to the last commit id each time."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from git import Git, GitCommandError

from tm_service.demo.history import Step, steps
from tm_service.demo.phrases import LOCALES
from tm_service.domain.errors import ConfigurationError

AUTHOR = "Example Site <site@example.org>"
BRANCH = "main"


@dataclass(frozen=True, slots=True)
class ExampleSite:
    """Where it was built, and its releases: tag to commit id, oldest first."""

    folder: Path
    releases: Mapping[str, str]

    @property
    def head(self) -> str:
        return list(self.releases.values())[-1]


def build_site(folder: Path, *, until: str | None = None) -> ExampleSite:
    """Build the site up to and with a release (None: the last); building further in the same folder goes on from there.

    Raises NotFound for an unknown release, ConfigurationError where the folder holds something else.
    """
    past = tuple(steps(until))
    _check_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    git = Git(folder)
    with git.custom_environment(**_environment(folder)):
        git.init("--quiet", "--template=")
        git.symbolic_ref("HEAD", f"refs/heads/{BRANCH}")
        _import(git, folder, past)
        git.reset("--quiet", "--hard", BRANCH)
        tags = [step.tag for step in past if step.tag]
        return ExampleSite(folder, {tag: git.rev_parse(f"refs/tags/{tag}") for tag in tags})


def sites_toml(folder: Path) -> str:
    """Write the `sites.toml` that describes the site built in a folder."""
    return f"""\
[site.demo]
connector  = "git"
repository = {json.dumps(str(folder.resolve()), ensure_ascii=False)}
branch     = "{BRANCH}"
source     = "en"
locales    = {json.dumps(LOCALES)}
minimum_state = "translated"

[site.demo.codes]  # as translation tools write them
ar = "ar-SA"
es = "es-ES"
fr = "fr-FR"
ru = "ru-RU"
zh = "zh-CN"

[[site.demo.content]]
match     = "texts/**/*.json"
extractor = "json"
dialect   = "md5-meta"
target    = "i18n/{{locale}}/{{path}}"
serve     = "keep-dated"
"""


def _check_folder(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / ".git").is_dir():
        raise ConfigurationError(f"{folder} holds other files; name an empty folder for the example site.")


def _environment(folder: Path) -> dict[str, str]:
    """Nobody's git configuration, and this folder's repository even when started from a hook of another one."""
    repository = folder.resolve() / ".git"
    return {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_COUNT": "0",
        "GIT_CONFIG_PARAMETERS": "",
        "GIT_DEFAULT_HASH": "sha1",
        "GIT_DIR": str(repository),
        "GIT_WORK_TREE": str(folder.resolve()),
        "GIT_INDEX_FILE": str(repository / "index"),
        "GIT_OBJECT_DIRECTORY": str(repository / "objects"),
    }


def _import(git: Git, folder: Path, past: Iterable[Step]) -> None:
    # fast-import writes the objects as given: no signing, no hooks, no line ends changed on the way.
    with TemporaryFile() as stream:
        for number, step in enumerate(past, 1):
            stream.writelines(_commit(number, step))
        stream.seek(0)
        try:
            git.fast_import("--quiet", istream=stream)
        except GitCommandError as error:
            raise ConfigurationError(
                f"{folder} holds a repository with other commits than the example site's; name an empty folder."
            ) from error


def _commit(number: int, step: Step) -> Iterator[bytes]:
    """One commit in fast-import's language (git-fast-import(1)): the whole tree, then its tag."""
    yield f"commit refs/heads/{BRANCH}\nmark :{number}\n".encode()
    yield f"committer {AUTHOR} {int(step.at.timestamp())} +0000\n".encode()
    yield _data(f"{step.message}\n".encode())
    yield b"deleteall\n"
    for path, content in step.files.items():
        yield f"M 100644 inline {path}\n".encode()
        yield _data(content)
    if step.tag:
        yield f"reset refs/tags/{step.tag}\nfrom :{number}\n\n".encode()


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)
