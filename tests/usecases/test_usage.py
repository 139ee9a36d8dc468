"""Usage: which key is used where, which are left, and whether each message file is still imported."""

import pickle
from dataclasses import replace

import pytest

from extractors import extractor
from extractors.source_code import SourceCode
from memory import match
from tests.fakes import SITE, FakeSite
from tm_service.domain.findings import Severity
from tm_service.domain.site import ContentRule
from tm_service.domain.units import key_text
from tm_service.domain.usage import CodeSettings
from tm_service.usecases.reading import SiteReader
from tm_service.usecases.usage import reach_alarms, site_usage

GARDEN = {"title": "Our garden", "beds": {"one": "First bed", "two": "Second bed"}, "old": "A bench that is gone"}
POND = {"title": "The pond", "depth": "How deep it is"}


def reader_of(files, site=SITE):
    repository = FakeSite()
    repository.write(files)
    return repository, SiteReader(site, repository, extractor, match)


def usage_of(files, site=SITE, **asked: object):
    return site_usage(reader_of(files, site)[1], SourceCode(), **asked)


def named(units):
    return sorted(f"{resource}:{key_text(key)}" for resource, key in units)


def test_a_key_is_found_in_the_message_file_that_its_component_imports():
    """Two files have a title; each component means its own."""
    found = usage_of(
        {
            "text/garden.json": GARDEN,
            "text/pond.json": POND,
            "app/garden.vue": """<template><h1>{{ $t('title') }}</h1></template>
<script>
import texts from '../text/garden.json';
export default { name: 'GardenView', i18n: { messages: { en: texts } } };
</script>""",
            "app/pond.vue": """<template><h1>{{ $t("title") }}</h1></template>
<script>import texts from '../text/pond.json'; export default { i18n: { messages: { en: texts } } };</script>""",
        }
    )
    assert {unit: [use.path for use in uses] for unit, uses in found.uses.items()} == {
        ("text/garden.json", ("title",)): ["app/garden.vue"],
        ("text/pond.json", ("title",)): ["app/pond.vue"],
    }
    assert found.ambiguous == ()
    assert found.places(("text/garden.json", ("title",))) == ("GardenView, app/garden.vue:1",)
    assert found.components["app/pond.vue"] == "pond"


def test_a_key_that_several_files_have_is_told_as_ambiguous():
    found = usage_of(
        {"text/garden.json": GARDEN, "text/pond.json": POND, "app/a.vue": "<template>{{ $t('title') }}</template>"}
    )
    ((usage, units),) = found.ambiguous
    assert (usage.key, named(units)) == ("title", ["text/garden.json:title", "text/pond.json:title"])


def test_what_is_not_used_is_unused_and_what_is_nowhere_is_missing():
    found = usage_of(
        {
            "text/garden.json": GARDEN,
            "app/a.js": "import { t } from './i18n';\nt('title'); t('beds.one');\n\nt('gate');",
        }
    )
    assert named(found.unused) == ["text/garden.json:beds.two", "text/garden.json:old"]
    assert [(use.key, use.line, use.column) for use in found.missing] == [("gate", 4, 3)]


def test_a_dynamic_key_covers_all_that_begin_and_end_like_it():
    found = usage_of(
        {
            "text/garden.json": GARDEN,
            "app/a.vue": "<template>{{ $t(`beds.${name}`) }} {{ $t('beds.' + x + '.w') }}</template>",
        }
    )
    assert named(found.covered) == ["text/garden.json:beds.one", "text/garden.json:beds.two"]
    assert [use.key for use in found.dynamic] == ["beds.*", "beds.*.w"]
    assert named(found.unused) == ["text/garden.json:old", "text/garden.json:title"]


def test_a_key_that_stands_in_a_table_is_not_called_unused_where_keys_are_dynamic():
    files = {"text/garden.json": GARDEN, "app/menu.js": "export const menu = [{ go: 'beds.one' }];"}
    dynamic = {"app/a.vue": "<template><a v-for='x in menu'>{{ $t(x.go) }}</a></template>"}
    assert "text/garden.json:beds.one" in named(usage_of(files).unused)
    assert named(usage_of(files | dynamic).mentioned) == ["text/garden.json:beds.one"]


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("translationService.set('gardenT', texts)", "app/home.js"),
        ("export default createI18n({ messages: { en: { gardenT: texts } } })", "app/i18n.js"),
        ("const gardenT = texts; export default { gardenT, ...{ gardenT: texts } }", "app/i18n.ts"),
    ],
)
def test_a_message_file_put_under_a_name_is_found_by_it(code, path):
    found = usage_of(
        {
            "text/garden.json": GARDEN,
            "text/pond.json": POND,
            path: f"import texts from '../text/garden.json';\n{code};\n",
            "app/other.html": "<h1>{{ 'gardenT.title' | translate }}</h1>",
        }
    )
    assert named(found.uses) == ["text/garden.json:title"]
    assert found.ambiguous == found.missing == ()


