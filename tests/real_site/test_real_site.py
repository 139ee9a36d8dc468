"""The real site: two years of releases, held against the figures that were agreed."""

import json
import subprocess
from hashlib import md5
from pathlib import Path

import pytest
from click.testing import CliRunner

from tm_service.cli import main
from tm_service.domain.text import is_language

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "absch"
AT_MOST = {"ar": 3.9, "es": 3.8, "fr": 4.9, "ru": 4.0, "zh": 3.9}  # % of string-days in English with this service
SEEN = (25.0, 27.5)  # % of string-days that readers saw in English
TOML = """\
[site.absch]
connector  = "git"
repository = {repository}
branch     = "master"
source     = "en"
locales    = ["ar", "es", "fr", "ru", "zh"]
minimum_state = "translated"

[[site.absch.content]]
match     = "app/app-text/**/*.json"
extractor = "json"
dialect   = "md5-meta"
target    = "i18n/{{locale}}/{{path}}"
serve     = "keep-dated"
"""

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real site's repository is not at {DATA}")


@pytest.fixture
def ask(tmp_path):
    (tmp_path / "sites.toml").write_text(TOML.format(repository=json.dumps(str(DATA / "site-text.bundle"))), "utf-8")

    def asking(*words: object):
        done = CliRunner().invoke(main, [*map(str, words), "--json", "--home", str(tmp_path / "home")])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    asking("site", "add", tmp_path / "sites.toml")
    return asking


@pytest.mark.real_site
@pytest.mark.slow
@needs_data
def test_no_reader_would_have_seen_more_english_than_agreed_and_nothing_would_have_turned_back(ask):
    found = ask(
        *("replay", "absch", "--deployments", DATA / "deployments.csv"),
        *("--seen", DATA / "what_readers_saw.csv"),
    )
    assert set(found["locales"]) == set(AT_MOST)
    for locale, total in found["locales"].items():
        served = 100 * total["english_served"] / total["string_days"]
        seen = 100 * total["english_seen"] / total["string_days"]
        assert served <= AT_MOST[locale], locale
        assert SEEN[0] <= seen <= SEEN[1], locale
        assert total["reverts"] == 0, locale
    assert found["stopped"] == {}


@pytest.mark.real_site
@pytest.mark.slow
@needs_data
def test_the_site_shows_a_translation_for_every_unit_that_coverage_calls_covered_and_for_no_other(ask, tmp_path):
    ask("learn", "absch", "--history")
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    made = ask("deploy", "absch", "--into", checkout)
    paths = ask("coverage", "absch")["paths"]
    assert len(made["written"]) == sum(map(len, paths.values()))
    sources = sources_at(tmp_path, made["revision"])
    units = 0
    for locale, by_path in paths.items():
        for path, tally in by_path.items():
            english = sources[path]
            visible = shown(english, json.loads((checkout / "i18n" / locale / path).read_text("utf-8-sig")))
            assert len(visible) == tally["covered"], (locale, path)
            units += tally["units"]
    assert units > 25_000
    assert made["reverts"] == 0


def sources_at(tmp_path, revision):
    """The English files by path, read with git itself."""
    [clone] = (tmp_path / "home" / "clones").glob("*.git")

    def git(*words: str) -> bytes:
        return subprocess.run(["git", "-C", str(clone), *words], capture_output=True, check=True).stdout

    names = git("ls-tree", "-r", "-z", "--name-only", revision, "app/app-text").decode().split("\0")
    return {
        name: json.loads(git("show", f"{revision}:{name}").decode("utf-8-sig"))
        for name in names
        if name.endswith(".json")
    }


def shown(english, catalog):
    """The site's own display rule over texts that are language: which keys are not shown in English."""
    hashes = catalog.pop("#meta", {}).get("hashes", {})
    today, translated = dict(strings(english)), dict(strings(catalog))
    return {
        key
        for key, text in today.items()
        if text.strip()
        and is_language(text)
        and translated.get(key, "").strip()
        and hashes.get(key, digest(text)) == digest(text)
    }


def strings(node, path=()):
    if isinstance(node, str):
        yield ".".join(path), node
    elif isinstance(node, dict | list):
        for name, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from strings(value, (*path, str(name)))


def digest(text):
    return md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
