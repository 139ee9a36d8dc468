"""Strings of JavaScript: written and read as the language itself does."""

import json
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.js_strings import js_value, js_written

QUOTES = st.sampled_from(["'", '"', "`"])
TEXTS = st.text(
    st.one_of(st.sampled_from("'\"`\\${}\n\r\t\0\u2028\u2029 nu0x1é种😀"), st.characters(exclude_categories=["Cs"]))
)


@given(TEXTS, QUOTES)
def test_what_is_written_is_read_back(text, quote):
    assert js_value(js_written(text, quote)) == text


@pytest.mark.parametrize(
    ("inside", "value"),
    [
        (r"a\n\t\'b", "a\n\t'b"),
        (r"\x41\u0042\u{43}\u{1F331}", "ABC🌱"),
        (r"\uD83C\uDF31", "🌱"),
        ("a\\\nb\\\r\nc", "abc"),
        (r"\q\\\`", "q\\`"),
    ],
)
def test_escapes_are_undone(inside, value):
    assert js_value(inside) == value


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js cannot be found")
def test_node_reads_what_is_written():
    texts = ['It\'s "so" `here`', "${x} \\ \\n", "a\nb\u2028c\0", "种子 🌱", "</b>"]
    literals = [f"{quote}{js_written(text, quote)}{quote}" for text in texts for quote in "'\"`"]
    script = f"console.log(JSON.stringify([{','.join(literals)}]))"
    ran = subprocess.run(["node", "-e", script], capture_output=True, check=True)
    assert json.loads(ran.stdout) == [text for text in texts for _ in range(3)]
