"""Templates: no word in them is said in one language only, and none of them holds a script, a style or an unsafe link."""

import re
from importlib.resources import files
from pathlib import Path

import pytest
from jinja2 import Environment

PLACE = Path(str(files("tm_service.web"))) / "templates"
NAMES = sorted(str(path.relative_to(PLACE)) for path in PLACE.rglob("*.html"))
# What stands in a page in every language: names of formats and tools, examples of settings.
_SAME = re.compile(
    r"TMX|TBX|CSV|XLIFF|XLSX|SVG|PNG|PDF|HTML|JSON|GitHub|GitLab|URL|XML|ZIP|SHA|UTC|API|Ctrl|Alt|Shift|Enter|Esc|Tab|tms_|readonly|checked|selected|disabled"
)
_COMPUTED = "\0"
_SPOKEN = ("aria-label", "placeholder", "title", "alt")


def written(name):
    """What a template says by itself, with a mark in place of what it computes; the name of a width is no word."""
    source = re.sub(r"{% block wide %}\w+{% endblock %}", "", (PLACE / name).read_text("utf-8"))
    begins = {"variable_begin", "block_begin", "comment_begin"}
    tokens = Environment(autoescape=True).lex(source)
    return "".join(value if kind == "data" else _COMPUTED if kind in begins else "" for _line, kind, value in tokens)


def said(text):
    """Text between tags, and attributes that are read out."""
    text = re.sub(r"<(script|code|pre|svg)\b.*?</\1>", " ", text, flags=re.DOTALL)
    text = re.sub(r'(?s)<dl id="sayings" hidden>.*?</dl>', lambda found: re.sub(r"<dt>\w+</dt>", "", found[0]), text)
    for tag in re.findall(r"<[^>]*>", text):
        yield from re.findall(rf'\s(?:{"|".join(_SPOKEN)})="([^"]*)"', tag)
    for one in re.sub(r"<[^>]*>", "\n", text).split("\n"):
        yield re.sub(r'[\w-]+="[^"]*"|[?;]\w+=', "", one)  # attributes and addresses that a macro puts together


@pytest.mark.parametrize("name", [name for name in NAMES if name != "house/style.html"])  # it shows six languages
def test_every_word_can_be_translated(name):
    left = [_SAME.sub("", one).strip() for one in said(written(name))]
    assert [one for one in left if re.search(r"[^\W\d_]{2,}", one)] == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_runs_or_looks_by_itself(name):
    text = written(name)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|hx-on", text)
    assert not re.search(r"\|\s*safe\b", (PLACE / name).read_text("utf-8"))
    assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []
