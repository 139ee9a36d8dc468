"""Memories: look into them, compare, bring in, hand out, count a job, lay documents side by side."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from tm_service import shapes
from tm_service.cli.folders import new_file, read_file, write_file
from tm_service.cli.output import DONE, NEEDS_PERSON, Answer, Commands, answering, progress, table
from tm_service.cli.root import main, service
from tm_service.cli.texts import listed
from tm_service.domain.errors import ConfigurationError, NotFound
from tm_service.memory_verbs import MemoryVerbs

_WIDE = 60  # characters of a text in a table

in_memory = click.option("--memory", default="", help="Another memory that the site reads; default: its first.")


@main.group(cls=Commands)
def memory() -> None:
    """Look into the translation memory."""


@memory.command("stats")
@answering
def memory_stats() -> Answer:
    """Tell how much the memory holds."""
    with progress("counting"):
        found = service().memories.stats()
    per = found.index_bytes / found.segments if found.segments else 0
    text = (
        f"{found.entries:,} entries, {found.bytes / 1e6:,.1f} MB of text; {found.segments:,} segments indexed, "
        f"{per:,.0f} bytes each, {found.engine} engine."
    )
    rows = list(found.memories.items())
    return shapes.memory_stats(found), "\n".join([text, table(("memory", "pairs"), rows)] if rows else [text]), DONE


@memory.command("search")
@click.argument("name", metavar="SITE")
@click.argument("text", metavar="TEXT")
@click.option("--locale", default="", help="Into which locale; default: the site's first.")
@click.option("--reverse", is_flag=True, help="TEXT is in the locale; look for the site's source language.")
@click.option("--least", default=75.0, help="Percent from which a match counts.")
@click.option("--limit", default=10, type=click.IntRange(1, 1000), help="So many matches, and so many hits.")
@click.option("--in", "side", type=click.Choice(["source", "target", "both"]), default="both", help="Concordance side.")
@answering
def memory_search(name: str, text: str, locale: str, reverse: bool, least: float, limit: int, side: str) -> Answer:
    """Find like texts, and how words were translated.

    In the concordance "quotes" hold a phrase together, * stands for any letters and a minus excludes a word.
    """
    verbs = service().memories
    where = verbs.reading(name, locale or _first_locale(name), reverse=reverse)
    matches = verbs.similar(where, text, least=least, limit=limit)
    hits = verbs.concordance(where, text, side=side, limit=limit)
    parts_found = () if matches else verbs.fragments(where, text)
    terms = verbs.terms_in(where, text)
    document = shapes.looked_up(where, matches, parts_found, terms) | {"concordance": shapes.concordance(hits)}
    rows = [
        (f"{found.percent:.0f}", found.rule, _cut(found.offered), _reasons(found.capped) or found.why)
        for found in matches
    ]
    parts = [table(("%", "rule", "translation", "why"), rows) if rows else f"Nothing of {least:g} % or more."]
    shared = [(text[one.start : one.end], one.count, _cut(one.pairs[0].target)) for one in parts_found if one.pairs]
    parts += [table(("part", "texts", "in"), shared)] if shared else []
    found = [(hit.side, _marked(hit.text, hit.spans), _cut(hit.other), hit.pair.number) for hit in hits.hits]
    about = f"{'at least ' if hits.cut else ''}{hits.total:,} in the concordance:" if found else hits.advice
    parts += [about] if about else []
    parts += [table(("side", "text", "other side", "number"), found)] if found else []
    said = [(text[one.start : one.end], term.target, term.status) for one in terms for term in one.terms]
    parts += [table(("term", "translation", "status"), said)] if said else []
    return document, "\n\n".join(parts), DONE


@memory.command("compare")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--language", default="en", help="Language of both texts.")
@answering
def memory_compare(before: str, after: str, language: str) -> Answer:
    """Tell what a translation of A is worth for B."""
    found = service().memories.compare(before, after, language)
    reasons = [str(difference) for difference in found.capped]
    taken = "".join(f", {percent} % off for {name}" for name, percent in found.penalties)
    text = f"{found.percent:g} % ({found.kind}); {found.similarity:g} % alike{taken}."
    return shapes.comparison(found), "\n".join([text, *listed("Not to be used unseen:", reasons)]), DONE


@memory.command("import")
@click.argument("name", metavar="SITE")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--locale", "locales", multiple=True, help="Only this locale; may be repeated.")
@in_memory
@click.option("--dry-run", is_flag=True, help="Say what would happen; keep nothing.")
@answering
def memory_import(name: str, files: tuple[Path, ...], locales: tuple[str, ...], memory: str, dry_run: bool) -> Answer:
    """Bring in pairs from TMX, CSV or XLIFF.

    Damaged entries are named and left out.
    """
    verbs = service().memories
    for file in files:
        if not file.is_file():
            raise ConfigurationError(f"{file} is no file; name a .tmx, .csv or .xlf file.")
    answers = []
    for file in files:
        with progress(f"reading {file.name}"):
            answers.append(verbs.bring_in(name, file, memory=memory, locales=locales, rehearse=dry_run))
    documents = [shapes.imported(str(file), found) for file, found in zip(files, answers, strict=True)]
    rows = [(file.name, found.read, found.new, len(found.problems)) for file, found in zip(files, answers, strict=True)]
    problems = [sentence for found in answers for sentence in found.problems]
    parts = [table(("file", "read", "new", "left out"), rows), *listed("Left out:", problems)]
    parts += ["Nothing was kept (--dry-run)."] if dry_run else []
    return {"files": documents, "dry_run": dry_run}, "\n".join(parts), NEEDS_PERSON if problems else DONE


@memory.command("export")
@click.argument("name", metavar="SITE")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--locale", "locales", multiple=True, help="Only this locale; may be repeated.")
@in_memory
@answering
def memory_export(name: str, file: Path, locales: tuple[str, ...], memory: str) -> Answer:
    """Write a memory as TMX or CSV, by FILE's ending."""
    with progress("writing"), new_file(file) as out:
        count = service().memories.write(name, file.name, out, memory=memory, locales=locales)
    return {"file": str(file), "entries": count}, f"{count:,} pairs are in {file}.", DONE


