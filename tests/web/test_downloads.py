import io
import zipfile
from dataclasses import replace
from unittest.mock import MagicMock

import pytest

from tests.web.house import Visitor
from tm_service.web.app import make_app
from tm_service.web.downloads import zipped


def test_a_package_is_downloaded_as_it_was_handed_off(service, visitor):
    package = service.handoffs.packages("demo")[0]
    name, content = service.handoffs.file(package.id)
    response = visitor.get(f"/packages/{package.id}/file")
    assert response.content == content
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ('a"; filename="b.exe', "a_filename_b.exe"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("x\r\nSet-Cookie: a=b.zip", "x_Set-Cookie_a_b.zip"),
        ("翻译.zip", "_.zip"),
        ("...", "download.zip"),
    ],
)
def test_a_file_name_cannot_leave_its_header_or_its_folder(service, visitor, name, safe):
    store = MagicMock()
    store.read.return_value.__enter__.return_value.file.return_value = name, b"PK"
    response = Visitor(make_app(replace(service, store=store))).get("/packages/demo-1-ar/file")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{safe}"'


def test_the_catalogs_of_a_deployment_are_one_zip(service, visitor):
    response = visitor.get("/sites/demo/deployments/2/catalogs.zip")
    assert response.headers["Content-Disposition"] == 'attachment; filename="demo-2-catalogs.zip"'
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == service.catalogs("demo", 2)
        assert archive.namelist() == sorted(archive.namelist())


def test_the_same_catalogs_are_the_same_bytes(visitor):
    first = visitor.get("/sites/demo/deployments/2/catalogs.zip").content
    assert visitor.get("/sites/demo/deployments/2/catalogs.zip").content == first
    assert zipped({"b": b"2", "a": b"1"}) == zipped({"a": b"1", "b": b"2"})
