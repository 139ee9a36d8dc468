"""Git commits: builds a commit without a work tree, moves its branch, and pushes it without force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1
from pathlib import Path
from tempfile import TemporaryDirectory

from connectors.git_addresses import Address, checked_ref, vetted
from connectors.git_clones import LOCAL, TRACKED, refs, remote_tip
from connectors.git_commands import GitCommands
from connectors.git_parsing import Tree
from connectors.paths import checked_path
from tm_service.domain.errors import ConfigurationError, Conflict, ConnectorError
from tm_service.domain.sentences import BRANCH_MOVED

_NAME, _MAIL = "tm-service", "tm-service@localhost"
_NOTHING = "0" * 40
LONGEST_PUSH = 120.0  # seconds; nobody else writes into the store meanwhile
_REJECTED = ("[rejected]", "cannot lock ref", "incorrect old value", "reference already exists")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a commit will say: its tree's base, the files that differ, its message and its time.

    `after` is the commit of ours that the branch stands at, where that is not behind `onto`: the second parent.
    """

    onto: str
    files: Mapping[str, bytes]
    message: str
    at: datetime
    after: str = ""


def differing(tree: Tree, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Leave only the files that are not yet in the tree with these bytes.

    Raises ConfigurationError for paths that leave the repository, ConnectorError where a link, a submodule,
    a file or a folder stands in the way.
    """
    folders = {parent for path in tree.files for parent in _parents(path)}
    for path in files:
        checked_path(path)
        blocked = next((place for place in (*_parents(path), path) if place in tree.special), None)
        if blocked:
            raise ConnectorError(f"{blocked} is a link or a submodule; {path} is not written through it.")
        blocked = next((place for place in _parents(path) if place in tree.files or place in files), None)
        if blocked or path in folders:
            raise ConnectorError(f"{path} cannot be written: {blocked or path} is a file in one place, a folder here.")
    return {path: content for path, content in sorted(files.items()) if tree.files.get(path) != _blob_id(content)}


def build(git: GitCommands, tree: Tree, draft: Draft) -> str:
    """Write blobs, tree and commit into the object database; nothing points to them yet. Returns the commit's id."""
    with TemporaryDirectory(prefix="tm-service-") as folder:
        blobs = _write_blobs(git, draft.files, Path(folder))
        index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
        git.run("read the tree of", "read-tree", draft.onto, env=index)
        entries = "".join(
            f"{'100755' if path in tree.executable else '100644'} {blobs[path]}\t{path}\0" for path in draft.files
        )
        git.run("stage files of", "update-index", "-z", "--index-info", stdin=entries.encode("utf-8"), env=index)
        root = git.run("write a tree into", "write-tree", env=index).decode("ascii").strip()
    message = draft.message.rstrip("\n") + "\n"
    parents = [part for parent in (draft.after, draft.onto) if parent for part in ("-p", parent)]
    command = ("commit-tree", "--no-gpg-sign", *parents, "-F", "-", root)
    commit = git.run("write a commit into", *command, stdin=message.encode("utf-8"), env=identity(draft.at))
    return commit.decode("ascii").strip()


def identity(at: datetime) -> dict[str, str]:
    """Name the author and committer of everything the house commits, at a time with a zone."""
    if at.tzinfo is None:
        raise ValueError("A commit's time has a zone.")
    time = f"@{int(at.timestamp())} {at.strftime('%z')[:5]}"
    return {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", _NAME), ("EMAIL", _MAIL), ("DATE", time))
    }


def checked_branch(git: GitCommands, branch: str) -> str:
    """Give the full ref of a branch that git allows. Raises ConfigurationError."""
    ref = LOCAL + checked_ref(branch)
    if not branch or git.attempt("check-ref-format", ref).status:
        raise ConfigurationError(f"'{branch}' is not a name for a branch; mend `branch` or `push_branch`.")
    return ref


def tip(git: GitCommands, branch: str) -> str | None:
    """Where a branch stands: here, or else as last fetched."""
    names = (LOCAL + branch, TRACKED + branch)
    known = refs(git, *names)
    return next((known[name] for name in names if name in known), None)


def is_ancestor(git: GitCommands, old: str, new: str) -> bool:
    """Whether a branch at `old` could be moved to `new` without losing a commit."""
    return not git.attempt("merge-base", "--is-ancestor", old, new).status


def same_tree(git: GitCommands, one: str, other: str) -> bool:
    """Whether two commits hold the same files."""
    trees = {git.run("read a tree of", "rev-parse", "--verify", f"{commit}^{{tree}}") for commit in (one, other)}
    return len(trees) == 1


def refuse_checked_out(git: GitCommands, ref: str) -> None:
    """Refuse to move a branch under a work tree: every file in it would look edited."""
    listing = git.run("list the work trees of", "worktree", "list", "--porcelain", "-z")
    if f"branch {ref}".encode() in listing.split(b"\0"):
        raise ConfigurationError(
            f"The branch '{ref.removeprefix(LOCAL)}' is checked out in {git.shown}; "
            "configure another `push_branch`, or a bare repository."
        )


def move(git: GitCommands, ref: str, new: str, old: str | None) -> None:
    """Point a branch at a commit, if it still stands where it stood (None: nowhere). Raises Conflict."""
    outcome = git.attempt("update-ref", "-m", "tm-service: commit", "--", ref, new, old or _NOTHING)
    if outcome.status and refs(git, ref).get(ref) != old:
        raise moved(git, ref)
    if outcome.status:
        raise git.fault(f"move the branch '{ref.removeprefix(LOCAL)}' of", outcome.errors)


def restore(git: GitCommands, ref: str, new: str, old: str | None) -> None:
    """Take a move back, unless someone went on from it meanwhile."""
    if old is None:
        git.attempt("update-ref", "-d", "--", ref, new)
    else:
        git.attempt("update-ref", "--", ref, old, new)


def moved(git: GitCommands, ref: str) -> Conflict:
    return Conflict(BRANCH_MOVED.say(branch=ref.removeprefix(LOCAL), repository=git.shown))


def send(git: GitCommands, address: Address, commit: str, ref: str) -> None:
    """Push a commit to a branch, never by force. Raises Conflict where the remote moved, else ConnectorError.

    It is pushed from an empty repository that borrows the objects: the settings and hooks of a repository opened
    where it stands could name programs to run.
    """
    with TemporaryDirectory(prefix="tm-service-") as folder:
        git.run(
            "prepare a push from", "init", "--bare", "--quiet", "--template=", "--", folder, env={"GIT_DIR": folder}
        )
        env = {"GIT_DIR": folder} | _shallow(git)
        options = ("--porcelain", "--no-verify", "--no-follow-tags", "--recurse-submodules=no", "--no-force")
        where = ("--", address.location, f"{commit}:{ref}")
        outcome = git.speak("push", *options, *where, patience=LONGEST_PUSH, env=env)
    if not outcome.status or remote_tip(git, address, ref) == commit:  # its answer may have been lost on the way
        git.run("note the push of", "update-ref", "--", TRACKED + ref.removeprefix(LOCAL), commit)
        return
    said = outcome.output.decode("utf-8", "replace")
    if any(mark in said for mark in _REJECTED):
        raise moved(git, ref)
    refusal = next((line.split("\t")[-1] for line in said.splitlines() if line.startswith("!")), outcome.errors)
    raise git.fault(f"push '{ref.removeprefix(LOCAL)}' from", refusal)


def origin(git: GitCommands, *, allow_local: bool) -> Address:
    """Where a repository opened by its path pushes to; its address passes the same allow-list."""
    for key in ("remote.origin.pushurl", "remote.origin.url"):
        found = git.attempt("config", "--get", key).output.decode("utf-8", "surrogateescape").strip("\n")
        if found:
            return vetted(_from(git, found), allow_local=allow_local)
    raise ConfigurationError(f"{git.shown} has no remote named origin to push to; add one, or deploy without pushing.")


def _from(git: GitCommands, address: str) -> str:
    """Read a relative path as relative to the repository that names it."""
    if ":" in address.split("/", 1)[0] or address.startswith(("/", "~", "-")):
        return address
    return str((Path(git.shown) / address).resolve())


def _shallow(git: GitCommands) -> dict[str, str]:
    boundary = git.common_dir / "shallow"
    return {"GIT_SHALLOW_FILE": str(boundary)} if boundary.exists() else {}


def _write_blobs(git: GitCommands, files: Mapping[str, bytes], folder: Path) -> dict[str, str]:
    """All files through one process, which reads them by name."""
    places = [folder / f"{number}.blob" for number in range(len(files))]
    for place, content in zip(places, files.values(), strict=True):
        place.write_bytes(content)
    listing = "".join(f"{place}\n" for place in places).encode()
    written = git.run("write files into", "hash-object", "-w", "--no-filters", "--stdin-paths", stdin=listing)
    return dict(zip(files, written.decode("ascii").split(), strict=True))


def _blob_id(content: bytes) -> str:
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _parents(path: str) -> Iterable[str]:
    """a/b/c: a, a/b."""
    names = path.split("/")
    return ["/".join(names[:depth]) for depth in range(1, len(names))]
