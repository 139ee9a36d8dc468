"""A house with the example site: five deployments, packages that are out, and a rollback."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import httpx

from tm_service.bootstrap import open_service
from tm_service.demo.example_site import build_site, sites_toml
from tm_service.demo.phrases import phrase_book
from tm_service.demo.translator import filled
from tm_service.settings import add_sites, read_settings

LOCALES = ("en", "ar", "es", "fr", "ru", "zh")
NOW = datetime(2026, 11, 5, 9, 30, tzinfo=UTC)


def build_house(folder):
    """A service at a fixed time, packages due on 1 December; two came back, and the last deployment goes back behind them."""
    site = build_site(folder / "site")
    file = folder / "sites.toml"
    file.write_text(sites_toml(site.folder), "utf-8")
    settings = read_settings(folder / "home", environment={})
    add_sites(settings, file)
    service = replace(open_service(settings), clock=lambda: NOW)
    service.learn("demo")
    service.deploy("demo", "2026.1")
    packages = {
        package.locale: (name, content) for package, name, content in service.package("demo", due=date(2026, 12, 1))
    }
    for locale in ("ar", "ru"):
        name, content = packages[locale]
        service.take_in(name, filled(content, phrase_book(), locale))
    for tag in ("2026.2", "2026.3", "2026.4"):
        service.deploy("demo", tag)
    service.rollback("demo", 1)
    return service


def with_sites(service, *names: str):
    """The same service with other sites: the example site under each of these names."""
    demo = service.sites()["demo"]
    return replace(service, sites=lambda: {name: replace(demo, name=name) for name in names})


class Visitor:
    """Asks an application without a network, as a browser does that keeps no cookies."""

    def __init__(self, app, address="http://localhost") -> None:
        self.app, self.address = app, address

    def get(self, path, **options: object):
        return self.ask("GET", path, **options)

    def ask(self, method, path, **options: object):
        return asyncio.run(self._ask(method, path, options))

    async def _ask(self, method, path, options):
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=self.address) as client:
            return await client.request(method, path, **options)
