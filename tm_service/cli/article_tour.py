"""The tour's articles: published, edited, translated and deployed in all languages, the legal one at once or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tm_service.cli.texts import coverage_table
from tm_service.demo.articles import article_phrases, articles, edited
from tm_service.demo.records import records
from tm_service.demo.translator import filled
from tm_service.domain.deployments import Deployment
from tm_service.domain.records import ARTICLE, Actor
from tm_service.domain.serving import Rule
from tm_service.service import Service

SITE = "articles"
TOML = """
[site.articles]
connector  = "records"
repository = "local"
source     = "en"
locales    = ["ar", "es", "fr", "ru", "zh"]

[[site.articles.content]]
match     = "articles/*.json"
extractor = "record"
target    = "{path}"

[[site.articles.content]]
match     = "records/**/*.json"
extractor = "record"
target    = "{path}"
"""
_EDITOR = Actor("Lena Brook", roles=frozenset({"article-editor", "administrator"}))


@dataclass(frozen=True)
class ArticleTour:
    """The articles' part of the walk; `tell` says each step."""

    house: Service
    tell: Callable[[str], None]

    def publish(self) -> None:
        """Articles and records as their editors have them."""
        documents = [*articles(), *records()]
        self.house.records().put_all(documents, by=_EDITOR, why="the example begins")
        there = sum(ref.kind == ARTICLE for ref, _ in documents)
        self.tell(f"Published {there} articles and {len(documents) - there} records in the record store of this house.")
        deployment = self.house.deploy(SITE).deployment
        self.tell(f"Deployed them:\n{coverage_table(deployment.coverage)}")

    def edit(self, site: str) -> None:
        """English moves on; catalogs and articles are deployed together, and the legal text waits."""
        changed = [(ref, edited(document)) for ref, document in articles() if edited(document) != document]
        self.house.records().put_all(changed, by=_EDITOR, why="the editors went on")
        _, made = self.house.deploy_together([site, SITE])
        behind = len(made.plan.entries(Rule.DATED))
        self.tell(
            f"Editors changed {len(changed)} articles, and both sites were deployed together: {len(made.plan.reverts)} "
            f"reverts, {behind} sentences behind with a notice; legal texts that wait in all languages: "
            f"{len(made.deployment.waiting)}."
        )

    def translate(self) -> Deployment:
        """The sentences that changed come back, and everything is served and written back into the store."""
        order = replace(self.house.handoffs.order(SITE), only="articles/*.json")
        packages = self.house.handoffs.package(SITE, order)
        for package, name, content in packages:
            self.house.take_in(name, filled(content, article_phrases(), package.locale))
        deployment = self.house.deploy(SITE, push=True).deployment
        words = f"{len(packages)} packages came back; legal texts that wait: {len(deployment.waiting)}."
        self.tell(f"{words}\n{coverage_table(deployment.coverage)}")
        return deployment
