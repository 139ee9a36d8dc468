"""Lists of packages and receipts: light, newest first, and of one site."""

from dataclasses import replace

from tests.storage.samples import NOON, after, package
from tm_service.domain.findings import Severity, found
from tm_service.domain.packages import Outcome, PackageStatus, Receipt


def receipt(number, of, **fields: object):
    said = (found("return", Severity.NOTE, "Unit {unit} came back.", unit=f"u{number}"),)
    given = Receipt(Outcome.WARN, of, f"{number:064}", number, ("u1",), 2, said, after(hours=number), page="p" * 64)
    return replace(given, **fields)


def test_packages_are_placed_without_their_units(tx):
    for number, status in ((1, PackageStatus.REINTEGRATED), (2, PackageStatus.DRAFT)):
        tx.save_package(package(number, locale="fr" if number == 1 else "ar", status=status))
    tx.save_package(package(1, site="bch"))
    assert tx.package_places("absch") == [
        ("absch-2-ar", "ar", PackageStatus.DRAFT),
        ("absch-1-fr", "fr", PackageStatus.REINTEGRATED),
    ]
    assert tx.package_places("reef") == []


def test_receipts_of_a_site_come_newest_first_with_their_locales_and_no_findings(tx):
    tx.save_package(package(1, locale="fr"))
    tx.save_package(package(2, locale="ar"))
    tx.save_package(package(1, site="bch"))
    given = [receipt(1, "absch-1-fr"), receipt(3, "absch-2-ar", corrections="c" * 64), receipt(2, "absch-1-fr")]
    for one in given:
        tx.save_receipt("absch", one, b"the return")
    tx.save_receipt("bch", receipt(9, "bch-1-ar", at=NOON), b"another")
    light = [
        (locale, replace(one, findings=())) for locale, one in (("ar", given[1]), ("fr", given[2]), ("fr", given[0]))
    ]
    assert tx.receipts_of("absch") == light
    assert [one.digest for _, one in tx.receipts_of("bch")] == [f"{9:064}"]
    assert tx.receipts_of("reef") == []


def test_the_newest_receipts_are_those_of_ones_own_sites_and_locales(tx):
    for number, site, locale in ((1, "absch", "fr"), (2, "absch", "ar"), (1, "bch", "fr")):
        tx.save_package(package(number, site=site, locale=locale))
    for number, of in ((1, "absch-1-fr"), (4, "absch-1-fr"), (3, "absch-2-ar"), (2, "bch-1-fr")):
        tx.save_receipt(of.partition("-")[0], receipt(number, of), b"the return")

    def newest(*places: tuple[str, str], most=9):
        return [int(one.digest) for one in tx.newest_receipts(places, most)]

    assert newest(("", "")) == [4, 3, 2, 1]
    assert newest(("", ""), most=2) == [4, 3]
    assert newest(("absch", "fr")) == [4, 1]
    assert newest(("bch", ""), ("absch", "ar")) == [3, 2]
    assert newest(("", "fr")) == [4, 2, 1]
    assert newest() == []