def test_a_template_reads_what_its_script_imports():
    found = usage_of(
        {
            "text/garden.json": GARDEN,
            "text/pond.json": POND,
            "app/pond.js": "import texts from '../text/pond.json';\nexport { default as template } from './pond.html';",
            "app/pond.html": "<p translate='title'></p>",
        }
    )
    assert named(found.uses) == ["text/pond.json:title"]


def test_a_property_of_an_imported_file_is_a_use_and_its_methods_are_not():
    found = usage_of(
        {
            "text/garden.json": GARDEN,
            "app/a.js": "const texts = require('../text/garden.json');\n"
            "show(texts.beds.one, texts.title.toUpperCase(), texts.nothing);",
        }
    )
    assert named(found.uses) == ["text/garden.json:beds.one", "text/garden.json:title"]
    assert found.missing == ()


def test_an_i18next_namespace_and_prefix_name_the_file_and_the_branch():
    found = usage_of(
        {
            "text/garden.json": GARDEN,
            "text/pond.json": POND,
            "app/a.jsx": "const { t } = useTranslation('garden', { keyPrefix: 'beds' });\n"
            "export const A = () => <p>{t('one')}{t('pond:depth')}</p>;",
        }
    )
    assert named(found.uses) == ["text/garden.json:beds.one", "text/pond.json:depth"]


def test_a_branch_that_is_read_whole_uses_all_below_it():
    found = usage_of(
        {
            "text/garden.json": GARDEN,
            "app/a.vue": "<template><li v-for=\"b in $tm('beds')\">{{ $rt(b) }}</li></template>",
        }
    )
    assert named(found.uses) == ["text/garden.json:beds.one", "text/garden.json:beds.two"]


def test_a_unit_appears_at_the_address_that_leads_to_its_component():
    found = usage_of(
        {
            "text/garden.json": GARDEN,
            "app/routes.js": """import Garden from './garden.vue';
export default [
  { path: '/garden', component: Garden, children: [{ path: 'beds', component: () => import('./beds.vue') }] },
];""",
            "app/garden.vue": "<template><bench/></template><script>import Bench from './bench.vue'</script>",
            "app/bench.vue": "<template>{{ $t('old') }}</template>",
            "app/beds.vue": "<template>{{ $t('beds.one') }}</template>",
        }
    )
    assert found.places(("text/garden.json", ("old",))) == ("/garden (bench, app/bench.vue:1)",)
    assert found.places(("text/garden.json", ("beds", "one"))) == ("/garden/beds (beds, app/beds.vue:1)",)


SITE_OF_TWO = {
    "text/garden.json": GARDEN,
    "text/pond.json": POND,
    "i18n/fr/text/garden.json": {"title": "Notre jardin"},
    "i18n/fr/text/pond.json": {"title": "L’étang"},
    "app/a.vue": "<script>import garden from '~/text/garden.json'; import pond from '@/text/pond.json';</script>",
    "app/load.js": "export const load = (lang) => import(`../i18n/${lang}/text/garden.json`);",
}


def test_a_message_file_that_no_import_reaches_is_told():
    found = usage_of(SITE_OF_TWO)
    assert found.reached == {"text/garden.json", "text/pond.json"}
    assert [(one.check, one.severity, one.path) for one in found.findings] == [
        ("reach", Severity.WARNING, "i18n/fr/text/pond.json")
    ]
    lost = usage_of(SITE_OF_TWO | {"app/a.vue": "<script>import garden from '~/text/garden.json';</script>"})
    assert lost.unreached == ("text/pond.json",)


def test_a_site_that_loads_its_files_in_another_way_gets_one_note():
    found = usage_of(
        {"text/garden.json": GARDEN, "text/pond.json": POND, "app/a.vue": "<template>{{ $t('depth') }}</template>"}
    )
    assert [(one.severity, one.check) for one in found.findings] == [(Severity.NOTE, "reach")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import(`../i18n/${lang}/text/garden.json`)", "import(`../i18n/${lang}/texts/garden.json`)"),
        ("import.meta.glob('../i18n/*/text/*.json')", "import.meta.glob('../i18n/*/texts/*.json')"),
        ("require.context('../i18n', true, /garden\\.json$/)", "require.context('../i18m', true, /garden\\.json$/)"),
        ("fetch(`/i18n/${lang}/text/garden.json`)", "fetch(`/locales/${lang}/text/garden.json`)"),
        (
            "new Backend({ loadPath: '/i18n/{{lng}}/text/garden.json' })",
            "new Backend({ loadPath: '/i18n/{{lng}}/garden.json' })",
        ),
        ("import fr from '~/i18n/fr/text/garden.json'", "import fr from '~/i18n/fr/app/text/garden.json'"),
        (
            "define(['json!../i18n/fr/text/garden.json'], (fr) => fr)",
            "define(['json!../i18n/text/garden.json'], (fr) => fr)",
        ),
    ],
)
def test_a_changed_import_path_is_an_alarm_on_the_same_day(before, after):
    """A site once spoke English for four months because of one line."""
    repository, reader = reader_of(SITE_OF_TWO | {"app/load.js": before})
    base = repository.resolve("").id
    assert reach_alarms(reader, SourceCode(), base, "") == []
    repository.write({"app/load.js": after})
    alarms = reach_alarms(reader, SourceCode(), base, "")
    assert "i18n/fr/text/garden.json" in [alarm.path for alarm in alarms]
    assert {alarm.severity for alarm in alarms} == {Severity.ERROR}
    assert set(alarms) <= set(site_usage(reader, SourceCode(), base=base).findings)


