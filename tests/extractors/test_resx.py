"""RESX: what counts as a text, its comment, and how it is written."""

from tests.extractors.extracting import Format
from tm_service.domain.units import About

RESX = Format("resx", "Harbour.resx")


def root(inside: str) -> str:
    return f'<root><resheader name="version"><value>2.0</value></resheader>{inside}</root>'


def test_only_data_that_is_text_counts():
    content = root(
        '<data name="a" xml:space="preserve"><value>Quay</value></data>'
        '<data name="b" type="System.String, mscorlib"><value>Berth</value></data>'
        '<data name="c" type="System.Int32"><value>Seven</value></data>'
        '<data name="d" mimetype="application/x-x"><value>AAEAAAD</value></data>'
        '<data name="&gt;&gt;e.Name" xml:space="preserve"><value>e</value></data>'
        '<metadata name="f"><value>Tray</value></metadata><data name="g"/><data name="h.Text"><value/></data>'
    )
    assert RESX.texts(content) == {("a",): "Quay", ("b",): "Berth"}
    assert RESX.read(content) == {("a",): "Quay", ("b",): "Berth", ("h.Text",): ""}


def test_the_comment_is_the_note_with_its_limit_and_directives():
    content = root(
        '<data name="a"><value>Quay</value><comment>Shown on a sign, max 12 characters. tm:legal</comment></data>'
    )
    assert RESX.about(content) == {("a",): About("Shown on a sign, max 12 characters.", 12, legal=True)}


def test_a_value_keeps_its_blanks_its_section_and_its_escapes():
    content = root(
        '<data name="a"><value>  two\r\nlines </value></data><data name="b"><value><![CDATA[<b>x</b>]]></value></data>'
        '<data name="c"><value>Say &quot;x&quot;</value></data><data name="d"><value /></data>'
    )
    assert RESX.texts(content)["a",] == "  two\nlines "
    texts = {("a",): "un\ndeux", ("b",): "<i>y</i>", ("c",): 'Dites "y" & <z>', ("d",): "Neuf"}
    assert RESX.merged(content, texts).decode() == root(
        '<data name="a"><value>un\r\ndeux</value></data><data name="b"><value><![CDATA[<i>y</i>]]></value></data>'
        '<data name="c"><value>Dites &quot;y&quot; &amp; &lt;z&gt;</value></data><data name="d"><value>Neuf</value></data>'
    ).replace("</resheader>", "</resheader>")


def test_tags_in_a_value_are_told_and_left_alone():
    resource = RESX.resource(root('<data name="a"><value>x <b>y</b></value></data>'))
    assert [found.check for found in resource.findings] == ["markup"]
    assert not resource.values


def test_a_doubled_name_is_told():
    resource = RESX.resource(root('<data name="a"><value>x</value></data><data name="a"><value>y</value></data>'))
    assert [unit.source for unit in resource.values] == ["y"]
    assert [found.check for found in resource.findings] == ["duplicate-key"]
