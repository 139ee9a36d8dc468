"""Stringsdict: variables as plurals, the format around them, and what a property list reader makes of it."""

import plistlib

import pytest

from tests.extractors.android_documents import SIX
from tests.extractors.extracting import Format
from tm_service.domain.plurals import Plural
from tm_service.domain.units import About

DICT = Format("stringsdict", "Localizable.stringsdict")
DOCTYPE = '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">'


def plist(variable: str, wording: str = "%#@seeds@", beside: str = "") -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
{DOCTYPE}
<plist version="1.0">
<dict>
  <!-- Under a drawer; at most 30 characters -->
  <key>seeds</key>
  <dict>
    <key>NSStringLocalizedFormatKey</key>
    <string>{wording}</string>
    <key>seeds</key>
    <dict>
      <key>NSStringFormatSpecTypeKey</key>
      <string>NSStringPluralRuleType</string>
      <key>NSStringFormatValueTypeKey</key>
      <string>d</string>
{variable}    </dict>{beside}
  </dict>
</dict>
</plist>
"""


def forms(**texts: str) -> str:
    return "".join(f"      <key>{name}</key>\n      <string>{text}</string>\n" for name, text in texts.items())


def test_a_variable_is_one_plural_and_a_format_of_variables_alone_is_no_language():
    resource = DICT.resource(plist(forms(one="%d seed", other="%d seeds")))
    assert [(unit.key, unit.source) for unit in resource.units] == [
        (("seeds", "seeds"), "{seeds, plural, one {%d seed} other {%d seeds}}")
    ]
    assert resource.units[0].about == About("Under a drawer; at most 30 characters", 30)


def test_words_around_the_variables_are_a_text():
    texts = DICT.texts(plist(forms(other="%d seeds"), "%#@seeds@ in the drawer"))
    assert texts["seeds", "NSStringLocalizedFormatKey"] == "%#@seeds@ in the drawer"


@pytest.mark.parametrize(
    ("locale", "names"),
    [("ar", SIX), ("zh-Hans", ("zero", "other")), ("ru", ("zero", "one", "few", "many", "other"))],
)
def test_a_reader_of_property_lists_finds_the_forms_of_the_language(locale, names):
    """A form for nothing at all is honoured in every language, so it stays."""
    given = {name: f"%d <{name}> & co" for name in SIX}
    content = plist(forms(one="%d seed", other="%d seeds"))
    written = DICT.merged(content, {("seeds", "seeds"): str(Plural("seeds", given))}, locale)
    variable = plistlib.loads(written)["seeds"]["seeds"]
    assert {name: text for name, text in variable.items() if not name.startswith("NS")} == {
        name: given[name] for name in names
    }
    assert written.decode() == plist(forms(**{name: f"%d &lt;{name}&gt; &amp; co" for name in names}))


def test_variants_by_width_are_texts_and_other_rules_are_carried_along():
    beside = (
        "\n    <key>NSStringVariableWidthRuleType</key>\n    <dict><key>20</key><string>Seeds</string>"
        "<key>50</key><string>Seeds in the drawer</string></dict>"
    )
    content = plist(forms(other="%d seeds"), beside=beside)
    assert DICT.texts(content)["seeds", "NSStringVariableWidthRuleType", "50"] == "Seeds in the drawer"
    other = content.replace("NSStringPluralRuleType", "NSStringOtherRuleType")
    assert ("seeds", "seeds") not in DICT.texts(other)


def test_a_variable_without_other_is_told():
    resource = DICT.resource(plist(forms(one="%d seed")))
    assert [found.check for found in resource.findings] == ["plural-form"]


@pytest.mark.parametrize("inside", ["", "<array/>", "<dict><key>a</key></dict>", "<dict><string>a</string></dict>"])
def test_a_property_list_of_another_shape_has_no_texts(inside):
    assert DICT.texts(f"<plist>{inside}</plist>") == {}


def test_a_doctype_with_declarations_is_refused():
    assert DICT.refusal('<!DOCTYPE plist [<!ENTITY a "b">]><plist/>')[2].startswith("a DOCTYPE can")