@memory.command("analyse")
@click.argument("name", metavar="SITE")
@click.argument("files", metavar="FILE...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--locale", default="", help="For which locale; default: the site's first.")
@click.option("--ref", default="", help="Branch, tag or commit; default: the site's branch.")
@click.option("--rates", type=click.Path(path_type=Path, dir_okay=False), help="Rate table (TOML): percent and price.")
@click.option("--out", "reports", multiple=True, type=click.Path(path_type=Path), help="Report: .xml .csv .json .html.")
@answering
def memory_analyse(
    name: str, files: tuple[Path, ...], locale: str, ref: str, rates: Path | None, reports: tuple[Path, ...]
) -> Answer:
    """Count a job by match class.

    What the site still needs, or the source texts of FILEs.
    """
    verbs, wanted = service().memories, locale or _first_locale(name)
    with progress("analysing"):
        if files:
            texts = {str(file): _texts(verbs, name, file) for file in files}
            found = verbs.analyse_files(name, wanted, texts, rates=rates)
        else:
            found = verbs.analyse(name, wanted, ref=ref, rates=rates)
    for report in reports:
        if report.suffix not in found.reports:
            raise ConfigurationError(f"{report}: reports end in {', '.join(found.reports)}; choose one of them.")
    for report in reports:
        write_file(report, found.reports[report.suffix])
    rows = _analysis_rows(found.document)
    text = (
        table(("class", "segments", "words", "characters", "placeables", "tags"), rows) if rows else "Nothing to count."
    )
    return found.document, text, DONE


