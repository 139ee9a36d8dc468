"""Finding: where each kind of thing is looked for, and what of it whoever asks may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.requests import Request

from tm_service.domain.catalogue import Shown, Wanted
from tm_service.domain.errors import NotFound
from tm_service.domain.packages import PackageStatus
from tm_service.domain.permissions import Action
from tm_service.domain.records import ARTICLE
from tm_service.domain.site import Site
from tm_service.domain.units import Locale, key_text
from tm_service.usecases.shown import Place
from tm_service.web.api.memory_places import verbs_of
from tm_service.web.api.routes import service_of
from tm_service.web.callers import Asker, asker_of
from tm_service.web.desks.hits import cut_at_hits
from tm_service.web.desks.house.letters import EXACT, HAS, fit, folded
from tm_service.web.record_rows import spoken
from tm_service.web.render import chosen

_DEPLOYMENTS = 100  # of a site, the newest, whose names are looked at
_NOT_OUT = (PackageStatus.DRAFT, PackageStatus.CANCELLED)
_LOCAL = "local"  # the repository of a site whose texts are in our own record store


@dataclass(frozen=True, slots=True)
class Row:
    """One hit: where it leads, what it says in which language ("" for a code), what stands beside it, and how well it fits.

    `pieces` are its text in pieces, each with whether it was asked for, where that is known.
    """

    address: str
    text: str
    language: Locale = ""
    beside: str = ""
    spoken: Locale = ""  # the language of what stands beside it
    fits: int = HAS
    pieces: tuple[tuple[bool, str], ...] = ()


@dataclass(frozen=True)
class Look:
    """What is wanted, by whom, on which sites; no more than `most` rows of a kind are needed."""

    request: Request
    wanted: str
    sites: tuple[Site, ...]
    most: int

    @property
    def asker(self) -> Asker:
        return asker_of(self.request)

    @property
    def folded(self) -> str:
        return folded(self.wanted)

    def locale(self, site: Site, action: Action) -> Locale:
        """The reader's language where the site has it and they may, else the first where they may, "" for none."""
        mine = [code for code in site.locales if self.asker.may(action, site.name, code)]
        return chosen(self.request) if chosen(self.request) in mine else next(iter(mine), "")


def look_of(request: Request, wanted: str, most: int) -> Look:
    asker = asker_of(request)
    sites = (site for site in service_of(request).sites().values() if asker.may(Action.SITES_READ, site.name))
    return Look(request, wanted, tuple(sites), most)


def terms(look: Look) -> Iterator[Row]:
    verbs = verbs_of(look.request)
    for site in look.sites:
        if not (locale := look.locale(site, Action.TERMS_READ)):
            continue
        for one in verbs.terms(site.name, locales=[locale]):
            if (fits := fit(look.folded, one.source, one.target)) is not None:
                address = f"/terms/{one.number}?{urlencode({'site': site.name, 'locale': locale})}"
                yield Row(address, one.source, one.source_locale, one.target, one.locale, fits)


def articles(look: Look) -> Iterator[Row]:
    """By the titles that readers of the newest have in their language, and by those that the record store has."""
    known = set()
    for site in look.sites:
        if not site.is_record_store:
            continue
        for row, identifier in (*_served(look, site), *_kept(look, site, frozenset({ARTICLE}))):
            if identifier not in known:
                known.add(identifier)
                yield row


def _served(look: Look, site: Site) -> Iterator[tuple[Row, str]]:
    code = chosen(look.request)
    try:
        there = service_of(look.request).articles.listed(code if code in site.locales else site.source, site.name)
    except NotFound:  # nothing of it was deployed yet
        return
    for entry in there.entries:
        if (fits := fit(look.folded, entry.title)) is not None:
            yield (
                Row(_article(entry.identifier, site), entry.title, entry.spoken, site.name, fits=fits),
                entry.identifier,
            )


def records(look: Look) -> Iterator[Row]:
    kinds = frozenset(service_of(look.request).records().schemas()) - {ARTICLE}
    for site in look.sites:
        if site.is_record_store:
            yield from (row for row, _ in _kept(look, site, kinds))


