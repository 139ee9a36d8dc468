"""The Secretariat finds out why French fell: from a letter to the unit and its reason, and back."""

import pytest

from tests.cli.houses import FRENCH, fill
from tests.connectors.mail_servers import Kept, real_server
from tests.processes import until

pytestmark = pytest.mark.slow

TURTLES = "Turtles nest here in June"
UNIT = "resource=texts/home.json&key=turtles"


def links(page):
    return page.xpath("//main//a/@href")


def said(part):
    return " ".join(part.text_content().split())


def rows(page, heading):
    """The rows of the table below a heading, as texts."""
    [section] = page.xpath(f"//section[@aria-labelledby='{heading}-table']")
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")] for row in section.xpath(".//tr")
    ]


def test_the_secretariat_finds_out_why_french_fell(begun):
    kept = Kept()
    with real_server(kept) as port:
        mail = {"TM_SERVICE_MAIL": f"smtp://127.0.0.1:{port}", "TM_SERVICE_MAIL_FROM": "house@reef.example"}
        with begun("deploy", **mail) as journey:
            walk(journey, kept)


def walk(journey, kept):
    office, ines = journey.office, journey.ines
    dana, olga = journey.joins("dana", "developer@reef"), journey.joins("olga", "secretariat")
    fatou = journey.joins("fatou", "translator@reef/fr")
    assert olga.send("/preferences/digest", digest="daily").startswith("/preferences")

    # on Monday French is complete
    ines.done("/sites/reef/learning", {"history": True})
    dana.done("/sites/reef/deployments", {"ref": "r2"})
    dana.done("/sites/reef/packages", {"ref": "r2", "locales": ["fr"]})
    (package,) = dana.get("/sites/reef/packages")["packages"]
    file = office.root / "back.zip"
    file.write_bytes(fatou.get(f"/packages/{package['id']}/file").content)
    fatou.done("/returns", params={"name": "back.xlf"}, content=fill(file, FRENCH).read_bytes())
    dana.done("/sites/reef/deployments", {"ref": "r2"})
    complete = olga.get("/sites/reef/coverage")["locales"]["fr"]["covered"]

    # on Tuesday somebody goes back behind it
    dana.post("/sites/reef/deployments/1/restoration", {"reason": "The page looked odd"})
    lost = complete - olga.get("/sites/reef/coverage")["locales"]["fr"]["covered"]
    assert lost == 3

    # a letter says that an alarm waits
    asked = office.command("jobs", "ask", "digest", "reef").document["job"]
    until(lambda: ines.get(f"/jobs/{asked}")["status"] == "done", lambda: str(ines.get(f"/jobs/{asked}")))
    letter = until(lambda: kept.letters and kept.letters[0])  # the schedule may have been before us, and be at it still
    assert letter["To"] == "olga@reef.example"
    assert letter["Subject"] == "What waits for you"
    assert "reef" in letter.get_body(["plain"]).get_content()

    # the register, its alarms, and what they lead to
    assert "/sites/reef/register/alarms" in links(olga.page("/register"))
    alarms = olga.page("/sites/reef/register/alarms")
    [raised] = alarms.xpath("//ul[@class='raised']/li")
    assert "French: coverage fell by 3 units though their source text had not changed." in said(raised)
    to_deployment, to_differences = raised.xpath(".//a/@href")
    assert to_deployment == "/sites/reef/deployments/3"

    # freshness: French is behind because what came back is not deployed
    freshness = olga.page("/sites/reef/register/freshness?locale=fr")
    head, *causes = rows(freshness, "causes")
    french = dict(zip(head, next(row for row in causes if row[0] == "French"), strict=True))
    assert (french["Waits for a deployment"], french["Total"]) == ("4", "4")
    assert ["turtles", "Waits for a deployment"] in [[row[0], row[-1]] for row in rows(freshness, "longest")]

    # the deployment went back, and says who did it
    deployment = said(olga.page(to_deployment))
    assert "restores 1" in deployment
    assert "dana@reef.example" in deployment
    assert FRENCH[TURTLES] in said(olga.page(to_differences))

    # the unit, and why readers see what they see
    assert "never translated" in said(olga.page(f"/sites/reef/reading?deployment=3&locale=fr&{UNIT}"))
    why = office.command("explain", "reef", "fr", "texts/home.json", "turtles").document
    assert (why["text"], why["rule"]) == (TURTLES, "missing")
    then = olga.page(f"/sites/reef/reading?deployment=2&locale=fr&{UNIT}")
    assert FRENCH[TURTLES] in said(then)

    # it is put right, and the alarm may rest
    dana.done("/sites/reef/deployments", {"ref": "r2"})
    assert olga.get("/sites/reef/coverage")["locales"]["fr"]["covered"] == complete
    [alarm] = raised.xpath(".//input[@name='alarm']/@value")
    olga.send("/sites/reef/register/alarms", alarm=alarm, note="Dana went back by mistake; deployed again.")
    alarms = olga.page("/sites/reef/register/alarms")
    assert alarms.xpath("//ul[@class='raised']") == []
    assert "olga@reef.example" in said(alarms)
