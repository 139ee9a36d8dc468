"""What a foreign repository or address must never be able to do."""

import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.git_addresses import Kind, vetted, without_secrets
from connectors.git_commands import reason
from connectors.git_site import GitSite
from tm_service.domain.errors import ConfigurationError, ConnectorError

AT = datetime(2024, 7, 30, 11, 22, 12, tzinfo=UTC)

ALLOWED = {
    "https://example.org/site.git": Kind.REMOTE,
    "ssh://git@example.org:2222/site.git": Kind.REMOTE,
    "git@example.org:group/site.git": Kind.REMOTE,
    "file:///srv/site.git": Kind.FILE,
    "/srv/site.git": Kind.PATH,
    "../site": Kind.PATH,
    "/srv/a:b/site": Kind.PATH,
    "/srv/site.bundle": Kind.PATH,
}
REFUSED = [
    "ext::sh -c 'touch x'",
    "ext://sh",
    "fd::7",
    "::x",
    "https::https://example.org/x",
    "git://example.org/x",
    "http://example.org/x",
    "ftp://example.org/x",
    "HTTPS://example.org/x",
    "--upload-pack=touch x",
    "-oProxyCommand=x@host:path",
    "git@-oProxyCommand=x:path",
    "git@host:-x",
    "ssh://-oProxyCommand=x/path",
    "ssh://-x@host/path",
    "https://example.org/a\nb",
    "https://example.org/%0ahost=evil",
    "file://host/share",
    "file:relative",
    "host:path",
    "https://",
    "https://[bad/x",
    "",
    "  ",
    "/srv/\x1b[31m",
]


@pytest.mark.parametrize("address", ALLOWED)
def test_an_allowed_address_is_told_by_kind(address):
    assert vetted(address).kind is ALLOWED[address]


@pytest.mark.parametrize("address", REFUSED)
def test_every_other_address_is_refused_in_one_printable_sentence(address, tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        GitSite(address, branch="main", cache=tmp_path)
    assert str(caught.value).isprintable()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address", ["https://ana:s3cret@example.org/x", "https://s3cret@example.org/x", "ssh://git:s3cret@example.org/x"]
)
def test_credentials_in_an_address_are_refused_and_not_repeated(address):
    with pytest.raises(ConfigurationError, match="git credential helper") as caught:
        vetted(address)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("address", ["git://ana:s3cret@example.org/x", "http://ana:s3cret@example.org/x"])
def test_no_refusal_repeats_a_password(address):
    with pytest.raises(ConfigurationError) as caught:
        vetted(address)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("address", ["/srv/site", "file:///srv/site", "site.bundle"])
def test_addresses_of_this_machine_may_be_forbidden(address):
    with pytest.raises(ConfigurationError, match="lies on this machine"):
        vetted(address, allow_local=False)


def test_errors_of_git_lose_their_secrets_and_their_line_ends():
    said = "hint: x\nfatal: unable to access 'https://ana:s3cret@example.org/x/': \x1b[31mno\nmore"
    assert reason(said) == "unable to access 'https://example.org/x/': [31mno"
    assert without_secrets("ssh://a:b@c/d and https://t@e/f") == "ssh://c/d and https://e/f"


@pytest.fixture
def trap(tmp_path):
    """Give a program that leaves a mark when it runs, and the mark's place."""
    mark, program = tmp_path / "ran", tmp_path / "trap.sh"
    program.write_text(f"#!/bin/sh\necho ran >>{shlex.quote(str(mark))}\nexit 1\n")
    program.chmod(0o755)
    return program, mark


def test_an_ext_address_is_refused_and_not_run(tmp_path):
    with pytest.raises(ConfigurationError, match=r"transport 'ext::' .* is not allowed"):
        GitSite(f"ext::sh -c touch% {tmp_path}/ran", branch="main", cache=tmp_path / "cache")
    assert not (tmp_path / "ran").exists()


def test_an_ext_address_hidden_in_an_origin_or_a_rewriting_is_refused_and_not_run(open_site, repository, trap):
    program, mark = trap
    bare = repository.bare("bare.git")
    site = open_site(bare.path)
    for key, value in {"remote.origin.pushurl": f"ext::{program}", f"url.ext::{program}.insteadOf": "/"}.items():
        bare.git("config", key, value)
        with pytest.raises((ConfigurationError, ConnectorError)):
            site.commit(site.resolve(""), {"a": b"1"}, branch="c", message="m", at=AT, push=True)
    assert not mark.exists()


