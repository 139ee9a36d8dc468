"""Views: how well each page that readers open is translated, by what the site's code shows there."""

from collections import defaultdict
from collections.abc import Mapping

from tm_service.domain.deployments import Coverage, Deployment, coverage
from tm_service.domain.ports import Transaction
from tm_service.domain.units import Locale, UnitId
from tm_service.usecases.pages import read_pages
from tm_service.usecases.reading import SiteReader
from tm_service.usecases.usage import SiteUsage

Views = Mapping[str, Mapping[Locale, Coverage]]


def coverage_by_view(reader: SiteReader, tx: Transaction, usage: SiteUsage, deployment: Deployment) -> Views:
    """Coverage of a deployment by view and locale; a view is an address, else a component; what no code names is in none."""
    views: dict[str, set[UnitId]] = defaultdict(set)
    for unit in usage.uses:
        for view in usage.views(unit):
            views[view].add(unit)
    pages = read_pages(tx, tx.pages(deployment.site, deployment.number))
    resources = {page.resource: reader.resource(page.resource, page.blob) for page in pages.values()}
    found: dict[str, dict[Locale, Coverage]] = {view: {} for view in sorted(views)}
    for (locale, resource), page in pages.items():
        sources = {key: unit.source for key, unit in resources[resource].by_key.items()}
        for view, units in views.items():
            served = [entry for entry in page.served if (resource, entry.key) in units]
            if served:
                found[view][locale] = found[view].get(locale, Coverage()) + coverage(served, sources)
    return found
