"""HTML: pages and the templates of AngularJS and Angular."""

from typing import ClassVar

from extractors.html_blocks import Rules
from extractors.html_codes import ANGULAR, BRACES, angular, plain_braces
from extractors.html_format import PLAIN, Markup
from extractors.html_tokens import Syntax


class Html(Markup):
    """Pages as browsers read them; `angularjs` and `angular` know interpolations, control flow, `translate` and `i18n`."""

    dialects = ("", "angularjs", "angular")
    is_page = True
    syntaxes: ClassVar = {
        "": (PLAIN, Rules()),
        "angularjs": (
            # A browser undoes references before AngularJS looks: only a blank keeps two braces apart.
            Syntax(BRACES, plain_braces, breaks={"{": "{ "}),
            Rules(directive=True),
        ),
        "angular": (
            Syntax(
                ANGULAR, angular, cased=True, closes_itself=True, escapes={"{": "&#123;", "}": "&#125;", "@": "&#64;"}
            ),
            Rules(directive=True, marks=True, ends_left_out=True),
        ),
    }