def test_a_message_file_that_is_taken_away_is_no_alarm():
    repository, reader = reader_of(SITE_OF_TWO)
    base = repository.resolve("").id
    repository.write({"i18n/fr/text/garden.json": None})
    assert reach_alarms(reader, SourceCode(), base, "") == []


def test_an_import_that_leads_nowhere_is_told_with_its_line():
    found = usage_of(
        SITE_OF_TWO
        | {
            "app/a.vue": "<script>\nimport garden from '~/texts/garden.json';\nimport pond from '@/text/pond.json';</script>"
        }
    )
    (lost,) = [one for one in found.findings if "leads to no file" in one.message]
    assert lost.message == "app/a.vue, line 2: ~/texts/garden.json leads to no file; put the import right."


def test_aliases_are_read_of_the_sites_own_settings_and_of_ours():
    files = {
        "client/words/garden.json": GARDEN,
        "client/main.ts": "import a from '#w/garden.json'; import b from 'W/garden';",
        "client/tsconfig.json": '{ // paths\n "compilerOptions": { "paths": { "#w/*": ["./words/*"], } } }',
    }
    site = replace(SITE, content=(ContentRule("client/words/*.json", "json", "i18n/{locale}/{path}"),))
    assert usage_of(files, site).reached == {"client/words/garden.json"}
    del files["client/tsconfig.json"]
    assert usage_of(files, site).reached == frozenset()
    settings = CodeSettings(aliases={"W": "client/words"})
    assert usage_of(files, site, settings=settings).reached == {"client/words/garden.json"}


def test_what_is_left_out_is_not_code():
    found = usage_of({"text/garden.json": GARDEN, "node_modules/a/b.js": "$t('title')", "app/a.spec.js": "$t('title')"})
    assert (found.files, named(found.uses)) == (0, [])


def test_gettext_calls_mean_units_by_their_text_and_context():
    site = replace(SITE, content=(ContentRule("text/*.json", "json", "i18n/{locale}/{path}"),))
    files = {
        "text/garden.json": {"a": "Seed bank", "b": "Never said"},
        "app/views.py": "from gettext import gettext as _\nTITLE = _('Seed bank')\nOTHER = _('No such text')\n",
    }
    found = usage_of(files, site)
    assert named(found.uses) == ["text/garden.json:a"]
    assert [use.key for use in found.missing] == ["No such text"]


def test_a_file_that_was_read_is_not_read_again():
    class Counting(SourceCode):
        count = 0

        def read(self, document):
            Counting.count += 1
            return super().read(document)

    repository, reader = reader_of(SITE_OF_TWO)
    kept = {}
    site_usage(reader, Counting(), kept=kept)
    repository.write({"app/load.js": "export default 1;"})
    site_usage(reader, Counting(), kept=kept)
    assert Counting.count == 3  # two files, and the one that changed


def test_a_file_that_is_no_text_is_told_and_the_rest_goes_on():
    found = usage_of({"text/garden.json": GARDEN, "app/a.js": b"\xff\xfe\x00\xd8", "app/b.js": "i18n.t('title')"})
    assert named(found.uses) == ["text/garden.json:title"]
    assert [one.path for one in found.findings if one.check == "code"] == ["app/a.js"]


def test_plural_forms_and_contexts_are_used_by_their_key():
    files = {"text/garden.json": {"seed_one": "a seed", "seed_other": "many seeds", "seed_old": "x seeds"}}
    found = usage_of(files | {"app/a.vue": "<template>{{ $t('seed', { count: n }) }}</template>"})
    assert named(found.uses) == ["text/garden.json:seed_one", "text/garden.json:seed_other"]


def test_what_was_read_can_be_kept():
    _, reader = reader_of(SITE_OF_TWO)
    kept = {}
    site_usage(reader, SourceCode(), kept=kept)
    assert pickle.loads(pickle.dumps(kept)) == kept  # noqa: S301 - our own
