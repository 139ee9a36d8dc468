"""sites.toml: what is accepted, and how every mistake is named."""

import re
from dataclasses import replace

import pytest

from tests.settings.texts import GOOD, RULE, SITE, changed, reading
from tm_service.bootstrap import vet
from tm_service.domain.edits import EditClass
from tm_service.domain.errors import ConfigurationError
from tm_service.domain.site import MemoryRef, Policy, State
from tm_service.sites_file import read_sites

DESIGN = """\
# sites.toml
[site.absch]
connector  = "git"                      # or "records"
repository = "path or URL"
branch     = "master"
source     = "en"
locales    = ["ar", "es", "fr", "ru", "zh"]
minimum_state = "translated"

[[site.absch.content]]
match     = "app/app-text/**/*.json"
extractor = "json"
dialect   = "md5-meta"                  # writes and reads the #meta block described below
target    = "i18n/{locale}/{path}"      # {path} is the source's path from the repository's root
serve     = "keep-dated"                # by edit class where finer: serve = { punctuation = "keep", number = "hold" }
"""


BROKEN = {
    "nothing": ("", "describes no site; write a table [site.NAME]"),
    "only a comment": ("# soon\n", "describes no site"),
    "an empty table of sites": ("[site]\n", "describes no site"),
    "a site that is a number": ("[site]\nreef = 3\n", "site.reef must be a table [site.reef]"),
    "sites that are a number": ("site = 3\n", "site must be a table [site]"),
    "another table": ("[sites.reef]\n" + GOOD, "sites is not known; the keys here are memory, site"),
    "a key without a value": (changed('branch     = "main"', "branch ="), "line 4"),
    "a value without quotes": (changed('"main"', "main"), "line 4"),
    "a key twice": (SITE + 'branch = "again"\n' + RULE, "line 8"),
    "a table twice": (GOOD + SITE, "line 15"),
    "an open quote": (SITE.replace('"translated"\n', '"translated'), "line 7"),
    "an open list": ('[site.reef]\nlocales = ["ar",\n', "line 2, the end of the file"),
    "Latin-1": (GOOD.replace("reef", "r\udce9cif"), "line 1 is not UTF-8"),
    "a capital in the name": (GOOD.replace("site.reef", "site.Reef"), "site.Reef is no site name; use small letters"),
    "a dash in the name": (GOOD.replace("site.reef", "site.the-reef"), "site.the-reef is no site name"),
    "a digit in front": (GOOD.replace("site.reef", "site.2reef"), "site.2reef is no site name"),
    "an empty name": (GOOD.replace("site.reef", 'site.""'), "is no site name"),
    "a misspelt key of a site": (changed("branch ", "brunch "), "site.reef.brunch is not known; the keys here are"),
    "a misspelt key of a rule": (changed("match ", "mach "), "site.reef.content[1].mach is not known"),
    "an unknown connector": (changed('"git"', '"ftp"'), "site.reef.connector is 'ftp'; choose one of git"),
    "no repository": (changed('repository = "reef"\n', ""), "site.reef.repository is missing; write a text"),
    "an empty repository": (changed('"reef"', '""'), "site.reef.repository is empty"),
    "a repository that is a number": (changed('"reef"', "7"), "site.reef.repository must be a text in quotes"),
    "a command as repository": (changed('"reef"', '"ext::sh -c id"'), "site.reef.repository: The transport 'ext::'"),
    "an option as repository": (changed('"reef"', '"--upload-pack=x"'), "site.reef.repository: "),
    "another scheme": (changed('"reef"', '"http://example.org/x.git"'), "site.reef.repository: The scheme"),
    "a password in the address": (changed('"reef"', '"https://a:b@example.org/x"'), "carries credentials"),
    "an empty branch": (changed('"main"', '""'), "site.reef.branch is empty"),
    "an option as branch": (changed('"main"', '"-f"'), "site.reef.branch: The ref '-f' is not allowed"),
    "an option as branch to push": (SITE + 'push_branch = "-f"\n' + RULE, "site.reef.push_branch: The ref '-f'"),
    "no locales": (changed('locales    = ["ar", "fr"]\n', ""), "site.reef.locales is missing; write a list"),
    "an empty list of locales": (changed('["ar", "fr"]', "[]"), "site.reef.locales must be a list of texts"),
    "locales in one text": (changed('["ar", "fr"]', '"ar fr"'), "site.reef.locales must be a list of texts"),
    "a number among the locales": (changed('["ar", "fr"]', '["ar", 3]'), "site.reef.locales must be a list of texts"),
    "an unknown locale": (changed('"fr"]', '"xx"]'), "site.reef.locales has no language 'xx'; there are"),
    "a locale twice": (changed('"fr"]', '"ar"]'), "site.reef.locales names a language twice"),
    "the source among the locales": (changed('"fr"]', '"en"]'), "or the source language"),
    "an unknown source": (changed('"en"', '"xx"'), "has no language 'xx'"),
    "an unknown state": (
        changed('"translated"', '"done"'),
        "site.reef.minimum_state is 'done'; choose one of translated",
    ),
    "the state of a proposal": (changed('"translated"', '"proposal"'), "site.reef.minimum_state is 'proposal'"),
    "a negative size": (SITE + "largest_file = -1\n" + RULE, "site.reef.largest_file must not be negative"),
    "a size in words": (SITE + 'largest_file = "5 MB"\n' + RULE, "site.reef.largest_file must be a whole number"),
    "true as a size": (SITE + "largest_file = true\n" + RULE, "site.reef.largest_file must be a whole number"),
    "more than all": (SITE + "alarm_at = 101\n" + RULE, "site.reef.alarm_at must not be more than 100"),
    "a code for a locale that is not there": (
        GOOD + '[site.reef.codes]\nru = "ru-RU"\n',
        "site.reef.codes.ru is not known; the keys here are ar, fr",
    ),
    "a code that is a path": (GOOD + '[site.reef.codes]\nar = "../x"\n', "site.reef.codes.ar is '../x'; write a code"),
    "one code for two": (
        GOOD + '[site.reef.codes]\nar = "fr"\n',
        "site.reef.codes.ar is 'fr', the code of fr; each locale needs its own",
    ),
    "an empty list of memories": (reading("[]"), 'site.reef.memories must be a list of texts such as ["own", "terms"]'),
    "memories in one text": (reading('"own"'), "site.reef.memories must be a list of texts"),
    "a memory twice": (reading('["own", "own"]'), "site.reef.memories names a memory twice"),
    "its own memory under both names": (reading('["own", "reef"]'), "site.reef.memories names a memory twice"),
    "a memory that is nowhere declared": (
        reading('["own", "birds"]'),
        "site.reef.memories names 'birds', which is not shared; read it only where [memory.birds] says shared = true",
    ),
    "the private memory of another site": (
        reading('["own", "shore"]') + GOOD.replace("site.reef", "site.shore"),
        "site.reef.memories names 'shore', which is not shared; read it only where",
    ),
    "a memory that is said to be private": (
        reading('["flora-terms"]').replace("= true", "= false"),
        "site.reef.memories names 'flora-terms', which is not shared",
    ),
    "memories as one number": ("memory = 3\n" + GOOD, "memory must be a table [memory]"),
    "a memory that is a number": ("[memory]\nshore = 3\n" + GOOD, "memory.shore must be a table [memory.shore]"),
    "a capital in a memory's name": (GOOD + "[memory.Shore]\n", "memory.Shore is no memory name; use small letters"),
    "a memory called own": (GOOD + "[memory.own]\n", "memory.own is no memory name; use small letters"),
    "a misspelt key of a memory": (
        GOOD + "[memory.a]\nshard = true\n",
        "memory.a.shard is not known; the keys here are",
    ),
    "a penalty in words": (GOOD + '[memory.a]\npenalty = "5 %"\n', "memory.a.penalty must be a whole number"),
    "a penalty below nothing": (GOOD + "[memory.a]\npenalty = -1\n", "memory.a.penalty must not be negative"),
    "a penalty beyond half": (GOOD + "[memory.a]\npenalty = 51\n", "memory.a.penalty must not be more than 50"),
    "sharing in words": (GOOD + '[memory.a]\nshared = "yes"\n', "memory.a.shared must be true or false"),
    "no content": (SITE, "site.reef.content is missing; write a table [[site.reef.content]]"),
    "content as one table": (GOOD.replace("[[site.reef.content]]", "[site.reef.content]"), "site.reef.content must be"),
    "an empty list of content": (SITE + "content = []\n", "site.reef.content must be tables [[site.reef.content]]"),
    "no match": (changed('match     = "texts/**/*.json"\n', ""), "site.reef.content[1].match is missing"),
    "an absolute match": (changed('"texts/', '"/texts/'), "site.reef.content[1].match begins outside the repository"),
    "no extractor": (changed('extractor = "json"\n', ""), "site.reef.content[1].extractor is missing"),
    "an unknown extractor": (
        changed('"json"', '"abacus"'),
        'site.reef.content[1].extractor: There is no extractor "abacus"',
    ),
    "an unknown dialect": (changed('"md5-meta"', '"sha"'), "site.reef.content[1].dialect: The json extractor has no"),
    "a mistake in the second rule": (
        GOOD + RULE.replace('"json"', '"abacus"'),
        'site.reef.content[2].extractor: There is no extractor "abacus"',
    ),
    "no target": (changed('target    = "i18n/{locale}/{path}"\n', ""), "site.reef.content[1].target is missing"),
    "a target without locale": (changed("{locale}/", ""), "site.reef.content[1].target needs {locale}"),
    "a target without a name": (changed("/{path}", "/all.json"), "site.reef.content[1].target needs {locale}, and"),
    "an unknown field": (changed("{path}", "{file}"), "site.reef.content[1].target has {file}; the fields are dir"),
    "a field's inside": (changed("{path}", "{path.x}"), "site.reef.content[1].target has {path.x}"),
    "a formatted field": (changed("{path}", "{path!r:>9}"), "site.reef.content[1].target formats a field"),
    "an open brace": (changed("{path}", "{path"), "site.reef.content[1].target has unmatched braces"),
    "a target above the repository": (changed('"i18n/', '"../i18n/'), "site.reef.content[1].target leads out"),
    "a target in git's own folder": (changed('"i18n/', '".git/'), "site.reef.content[1].target leads out"),
    "an unknown policy": (changed('"keep-dated"', '"drop"'), "site.reef.content[1].serve is 'drop'; the policies are"),
    "a policy that is a number": (changed('"keep-dated"', "1"), "site.reef.content[1].serve must be one of keep"),
    "an unknown edit class": (
        changed('"keep-dated"', '{ colour = "keep" }'),
        "site.reef.content[1].serve.colour is not known; the keys here are",
    ),
    "an unknown policy for an edit class": (
        changed('"keep-dated"', '{ number = "drop" }'),
        "site.reef.content[1].serve.number is 'drop'; choose one of keep",
    ),
    "an unknown tool": (
        GOOD + '\n[site.reef.hand_off]\nprofile = "quill"\n',
        "site.reef.hand_off.profile: There is no profile 'quill'; there are",
    ),
    "an unknown check": (
        GOOD + '\n[site.reef.checks]\nspeling = "off"\n',
        "site.reef.checks.speling: There is no such check; there are characters, comments, completeness",
    ),
    "a form that the format does not have": (
        GOOD + 'compiled = "i18n/{locale}/{path}.mo"\n',
        "site.reef.content[1].compiled: catalogs of json are loaded as they are; leave it out.",
    ),
    "parity in words": (GOOD + 'parity = "yes"\n', "site.reef.content[1].parity must be true or false"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_mistake_is_one_sentence_that_names_its_line_or_key(name, write):
    text, fragment = BROKEN[name]
    file = write(text)
    with pytest.raises(ConfigurationError) as refused:
        read_sites(file, vet)
    sentence = str(refused.value)
    assert fragment in sentence
    assert sentence.startswith(str(file))
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"There is no file .*/none\.toml; name a sites\.toml\."):
        read_sites(tmp_path / "none.toml")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        read_sites(tmp_path)


def test_the_shape_of_the_design_is_accepted_as_it_stands(write, tmp_path):
    site = read_sites(write(DESIGN), vet)["absch"]
    assert site.repository == str(tmp_path / "path or URL")
    assert (site.branch, site.source, site.locales) == ("master", "en", ("ar", "es", "fr", "ru", "zh"))
    assert site.minimum_state is State.TRANSLATED
    [rule] = site.content
    assert (rule.match, rule.extractor, rule.dialect) == ("app/app-text/**/*.json", "json", "md5-meta")
    assert site.target_path("app/app-text/a/b.json", "fr") == "i18n/fr/app/app-text/a/b.json"
    assert rule.policy(EditClass.SPACE) is Policy.KEEP
    assert rule.policy(EditClass.REWRITE) is Policy.KEEP_DATED


@pytest.mark.parametrize("name", ["completeness", "consistency", "placeholders", "repair", "seal", "source-link"])
def test_every_name_that_a_finding_has_can_be_set(name, write):
    site = read_sites(write(f'{GOOD}\n[site.reef.checks]\n{name} = "off"\n'), vet)["reef"]
    assert site.severities == {name: None}


def test_windows_line_ends_and_a_byte_order_mark_are_read(write):
    assert set(read_sites(write("\ufeff" + GOOD.replace("\n", "\r\n")))) == {"reef"}


def test_what_is_not_said_has_a_default(write):
    text = '[site.reef]\nrepository = "reef"\nlocales = ["fr"]\n' + re.sub("dialect.*\n|serve.*\n", "", RULE)
    site = read_sites(write(text), vet)["reef"]
    assert (site.connector, site.branch, site.source, site.codes) == ("git", "main", "en", {})
    assert (site.push_branch, site.largest_file, site.alarm_at) == ("", 5_000_000, 0.0)
    assert (site.content[0].dialect, site.content[0].parity) == ("", False)


def test_a_site_reads_and_writes_its_own_memory_where_nothing_is_said(write):
    assert read_sites(write(GOOD), vet)["reef"].memories == (MemoryRef("reef"),)


def test_memories_are_read_in_the_order_they_are_named_with_their_penalties(write):
    terms = MemoryRef("flora-terms", penalty=3, shared=True)
    assert read_sites(write(reading('["own", "flora-terms"]')), vet)["reef"].memories == (MemoryRef("reef"), terms)
    assert read_sites(write(reading('["flora-terms", "reef"]')), vet)["reef"].memories == (terms, MemoryRef("reef"))
    assert read_sites(write(reading('["flora-terms"]')), vet)["reef"].memories == (terms,)


def test_a_site_may_share_its_own_memory_and_say_what_its_matches_are_worth(write):
    shore = GOOD.replace("site.reef", "site.shore")
    text = reading('["own", "shore"]').replace("[memory.shore]", "[memory.shore]\nshared = true\npenalty = 50") + shore
    sites = read_sites(write(text), vet)
    shared = MemoryRef("shore", penalty=50, shared=True)
    assert sites["reef"].memories == (MemoryRef("reef"), shared)
    assert sites["shore"].memories == (shared,)


def test_a_site_by_another_name_leaves_the_private_memory_of_the_first_behind(write):
    site = read_sites(write(reading('["own", "flora-terms"]')), vet)["reef"]
    assert [memory.name for memory in replace(site, name="shore").memories] == ["flora-terms"]
    assert replace(read_sites(write(GOOD))["reef"], name="shore").memories == (MemoryRef("shore"),)


def test_codes_used_outside_are_known_by_locale(write):
    site = read_sites(write(GOOD + '[site.reef.codes]\nar = "ar-SA"\n'), vet)["reef"]
    assert (site.code("ar"), site.code("fr")) == ("ar-SA", "fr")


def test_one_policy_holds_for_every_edit(write):
    [rule] = read_sites(write(changed('"keep-dated"', '"hold"')))["reef"].content
    assert {rule.policy(edit) for edit in EditClass} == {Policy.HOLD}


def test_a_table_of_policies_holds_for_the_edits_it_names(write):
    table = '{ punctuation = "keep", number = "hold", rewrite = "source" }'
    [rule] = read_sites(write(changed('"keep-dated"', table)))["reef"].content
    assert rule.policy(EditClass.PUNCTUATION) is Policy.KEEP
    assert rule.policy(EditClass.NUMBER) is Policy.HOLD
    assert rule.policy(EditClass.REWRITE) is Policy.SOURCE
    assert rule.policy(EditClass.MODALITY) is Policy.KEEP_DATED


def test_a_parity_group_holds_what_is_not_harmless(write):
    [rule] = read_sites(write(re.sub("serve.*\n", "parity = true\n", GOOD)))["reef"].content
    assert rule.parity
    assert rule.policy(EditClass.REWRITE) is Policy.HOLD
    assert rule.policy(EditClass.SPACE) is Policy.KEEP


def test_a_repository_is_meant_from_the_folder_of_the_file(write, tmp_path, monkeypatch):
    file = write(changed('"reef"', '"../work/reef"'), "settings/sites.toml")
    monkeypatch.chdir("/")
    assert read_sites(file)["reef"].repository == str(tmp_path / "work" / "reef")


def test_a_tilde_is_the_home_folder_and_an_absolute_path_stays(write, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "ana"))
    assert read_sites(write(changed('"reef"', '"~/reef"')))["reef"].repository == str(tmp_path / "ana" / "reef")
    assert read_sites(write(changed('"reef"', '"/srv/reef.git"')))["reef"].repository == "/srv/reef.git"


@pytest.mark.parametrize(
    "address", ["https://example.org/reef.git", "ssh://git@example.org/reef", "git@example.org:reef.git"]
)
def test_an_address_stays_as_it_is(address, write):
    assert read_sites(write(changed('"reef"', f'"{address}"')), vet)["reef"].repository == address
