"""Texts of a sites.toml that tests start from."""

SITE = """\
[site.reef]
connector  = "git"
repository = "reef"
branch     = "main"
source     = "en"
locales    = ["ar", "fr"]
minimum_state = "translated"
"""
RULE = """
[[site.reef.content]]
match     = "texts/**/*.json"
extractor = "json"
dialect   = "md5-meta"
target    = "i18n/{locale}/{path}"
serve     = "keep-dated"
"""
GOOD = SITE + RULE
SHARED = """
[memory.flora-terms]
shared = true
penalty = 3

[memory.shore]
"""


def reading(memories):
    """The good file whose site reads these memories."""
    return SITE + f"memories = {memories}\n" + RULE + SHARED


def changed(old, new):
    assert old in GOOD
    return GOOD.replace(old, new)
