"""The journal in words: whatever the house notes has a name, which pages say in six languages."""

import ast
from pathlib import Path

from tests.web.desks.staff import staff_of, words
from tests.web.house import build_house
from tm_service.domain.drafts import Stage
from tm_service.domain.jobs import JobKind
from tm_service.domain.permissions import OF_PEOPLE, Action, Role
from tm_service.web.desks.house.deeds import DEEDS, DOORS
from tm_service.web.render import environment

SOURCE = Path(__file__).parents[3] / "tm_service"
_NOTING = {"note", "_note", "_become"}


def verbs():
    """Each word that is noted where it stands, those of tables of decisions and steps of documents besides."""
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in _NOTING:
                for one in node.args[:5]:
                    choices = [one.body, one.orelse] if isinstance(one, ast.IfExp) else [one]
                    for said in choices:
                        if isinstance(said, ast.Constant) and isinstance(said.value, str) and said.value:
                            yield said.value


def test_every_deed_that_is_noted_has_a_name_and_no_other_has_one():
    known = set(verbs()) | {"approve client", "reject client", "revoke client", "erase"}
    known |= {f"record {stage}" for stage in Stage}
    assert known == DEEDS.keys()


def test_roles_scopes_and_kinds_of_jobs_have_a_name():
    module = environment("fr").get_template("house/words.html").make_module({"frame": None})
    assert set(module.ROLES) == set(Role)
    assert set(Action) - OF_PEOPLE <= set(module.SCOPES)
    runs = environment("fr").get_template("deployments/words.html").make_module({"frame": None})
    assert [kind for kind in JobKind if str(runs.run_name(kind.value)) == kind.value] == []


def test_the_journal_is_read_in_ones_language(tmp_path):
    page = staff_of(build_house(tmp_path)).browser("secretariat").get("/audit?lang=es")
    assert "vuelta a un despliegue anterior" in words(page)
    assert "en la línea de órdenes" in words(page)
    assert set(DOORS) == {"web", "cli", "worker"}
