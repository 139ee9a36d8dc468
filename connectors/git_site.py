"""Git site: a site's repository, read straight from the object database and written as plain commits."""

import re
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from threading import RLock
from types import MappingProxyType, TracebackType
from typing import Self

from connectors.git_addresses import Address, Kind, checked_ref, vetted
from connectors.git_clones import CLONE_HEAD, KEPT, LOCAL, TRACKED, fetch, is_cloned, open_repository, refs
from connectors.git_commands import GitCommands
from connectors.git_commits import (
    Draft,
    build,
    checked_branch,
    differing,
    is_ancestor,
    move,
    moved,
    origin,
    refuse_checked_out,
    restore,
    same_tree,
    send,
    tip,
)
from connectors.git_parsing import (
    LOG_FORMAT,
    TAG_FORMAT,
    Tree,
    commit_time,
    natural,
    read_changes,
    read_log,
    read_tree,
    time_of,
)
from tm_service.domain.errors import ConfigurationError, NotFound, ServiceError
from tm_service.domain.findings import Finding, Severity
from tm_service.domain.sentences import NO_BRANCH, NO_COMMITS, NO_REVISION
from tm_service.domain.units import Commit, FileChange, Revision

_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_FULL_ID = re.compile(r"[0-9a-f]{40}")
_SHORT_ID = re.compile(r"[0-9a-f]{4,40}(?:[~^].*)?", re.IGNORECASE)
_HEAD = re.compile(r"(?:HEAD|@)(?=$|[~^])")
_TREES_KEPT = 8
_BRANCHES_NAMED = 10
_RAW = ("-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--no-ext-diff", "--no-textconv")