@memory.command("align")
@click.argument("name", metavar="SITE")
@click.argument("source", metavar="SOURCE", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("target", metavar="TARGET", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--locale", required=True, help="Language of TARGET.")
@click.option("--sure", default=0.97, type=click.FloatRange(0, 1), help="Least confidence of a pair.")
@click.option("--keep", is_flag=True, help="Keep the pairs as proposals for translators.")
@answering
def memory_align(name: str, source: Path, target: Path, locale: str, sure: float, keep: bool) -> Answer:
    """Lay two translated documents side by side."""
    one, other = (_utf8(file) for file in (source, target))
    reference = f"{source.name} {target.name}"
    found = service().memories.align(name, locale, one, other, reference=reference, sure=sure, keep=keep)
    rows = [(f"{each:.2f}", _cut(pair.source), _cut(pair.target)) for pair, each in found.pairs]
    kept = (
        f"{len(rows):,} pairs {'kept as proposals' if keep else 'found'}, {found.alone:,} sentences without a partner."
    )
    return (
        shapes.aligned(found, kept=keep),
        f"{table(('sure', 'source', 'target'), rows)}\n{kept}",
        DONE,
    )


@memory.command("retire")
@click.argument("name", metavar="SITE")
@click.argument("numbers", metavar="NUMBER...", nargs=-1, required=True, type=int)
@click.option("--by", required=True, help="Who decides it.")
@click.option("--reason", required=True, help="Why.")
@in_memory
@answering
def memory_retire(name: str, numbers: tuple[int, ...], by: str, reason: str, memory: str) -> Answer:
    """Take pairs out of use.

    They are kept, and what readers see stays until there is a better one.
    """
    retired = service().memories.retire(name, numbers, memory=memory, by=by, reason=reason)
    return {"retired": retired}, f"{retired:,} pairs are retired.", DONE


@memory.command("restore")
@click.argument("name", metavar="SITE")
@click.argument("numbers", metavar="NUMBER...", nargs=-1, required=True, type=int)
@click.option("--by", required=True, help="Who decides it.")
@click.option("--reason", required=True, help="Why.")
@in_memory
@answering
def memory_restore(name: str, numbers: tuple[int, ...], by: str, reason: str, memory: str) -> Answer:
    """Take pairs into use again that were retired by mistake.

    They get new numbers.
    """
    restored = service().memories.restore(name, numbers, memory=memory, by=by, reason=reason)
    return {"restored": restored}, f"{restored:,} pairs are in use again.", DONE


def _first_locale(name: str) -> str:
    return service().site(name).locales[0]


def _texts(verbs: MemoryVerbs, name: str, file: Path) -> list[str]:
    """The source texts of a file: of pairs by its ending, of plain text line by line."""
    if file.suffix.lower() in {".txt", ".md"}:
        return [line for line in _utf8(file).splitlines() if line.strip()]
    if not file.is_file():
        raise NotFound(f"{file} is no file.")
    return list(verbs.texts(name, file))


def _utf8(file: Path) -> str:
    try:
        return read_file(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{file} is not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8."
        ) from error


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDE else f"{line[: _WIDE - 1]}…"


def _reasons(capped: Sequence[object]) -> str:
    return "; ".join(map(str, capped))


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The words found in brackets, with what stands around them."""
    out, done = "", 0
    for start, end in spans:
        out, done = f"{out}{text[done:start]}[{text[start:end]}]", end
    marked = " ".join((out + text[done:]).split())
    first = max(0, marked.find("[") - _WIDE // 3)
    part = marked[first : first + _WIDE]
    return f"{'…' if first else ''}{part}{'…' if first + _WIDE < len(marked) else ''}"


def _analysis_rows(document: Mapping[str, Any]) -> list[tuple[object, ...]]:
    """The lines of an analysis that have something, and its total, for a table."""
    counts = {**document["total"]["classes"], "total": document["total"]["total"]}
    columns = ("segments", "words", "characters", "placeables", "tags")
    return [(name, *(line[column] for column in columns)) for name, line in counts.items() if line["segments"]]
