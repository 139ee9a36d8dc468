"""Svelte: components whose markup holds expressions and blocks in braces."""

from typing import ClassVar

from extractors.html_blocks import Rules
from extractors.html_codes import SVELTE, svelte
from extractors.html_format import Markup
from extractors.html_tokens import Syntax


class Svelte(Markup):
    """Components of Svelte 4 and 5."""

    syntaxes: ClassVar = {
        "": (
            Syntax(
                SVELTE,
                svelte,
                anywhere=True,
                cased=True,
                closes_itself=True,
                escapes={"{": "&#123;", "}": "&#125;"},
            ),
            Rules(ends_left_out=False),
        )
    }
