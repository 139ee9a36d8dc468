"""Pushes: what a git host says when a repository of a site moved, who may say so, and what is done then."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from tm_service.domain.jobs import ARGUMENTS, Arguments, JobKind
from tm_service.domain.signatures import hexadecimal, is_same, is_standard
from tm_service.domain.site import Site

_BRANCH, _TAG = "refs/heads/", "refs/tags/"
_PUSHES = frozenset({"push", "Push Hook", "Tag Push Hook"})
_PING = "ping"
_FORM = "application/x-www-form-urlencoded"
_FIELDS = 8  # of a form; one is sent
_ADDRESSES = (
    *("clone_url", "ssh_url", "git_url", "html_url", "url"),  # GitHub, Gitea
    *("git_http_url", "git_ssh_url", "http_url", "web_url"),  # GitLab
)


class Host(StrEnum):
    """Who sends a delivery."""

    GITHUB = "github"
    GITLAB = "gitlab"
    GITEA = "gitea"  # and Forgejo, which says the same


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery as it came: `headers` by name in small letters, `body` byte for byte; nothing of it is believed yet."""

    headers: Mapping[str, str] = field(repr=False)  # one of them may be a secret
    body: bytes = field(repr=False)

    @property
    def host(self) -> Host:
        if any(name.startswith("x-gitlab-") for name in self.headers):
            return Host.GITLAB
        return Host.GITEA if "x-gitea-event" in self.headers else Host.GITHUB  # Gitea speaks as GitHub too

    @property
    def event(self) -> str:
        return self._said(f"x-{self.host}-event")

    @property
    def number(self) -> str:
        """What the host calls this delivery; nobody signs it but GitLab."""
        if self.host is Host.GITLAB:
            names = ("webhook-id", "idempotency-key", "x-gitlab-event-uuid")
            return next((said for name in names if (said := self._said(name))), "")
        return self._said(f"x-{self.host}-delivery")

    def is_signed(self, secrets: Collection[str], now: datetime) -> bool:
        """Whether it comes from somebody who knows one of the secrets.

        GitHub: `X-Hub-Signature-256`; Gitea: `X-Gitea-Signature`; GitLab: the `webhook-signature` of its signing token, and
        where there is none, the secret token itself.
        """
        if self.host is Host.GITLAB:
            if signatures := self._said("webhook-signature"):
                said = self._said("webhook-id"), self._said("webhook-timestamp")
                return is_standard(secrets, signatures, *said, self.body, now)
            token = self._said("x-gitlab-token")
            return any(is_same(secret, token) for secret in secrets)
        signature = self._said("x-gitea-signature") or self._said("x-hub-signature-256").removeprefix("sha256=")
        return any(is_same(hexadecimal(secret, self.body), signature) for secret in secrets)

    @property
    def mark(self) -> str:
        """What a delivery is known by when it comes again, as far as it is signed: 64 hexadecimal digits.

        GitHub and Gitea sign the body alone, which tells when it was pushed: under another number it is the same delivery.
        """
        if self.host is not Host.GITLAB:
            return sha256(self.body).hexdigest()
        if self._said("webhook-signature"):
            return sha256(self.number.encode("utf-8", "surrogatepass")).hexdigest()
        return sha256(self.number.encode("utf-8", "surrogatepass") + b"\n" + self.body).hexdigest()

    def content(self) -> Mapping[str, object]:
        """What it says; nothing where it is no object of JSON."""
        try:
            written: str | bytes = self.body
            if self._said("content-type").startswith(_FORM):
                fields = parse_qs(self.body.decode("utf-8", "replace"), max_num_fields=_FIELDS)
                written = "".join(fields.get("payload", []))
            read = json.loads(written)
        except (ValueError, RecursionError):
            return {}
        return read if isinstance(read, dict) else {}

    def _said(self, name: str) -> str:
        return self.headers.get(name, "")


@dataclass(frozen=True, slots=True)
class Order:
    """What a delivery asks for, in this order; why nothing, where it asks for nothing."""

    jobs: Sequence[tuple[JobKind, Arguments]] = ()
    said: str = ""


def order(site: Site, delivered: Delivered, last_commit: str = "") -> Order:
    """What is done about a delivery that is signed; `last_commit` carries the catalogs that we pushed last."""
    if delivered.event == _PING:
        return Order(said=f"The hook of site {site.name} is set up.")
    if delivered.event not in _PUSHES:
        return Order(said="This is neither a push nor a tag; nothing is done about it.")
    content = delivered.content()
    ref, after = content.get("ref"), content.get("after")
    if not isinstance(ref, str) or not isinstance(after, str) or not ref.startswith((_BRANCH, _TAG)):
        return Order(said="This names neither a branch nor a tag that was pushed; nothing is done about it.")
    if why := _passed_over(site, content, ref, after, last_commit):
        return Order(said=f"{why}; nothing is done about it.")
    return _tagged(site, ref.removeprefix(_TAG)) if ref.startswith(_TAG) else _pushed(site, ref.removeprefix(_BRANCH))


def _passed_over(site: Site, content: Mapping[str, object], ref: str, after: str, last_commit: str) -> str:
    """Why nothing is done about a push, whatever was pushed; empty where something may be."""
    if not _is_of(site, content):
        return f"This is not of the repository of site {site.name}"
    if content.get("deleted") is True or not after.strip("0"):
        return f"{ref} was deleted"
    return f"{after[:12]} is what this service pushed itself" if after == last_commit else ""


def _pushed(site: Site, branch: str) -> Order:
    """Jobs are for the branch as it is when they begin: what was pushed meanwhile is in them."""
    if branch != site.branch:
        return Order(said=f"Site {site.name} is built from {site.branch}; nothing is done about {branch}.")
    return _order(site, site.hooks.push, {})


def _tagged(site: Site, tag: str) -> Order:
    if not fnmatchcase(tag, site.hooks.tags):
        return Order(
            said=f"Site {site.name} has hooks for tags such as {site.hooks.tags}; nothing is done about {tag}."
        )
    return _order(site, site.hooks.tag, {"ref": tag})


def _order(site: Site, kinds: Sequence[JobKind], at: Arguments) -> Order:
    told: dict[JobKind, Arguments] = {kind: at if "ref" in ARGUMENTS[kind] else {} for kind in kinds}
    if JobKind.DEPLOY in told and site.hooks.push_catalogs:
        told[JobKind.DEPLOY] = {**at, "push": True}
    said = "" if told else f"Site {site.name} has nothing to do then; its hooks in sites.toml say what there is."
    return Order(tuple(told.items()), said)


def _is_of(site: Site, content: Mapping[str, object]) -> bool:
    """Whether a delivery is of the site's repository; of one that is a folder here nobody outside knows the name."""
    own = repository_name(site.hooks.repository or site.repository)
    if not own:
        return True
    told = [part for name in ("repository", "project") if isinstance(part := content.get(name), dict)]
    named = [part.get(name) for part in told for name in _ADDRESSES]
    return own in {repository_name(address) for address in named if isinstance(address, str)}


def repository_name(address: str) -> str:
    """Host and path of a repository, the same for all ways to it; empty for a folder on this machine."""
    try:
        if "://" in address:
            parts = urlsplit(address)
            host, path = parts.hostname or "", parts.path
        else:
            host, _, path = address.rpartition("@")[2].partition(":")
            host = "" if "/" in host or not path else host
    except ValueError:
        return ""
    path = path.strip("/").removesuffix(".git")
    return f"{host}/{path}".lower() if host and path else ""
