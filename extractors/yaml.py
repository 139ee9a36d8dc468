"""YAML: reads the texts of mappings and lists and writes others in their places; for Rails with locale and plural forms."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from extractors.comments import about
from extractors.pages import Page
from extractors.plural_forms import categories
from extractors.slots import Slot, TextFormat
from extractors.splices import Splice
from extractors.yaml_spans import Mapping, Member, Node, Scalar, Sequence, comment_behind, comments, documents
from extractors.yaml_style import Style, is_text, style_of
from tm_service.domain.findings import Finding
from tm_service.domain.plurals import CATEGORIES, Plural, parse_plural
from tm_service.domain.serving import Stamp
from tm_service.domain.units import About, Key, Locale

_ARGUMENT = "count"  # what Rails calls the number


class Yaml(TextFormat):
    """`.yaml` and `.yml` files; a key is the path of names and indices, before it the number of the document if there are more.

    In the dialect `rails` the name on top is the language's code and no part of a key, a mapping of plural categories is one
    message, and `:name` is no text. In the dialect `symfony`, `yes` and its like are texts, as in YAML 1.2.
    """

    dialects = ("", "rails", "symfony")

    def slots(self, page: Page, locale: Locale) -> Iterator[Slot | Finding]:
        """One slot per text that stands in a mapping or a list. Raises ExtractionError."""
        roots = self._roots(page, locale)
        scalars = [scalar for root in roots for scalar in _scalars(root)]
        walker = _Walker(page, self.dialect, locale, style_of(page, scalars))
        for number, root in enumerate(roots):
            yield from walker.slots(root, (str(number),) if len(roots) > 1 else (), "")

    def whole(self, page: Page, locale: Locale, stamp: Stamp | None) -> Iterator[Splice]:  # noqa: ARG002
        """The language's code on top, in Rails."""
        top = _top(documents(page), locale) if self.dialect == "rails" else None
        if top and _code(top.name.text) != _code(locale):
            style = Style("\n", '"', is_escaped=False)
            yield Splice(top.name.begin, top.name.end, style.line(locale, top.name.style, in_flow=top.name.in_flow))

    def _roots(self, page: Page, locale: Locale) -> list[Node]:
        found = documents(page)
        roots: list[Node] = [root for root in found if isinstance(root, (Mapping, Sequence))]
        single = next((root for root in found if isinstance(root, Scalar) and root.text), None)
        if single and not roots:
            reason = "message files hold a mapping or a list, and this is a single value"
            raise page.error(single.place, reason)
        if self.dialect == "rails":
            top = _top(found, locale)
            return [top.value] if top else []
        return roots


class _Walker:
    """Finds the messages below a node."""

    def __init__(self, page: Page, dialect: str, locale: Locale, style: Style) -> None:
        self.page, self.dialect, self.locale, self.style = page, dialect, locale, style

    def slots(self, node: Node, key: Key, above: str) -> Iterator[Slot]:
        """`above` is what the comments say at the name of the node."""
        if isinstance(node, Scalar):
            if self.is_text(node):
                yield Slot(key, node.text, partial(self.written, node), about=self.about(node, above))
        elif isinstance(node, Mapping):
            if self.is_plural(node):
                yield self.plural(node, key, above)
                return
            for member in node.members:
                said = comments(self.page, member.name.place, member.name.floor)
                yield from self.slots(member.value, (*key, member.name.text), said)
        elif isinstance(node, Sequence):
            for index, item in enumerate(node.items):
                said = comments(self.page, item.place, item.floor) if isinstance(item, Scalar) else ""
                yield from self.slots(item, (*key, str(index)), said)

    def is_text(self, node: Scalar) -> bool:
        if self.dialect == "rails" and not node.style and node.text.startswith(":"):
            return False
        return is_text(node, old_words=self.dialect != "symfony")

    def is_plural(self, node: Mapping) -> bool:
        if self.dialect != "rails" or "other" not in node.names or not set(node.names) <= set(CATEGORIES):
            return False
        values = [member.value for member in node.members]
        return len(set(node.names)) == len(values) and all(
            isinstance(value, Scalar) and self.is_text(value) for value in values
        )

    def plural(self, node: Mapping, key: Key, above: str) -> Slot:
        forms = {member.name.text: member.value for member in node.members if isinstance(member.value, Scalar)}
        beside = [comments(self.page, member.name.place, member.name.floor) for member in node.members]
        beside += [comment_behind(self.page, value) for value in forms.values()]
        said = about("\n".join(filter(None, dict.fromkeys([above, *beside]))))
        text = str(Plural(_ARGUMENT, {name: value.text for name, value in forms.items()}))
        return Slot(key, text, partial(self.written_forms, node, forms), about=said)

    def about(self, node: Scalar, above: str) -> About:
        return about("\n".join(filter(None, (above, comment_behind(self.page, node)))))

    def written(self, node: Scalar, text: str) -> Iterator[Splice]:
        if text != node.text:
            yield Splice(node.begin, node.end, self.style.written(self.page, node, text))

    def written_forms(self, node: Mapping, forms: dict[str, Scalar], text: str) -> Iterator[Splice]:
        """Each form in its place; those that are missing before the next of CLDR's order, those that are not used away."""
        plural = parse_plural(text) or Plural(_ARGUMENT, dict.fromkeys(forms, text))
        needed = categories(self.locale) if self.locale else tuple(name for name in CATEGORIES if name in plural.forms)
        optional = {"zero"} & set(plural.forms)  # Rails asks for it in every language, where it is there
        wanted = [name for name in CATEGORIES if name in needed or name in optional]
        kept = [name for name in forms if name in wanted]
        for name in kept:
            yield from self.written(forms[name], plural.form(name))
        yield from self._added(node, wanted, plural)
        yield from _dropped(node, forms, kept)

    def _added(self, node: Mapping, wanted: list[str], plural: Plural) -> Iterator[Splice]:
        named = {member.name.text: member for member in node.members}
        style = named["other"].value.style if isinstance(named["other"].value, Scalar) else ""
        new = ""
        for name in wanted:
            if name not in named:
                written = self.style.line(
                    plural.form(name), '"' if style in ("|", ">") else style, in_flow=node.in_flow
                )
                new += f"{name}: {written}\0"
                continue
            place = named[name].name.place
            lead = self.page.text[:place].rpartition("\n")[2]
            joint = ", " if node.in_flow or lead.strip() else f"{self.style.newline}{lead}"
            yield Splice(place, place, new.replace("\0", joint))
            new = ""


def _dropped(node: Mapping, forms: dict[str, Scalar], kept: list[str]) -> Iterator[Splice]:
    members = list(node.members)
    last = max(index for index, member in enumerate(members) if member.name.text in kept)
    for member, following in pairwise(members[: last + 1]):
        if member.name.text not in kept:
            yield Splice(member.name.place, following.name.place, "")
    if last < len(members) - 1:
        yield Splice(forms[members[last].name.text].end, forms[members[-1].name.text].end, "")


def _top(roots: list[Node], locale: Locale) -> Member | None:
    """The language of a file of Rails: the one asked for, or the first."""
    members = [member for root in roots if isinstance(root, Mapping) for member in root.members]
    named = (member for member in members if locale and _code(member.name.text) == _code(locale))
    return next(named, members[0] if members else None)


def _code(locale: str) -> str:
    return locale.replace("_", "-").lower()


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Mapping):
        for member in node.members:
            yield from _scalars(member.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)
