"""Edits: small changes to a target, each with its reason and its place in the text as it was returned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tm_service.checks.codes import short
from tm_service.domain.findings import Finding, Severity, found

NAME = "repair"  # by which a site sets how its notes are taken


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to before `end` become `new`; `template` says it, with `code` and `written` put in."""

    start: int
    end: int
    new: str
    template: str
    code: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A target on its way to being right: `origins` leads from each place in it to the place in what was returned."""

    text: str
    origins: Sequence[int]
    done: tuple[tuple[Edit, tuple[int, int]], ...] = ()

    def after(self, edits: Iterable[Edit]) -> "Draft":
        """Make the edits, which must not overlap; those that change nothing are left out."""
        text: list[str] = []
        origins: list[int] = []
        done, at = list(self.done), 0
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            if self.text[edit.start : edit.end] == edit.new:
                continue
            text += [self.text[at : edit.start], edit.new]
            origins += [*self.origins[at : edit.start], *(self.origins[edit.start],) * len(edit.new)]
            done.append((edit, (self.origins[edit.start], self.origins[edit.end])))
            at = edit.end
        if not text:
            return self
        return Draft("".join([*text, self.text[at:]]), (*origins, *self.origins[at:]), tuple(done))

    def findings(self) -> tuple[Finding, ...]:
        """One note for each edit, with the whole target as it is now."""
        return tuple(
            found(
                NAME,
                Severity.NOTE,
                edit.template,
                place=place,
                repair=self.text,
                code=_on_a_line(edit.code),
                written=_on_a_line(edit.written),
            )
            for edit, place in self.done
        )


def returned(target: str) -> Draft:
    """Begin with a target as it came back."""
    return Draft(target, range(len(target) + 1))


def _on_a_line(code: str) -> str:
    return short(" ".join(code.split()))