def _kept(look: Look, site: Site, kinds: frozenset[str]) -> Iterator[tuple[Row, str]]:
    """Published documents of our own record store."""
    if site.repository != _LOCAL:
        return
    room = service_of(look.request).records()
    wanted = Wanted(kinds=kinds, by="", text=look.wanted, shown=Shown.PUBLISHED, most=look.most)
    for entry in room.catalogue(wanted).entries:
        ref = entry.ref
        language, title = spoken(entry.title, chosen(look.request), site.source)
        named = (ref.identifier, *(text for text in entry.title.values() if isinstance(text, str)))
        fits = fit(look.folded, *named)
        if ref.kind == ARTICLE:
            address, beside = _article(ref.identifier, site), site.name
        else:
            place = f"{quote(ref.kind, safe='')}/{quote(ref.identifier, safe='')}"
            address, beside = f"/records/{place}?{urlencode({'site': site.name})}", room.schema(ref.kind).title
        yield (
            Row(address, title or ref.identifier, language, beside, fits=HAS if fits is None else fits),
            ref.identifier,
        )


def _article(identifier: str, site: Site) -> str:
    return f"/articles/{quote(identifier, safe='')}?{urlencode({'site': site.name})}"


def units(look: Look) -> Iterator[Row]:
    """What readers of the newest deployments see, in the language of the page where the site has it."""
    releases = service_of(look.request).releases
    for site in look.sites:
        newest, locale = service_of(look.request).latest(site.name), look.locale(site, Action.SITES_READ)
        if site.is_record_store or newest is None or not locale:
            continue
        refs = releases.resources(site.name, newest.number, locale)
        for line in releases.search(site.name, refs, look.wanted, begin=Place(), most=look.most).lines:
            key = key_text(line.served.key)
            asked = urlencode({"locale": locale, "resource": line.resource, "key": key})
            fits = fit(look.folded, line.served.text)
            language = site.source if line.served.text == line.source else locale
            address = f"/sites/{quote(site.name, safe='')}/reading?{asked}"
            yield Row(address, line.served.text, language, f"{line.resource} {key}", fits=HAS if fits is None else fits)


def pairs(look: Look) -> Iterator[Row]:
    verbs = verbs_of(look.request)
    for site in look.sites:
        if not (locale := look.locale(site, Action.MEMORY_READ)):
            continue
        found = verbs.concordance(verbs.reading(site.name, locale), look.wanted, side="both", limit=look.most)
        address = f"/memory?{urlencode({'q': look.wanted, 'site': site.name, 'locale': locale})}"
        for hit in found.hits:
            here, there = hit.pair.source_locale, hit.pair.locale
            if hit.side != "source":
                here, there = there, here
            fits = EXACT if fit(look.folded, hit.text) == EXACT else HAS
            yield Row(address, hit.text, here, hit.other, there, fits, tuple(cut_at_hits(hit)))


def packages(look: Look) -> Iterator[Row]:
    """Those that are out or back, by their ids, the newest first; at the desk of who translates them, as a file for others."""
    for site in look.sites:
        for name, locale, status in service_of(look.request).handoffs.places(site.name):
            fits = fit(look.folded, name)
            if fits is None or status in _NOT_OUT or not look.asker.may(Action.SITES_READ, site.name, locale):
                continue
            place = quote(name, safe="")
            translates = look.asker.may(Action.TRANSLATE, site.name, locale)
            address = f"/desk/packages/{place}" if translates else f"/packages/{place}/file"
            yield Row(address, name, "", site.name, fits=fits)


def deployments(look: Look) -> Iterator[Row]:
    """By number, by the name that was asked for, and by revision, among the newest."""
    releases = service_of(look.request).releases
    for site in look.sites:
        for one in releases.listed(site.name, most=_DEPLOYMENTS):
            fits = fit(look.folded, str(one.number), one.ref, one.revision)
            if fits is not None and (fits == EXACT or not look.wanted.isdecimal()):
                address = f"/sites/{quote(site.name, safe='')}/deployments/{one.number}"
                yield Row(address, f"{site.name} {one.number}", "", one.ref, fits=fits)


def people(look: Look) -> Iterator[Row]:
    if not look.asker.may(Action.ACCOUNTS_MANAGE):
        return
    for one in service_of(look.request).people().people():
        if (fits := fit(look.folded, one.name, one.email)) is not None:
            yield Row(f"/people/{one.id}", one.name, "", one.email, fits=fits)
