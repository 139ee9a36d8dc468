"""Templates: pages that a server puts together, with its codes in them."""

from typing import ClassVar

from extractors.html_blocks import Rules
from extractors.html_codes import EJS, HANDLEBARS, JINJA, ejs, handlebars, jinja
from extractors.html_format import Markup
from extractors.html_tokens import Syntax

_JINJA = Syntax(JINJA, jinja, anywhere=True)


class Template(Markup):
    """Jinja, Nunjucks, Twig, Handlebars and EJS; what `trans` and `_()` say belongs to their catalogs."""

    dialects = ("ejs", "jinja", "nunjucks", "handlebars", "twig")
    is_page = True
    syntaxes: ClassVar = {
        "ejs": (Syntax(EJS, ejs, anywhere=True), Rules()),
        "jinja": (_JINJA, Rules()),
        "nunjucks": (_JINJA, Rules()),
        "handlebars": (Syntax(HANDLEBARS, handlebars, anywhere=True), Rules()),
        "twig": (_JINJA, Rules()),
    }