class GitSite:
    """A site's repository, opened when it is first asked; threads may share it, `close` ends its processes.

    A path is read where it stands. An https, ssh or file address and a bundle are cloned, bare, into a folder below
    `cache`; there the remote's branches stand below refs/remotes/origin, and refs/heads holds what was committed
    here and not pushed. Raises ConfigurationError for an address or a branch that is not allowed.
    """

    def __init__(
        self, repository: str, *, branch: str, cache: Path, push_branch: str = "", allow_local: bool = True
    ) -> None:
        self._address = vetted(repository, allow_local=allow_local)
        self._branch = checked_ref(branch)
        self._push_branch = checked_ref(push_branch) or branch
        self._cache = cache
        self._allow_local = allow_local
        self._lock = RLock()
        self._opened: GitCommands | None = None
        self._trees: OrderedDict[str, Tree] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes that read objects."""
        with self._lock:
            if self._opened:
                self._opened.close()

    def refresh(self) -> None:
        """Fetch a clone anew, pruning what its remote dropped; a repository opened by its path is always current."""
        with self._lock:
            just_opened = self._opened is None
            git = self._git
        # Fetching waits for the network; who reads meanwhile does not wait for the fetch.
        if not just_opened and is_cloned(self._address):
            fetch(git, self._address)

    def resolve(self, ref: str) -> Revision:
        """Find a branch, a remote's branch, a tag, HEAD or a commit id, in this order; empty means the site's branch.

        Raises NotFound, and ConfigurationError for what git could take for an option, a range or a path.
        """
        wanted = checked_ref(ref) or self._branch
        candidates = (LOCAL + wanted, TRACKED + wanted) if not ref else self._candidates(wanted)
        for candidate in candidates:
            found = self._git.attempt("rev-parse", "--verify", "--quiet", "--end-of-options", candidate + "^{commit}")
            if not found.status:
                return self._revision(found.output.decode("ascii").strip(), wanted)
        raise self._missing(wanted, is_branch=not ref)

    def files(self, revision: str) -> Mapping[str, str]:
        """Path to blob id of every regular file; links, submodules and paths that are not UTF-8 are left out."""
        return MappingProxyType(self._tree(self._id(revision)).files)

    def read(self, blob: str) -> bytes:
        """Read the bytes of a blob. Raises NotFound."""
        kind, content = self._git.content(blob)
        if kind != "blob":
            raise NotFound(f"{blob} of {self._address} is a {kind}, not a file.")
        return content

    def size(self, blob: str) -> int:
        """Tell the size of a blob in bytes, without reading it. Raises NotFound."""
        return self._git.header(blob)[1]

    def changes(self, base: str, head: str) -> tuple[FileChange, ...]:
        """Regular files that differ, by path; an empty base means from nothing. Raises NotFound."""
        start = self._id(base) if base else _EMPTY_TREE
        args = ("diff-tree", *_RAW, "--end-of-options", start, self._id(head), "--")
        return read_changes(self._git.run("compare revisions of", *args).split(b"\0"))

    def history(self, head: str, seen: Collection[str] = ()) -> Iterator[Commit]:
        """First-parent history up to `head`, oldest first, without what the seen revisions reach; those may be gone."""
        known = [revision for revision in seen if self._has(revision)]
        order = ("--reverse", "--topo-order", "--first-parent", "--diff-merges=first-parent", "--root")
        form = ("--date=raw", "--encoding=UTF-8", "--no-show-signature", "--no-mailmap", f"--format={LOG_FORMAT}")
        reach = (self._id(head), *(("--not", *known) if known else ()))
        tokens = self._git.tokens("read the history of", "log", *order, *_RAW, *form, *reach, "--")
        return read_log(tokens)

    def tags(self, pattern: str = "*") -> tuple[Revision, ...]:
        """Tags by glob, annotated ones as the commits they name, by commit time, then by name."""
        listing = self._git.run("list the tags of", "for-each-ref", f"--format={TAG_FORMAT}", "--", "refs/tags")
        rows = (line.split("\0") for line in listing.decode("utf-8", "surrogateescape").splitlines())
        found = (self._tag(row) for row in rows if fnmatchcase(row[0].removeprefix("refs/tags/"), pattern))
        return tuple(sorted(filter(None, found), key=lambda tag: (tag.at, natural(tag.name), tag.name)))

    def commit(
        self,
        onto: Revision,
        files: Mapping[str, bytes],
        *,
        branch: str,
        message: str,
        at: datetime,
        push: bool,
        after: str = "",
    ) -> Revision:
        """One commit on `onto`, on `branch` (empty: the configured push branch), pushed on request, never by force.

        A branch of its own goes on from `after`, our last commit there, and from `onto`.

        Files that are there already make no commit: `onto` comes back. Raises Conflict where the branch moved
        meanwhile, here or at the remote; ConfigurationError for paths, branches and remotes that will not do;
        ConnectorError where git refuses.
        """
        git, name = self._git, branch or self._push_branch
        ref = checked_branch(git, name)
        stands = tip(git, name)
        beside = stands is not None and not is_ancestor(git, stands, onto.id)
        if beside and stands != after:
            raise moved(git, ref)
        tree = self._tree(self._id(onto.id))
        changed = differing(tree, files)
        here = refs(git, ref).get(ref)
        if changed:
            refuse_checked_out(git, ref)
            made = build(git, tree, Draft(onto.id, changed, message, at, after if beside else ""))
            if beside and is_ancestor(git, onto.id, after) and same_tree(git, made, after):
                return self._revision(after, name)
            self._publish(ref, made, here, push=push)
            return self._revision(made, name)
        if push and here is not None and refs(git, TRACKED + name).get(TRACKED + name) != here:
            self._publish(ref, here, here, push=push)
        return onto

    def findings(self) -> tuple[Finding, ...]:
        """Say what this clone lacks, and the command that mends it."""
        return tuple(self._lacks())

    @property
    def _git(self) -> GitCommands:
        with self._lock:
            if self._opened is None:
                self._opened = open_repository(self._address, self._cache)
            return self._opened

    def _publish(self, ref: str, commit: str, before: str | None, *, push: bool) -> None:
        """Move the branch, then push; where the push fails the branch goes back."""
        git = self._git
        target = self._push_address() if push else None
        if commit != before:
            move(git, ref, commit, before)
        if target is None:
            return
        try:
            send(git, target, commit, ref)
        except ServiceError:
            if commit != before:
                restore(git, ref, commit, before)
            raise
        if is_cloned(self._address):
            restore(git, ref, commit, None)

    def _push_address(self) -> Address:
        if not is_cloned(self._address):
            return origin(self._git, allow_local=self._allow_local)
        if self._address.kind is Kind.PATH:
            raise ConfigurationError(f"{self._address} is a bundle and takes no push; name the repository itself.")
        return self._address

    def _candidates(self, ref: str) -> tuple[str, ...]:
        if _HEAD.match(ref):
            return (_HEAD.sub(CLONE_HEAD if is_cloned(self._address) else "HEAD", ref),)
        if _FULL_ID.fullmatch(ref):
            return (ref,)
        named = (LOCAL + ref, TRACKED + ref, f"refs/remotes/{ref}", f"refs/tags/{ref}")
        return (*named, *([ref] if ref.startswith("refs/") or _SHORT_ID.fullmatch(ref) else []))

    def _missing(self, wanted: str, *, is_branch: bool) -> NotFound:
        known = refs(self._git, LOCAL, TRACKED)
        names = sorted({name.removeprefix(LOCAL).removeprefix(TRACKED) for name in known} - {"HEAD"})
        if not names and self._git.attempt("rev-parse", "--verify", "--quiet", "HEAD^{commit}").status:
            return NotFound(NO_COMMITS.say(repository=self._address, branch=self._branch))
        if not is_branch:
            return NotFound(NO_REVISION.say(repository=self._address, ref=wanted))
        more = ", ..." if len(names) > _BRANCHES_NAMED else ""
        there = ", ".join(names[:_BRANCHES_NAMED]) + more or "none"
        return NotFound(NO_BRANCH.say(repository=self._address, branch=wanted, branches=there))

    def _revision(self, commit: str, name: str) -> Revision:
        return Revision(commit, commit_time(self._git.content(commit)[1]), name)

    def _id(self, revision: str) -> str:
        return revision if _FULL_ID.fullmatch(revision) else self.resolve(revision).id

    def _has(self, revision: str) -> bool:
        try:
            return self._git.header(revision)[0] == "commit"
        except NotFound:
            return False

    def _tree(self, commit: str) -> Tree:
        with self._lock:
            if commit not in self._trees:
                kind, _ = self._git.header(commit)
                if kind != "commit":
                    raise NotFound(f"{commit} of {self._address} is a {kind}, not a commit.")
                listing = self._git.run("list the files of", "ls-tree", "-r", "-z", "--full-tree", commit)
                self._trees[commit] = read_tree(listing)
            self._trees.move_to_end(commit)
            while len(self._trees) > _TREES_KEPT:
                self._trees.popitem(last=False)
            return self._trees[commit]

    def _tag(self, row: list[str]) -> Revision | None:
        """None for a tag of something else than a commit, and for a name that is not UTF-8."""
        ref, kind, target, at, peeled_kind, peeled, peeled_at = row
        name = ref.removeprefix("refs/tags/")
        if not name.isprintable():
            return None
        if kind == "commit":
            return Revision(target, time_of(at), name)
        if peeled_kind == "commit":
            return Revision(peeled, time_of(peeled_at), name)
        return self._nested_tag(ref, name) if peeled_kind == "tag" else None

    def _nested_tag(self, ref: str, name: str) -> Revision | None:
        found = self._git.attempt("rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}")
        return None if found.status else self._revision(found.output.decode("ascii").strip(), name)

    def _lacks(self) -> Iterator[Finding]:
        git = self._git
        if (git.common_dir / "shallow").exists():
            yield Finding(
                "history",
                Severity.WARNING,
                f"{self._address} is a shallow clone: commits before its boundary and their texts are missing; "
                "run `git fetch --unshallow` in it.",
            )
        if git.attempt("config", "--get-regexp", r"^remote\..*\.promisor$").output and not is_cloned(self._address):
            yield Finding(
                "history",
                Severity.WARNING,
                f"{self._address} is a partial clone: files that it has not fetched cannot be read; "
                "run `git fetch --refetch --no-filter` in it.",
            )
        kept = refs(git, KEPT)
        if kept:
            yield Finding(
                "history",
                Severity.WARNING,
                f"{len(kept)} commits of the clone of {self._address} were never pushed and the branch went another "
                f"way; they are kept below {KEPT} in {git.git_dir}, deploy again to replace them.",
            )
