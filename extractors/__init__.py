"""Extractors: one class per file format of a site; each takes its format apart and puts it together."""

from collections.abc import Mapping
from importlib import import_module

from tm_service.domain.errors import ConfigurationError
from tm_service.domain.ports import Extractor

EXTRACTORS: Mapping[str, str] = {  # where each is found; opened when a rule first needs it
    "android": "extractors.android_strings:AndroidStrings",
    "auto": "extractors.by_content:ByContent",
    "csv": "extractors.tables:CsvTable",
    "docx": "extractors.word_documents:WordDocument",
    "fluent": "extractors.fluent:Fluent",
    "html": "extractors.html:Html",
    "ini": "extractors.ini:Ini",
    "json": "extractors.json_messages:JsonMessages",
    "jsx": "extractors.jsx:Jsx",
    "markdown": "extractors.markdown:Markdown",
    "odt": "extractors.open_documents:OpenDocument",
    "php": "extractors.php_arrays:PhpArrays",
    "po": "extractors.gettext_po:GettextPo",
    "properties": "extractors.java_properties:JavaProperties",
    "record": "extractors.articles.record:Record",
    "resx": "extractors.resx:Resx",
    "srt": "extractors.subtitles:Srt",
    "strings": "extractors.apple_strings:AppleStrings",
    "stringsdict": "extractors.stringsdict:StringsDict",
    "svelte": "extractors.svelte:Svelte",
    "svg": "extractors.svg:Svg",
    "template": "extractors.templates:Template",
    "toml": "extractors.toml:Toml",
    "ts": "extractors.qt_ts:QtTs",
    "vtt": "extractors.subtitles:Vtt",
    "vue": "extractors.vue:VueComponent",
    "xcstrings": "extractors.xcstrings:XcStrings",
    "xliff": "extractors.site_xliff:SiteXliff",
    "xlsx": "extractors.sheets:XlsxTable",
    "yaml": "extractors.yaml:Yaml",
}


def extractor(name: str, dialect: str = "") -> Extractor:
    """Make the extractor of a content rule. Raises ConfigurationError, naming what exists."""
    if name not in EXTRACTORS:
        raise ConfigurationError(f'There is no extractor "{name}"; there is {", ".join(sorted(EXTRACTORS))}.')
    module, _, kind = EXTRACTORS[name].partition(":")
    found = getattr(import_module(module), kind)
    if dialect not in found.dialects:
        known = ", ".join(f'"{one}"' for one in found.dialects)
        raise ConfigurationError(f'The {name} extractor has no dialect "{dialect}"; it has {known}.')
    made: Extractor = found(dialect)
    return made
