"""The lock of the runtimes pins versions and names no address: npm takes packages from where the machine is told to."""

import json
from pathlib import Path

HERE = Path(__file__).parent


def test_every_package_has_a_version_and_a_hash_and_no_address():
    packages = json.loads((HERE / "package-lock.json").read_text("utf-8"))["packages"]
    assert all({"version", "integrity"} <= package.keys() for name, package in packages.items() if name)
    assert not any("resolved" in package for package in packages.values())
    assert "://" not in json.dumps(packages)


def test_the_versions_asked_for_are_exact():
    asked = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    assert all(version.removeprefix("npm:i18next@")[0].isdigit() for version in asked.values())