def test_a_rewriting_of_this_machine_does_not_open_a_forbidden_transport(open_site, trap):
    program, mark = trap
    config = Path("~/.gitconfig").expanduser()
    rewritings = {"ext": f"ext::{program} ", "http": "http://127.0.0.1:9/"}
    for name, base in rewritings.items():
        config.write_text(f'[url "{base}"]\ninsteadOf = https://{name}.example.org/\n')
        with pytest.raises(ConnectorError, match=f"transport '{name}' not allowed"):
            open_site(f"https://{name}.example.org/x").resolve("")
    assert not mark.exists()


HOOKS = [
    "pre-commit",
    "post-commit",
    "commit-msg",
    "reference-transaction",
    "pre-push",
    "post-index-change",
    "post-checkout",
    "pre-auto-gc",
    "post-rewrite",
    "push-to-checkout",
    "fsmonitor-watchman",
]
SETTINGS = {
    "core.fsmonitor": "{}",
    "core.hooksPath": "hooks",
    "core.sshCommand": "{}",
    "core.pager": "{}",
    "core.editor": "{}",
    "core.alternateRefsCommand": "{}",
    "diff.external": "{}",
    "diff.trap.command": "{}",
    "diff.trap.textconv": "{}",
    "filter.trap.clean": "{}",
    "filter.trap.smudge": "{}",
    "filter.trap.process": "{}",
    "gpg.program": "{}",
    "log.showSignature": "true",
    "commit.gpgSign": "true",
    "push.gpgSign": "true",
    "credential.helper": "!{}",
    "remote.origin.receivepack": "{}",
    "remote.origin.uploadpack": "{}",
    "uploadpack.packObjectsHook": "{}",
    "pager.log": "{}",
    "alias.log": "!{}",
}


@pytest.mark.parametrize("opening", ["path", "file-url"])
def test_no_hook_or_setting_of_a_foreign_repository_runs(open_site, repository, trap, opening):
    program, mark = trap
    remote = repository.bare("remote.git")
    repository.commit("attributes", {".gitattributes": "*.json diff=trap filter=trap\n"})
    repository.git("remote", "add", "origin", str(remote.path))
    for hook in HOOKS:
        (repository.path / ".git/hooks" / hook).write_bytes(program.read_bytes())
        (repository.path / ".git/hooks" / hook).chmod(0o755)
    for key, value in SETTINGS.items():
        repository.git("config", key, value.format(program))
    repository.git("config", "core.hooksPath", str(repository.path / ".git/hooks"))
    if opening == "path":
        _walk(open_site(repository.path), push=True)
        assert "catalogs" in remote.git("branch")
    else:
        _walk(open_site(f"file://{repository.path}"), push=False)
    assert not mark.exists()


def _walk(site, *, push):
    head = site.resolve("")
    files = site.files(head.id)
    assert site.read(files["en/app.json"])
    assert site.changes("", head.id)
    assert list(site.history(head.id))
    site.refresh()
    site.commit(head, {"en/app.json": b"new"}, branch="catalogs", message="m", at=AT, push=push)
    site.findings()


def test_a_signature_is_not_verified_by_a_program_of_the_repository(open_site, repository, trap):
    program, mark = trap
    raw = repository.git("cat-file", "commit", "HEAD")
    head, _, message = raw.partition("\n\n")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    signed = f"{head}\n{signature}\n\n{message}\n".encode()
    commit = repository.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=signed)
    repository.git("config", "log.showSignature", "true")
    repository.git("config", "gpg.program", str(program))
    assert list(open_site(repository.path).history(commit))
    assert not mark.exists()


def test_a_partial_clone_fetches_nothing_by_itself(open_site, repository, trap):
    program, mark = trap
    place = repository.path.parent / "partial.git"
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.git("clone", "--quiet", "--bare", "--filter=blob:none", f"file://{repository.path}", str(place))
    blob = repository.id("HEAD:en/app.json")
    for key in ("remote.origin.uploadpack", "core.sshCommand"):
        repository.git("-C", str(place), "config", key, str(program))
    site = open_site(place)
    assert site.files("HEAD")["en/app.json"] == blob
    with pytest.raises(ConnectorError, match="damaged or was never fetched"):
        site.read(blob)
    assert not mark.exists()
    (finding,) = site.findings()
    assert "git fetch --refetch --no-filter" in finding.message


def test_replaced_objects_are_read_as_they_were(open_site, repository):
    blob = repository.id("HEAD:en/app.json")
    other = repository.git("hash-object", "-w", "--stdin", stdin=b"forged")
    repository.git("replace", blob, other)
    assert open_site(repository.path).read(blob) == b'{"a": "two"}'


def test_a_git_directory_in_the_environment_leads_nowhere(open_site, repository, new_repository, monkeypatch):
    """A build step or a hook may have set it."""
    other = new_repository("other")
    other.commit("other", {"o": "1"})
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    site = open_site(repository.path)
    assert "en/app.json" in site.files("HEAD")
