"""What the tests of packages and returns share: a worker beside, and files as translators send them back."""

import io
import zipfile
from contextlib import contextmanager
from threading import Thread

from tm_service.demo.phrases import phrase_book
from tm_service.demo.translator import filled
from tm_service.worker.runner import Worker

LATER = {"Prefer": "respond-async"}
TUS = {"Tus-Resumable": "1.0.0"}


@contextmanager
def working(service):
    """A worker that does what is asked for while the block lasts."""
    worker = Worker(service, "beside")
    beside = Thread(target=worker.run, kwargs={"nap": 0.05})
    beside.start()
    try:
        yield
    finally:
        worker.stop.set()
        beside.join()


def newest(service, locale):
    """The newest package of a locale."""
    return next(one for one in service.handoffs.packages("demo") if one.locale == locale)


def returned(service, locale, mistakes=0):
    """The newest package of a locale as its translator sends it back: the name of its file, and its bytes."""
    name, content = service.handoffs.file(newest(service, locale).id)
    return name, filled(content, phrase_book(), locale, mistakes)


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()
