"""Files and folders that commands read and write, refused in one sentence before anything is half done."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tm_service.domain.deployments import Deployment
from tm_service.domain.errors import ConfigurationError, ConnectorError, ServiceError
from tm_service.service import Service


def write_file(file: Path, content: bytes) -> None:
    """All of the file or nothing of it."""
    draft = file.with_name(f".{file.name}.part")
    try:
        draft.write_bytes(content)
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ConnectorError(
            f"{file} cannot be written: {error.strerror or error}; fetch it from the page (`tm-service serve`)."
        ) from error


@contextmanager
def new_file(file: Path) -> Iterator[BinaryIO]:
    """A file to write into piece by piece: all of it under its name at the end, or nothing."""
    draft = file.with_name(f".{file.name}.part")
    try:
        with draft.open("wb") as out:
            yield out
        draft.replace(file)
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror or error}; name another file.") from error
    finally:
        draft.unlink(missing_ok=True)


def read_file(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror or error}.") from error


def check_out(out: Path) -> None:
    """Raises ConfigurationError where nothing can be written into a folder."""
    if not out.is_dir():
        raise ConfigurationError(f"{out} is no folder; make it or name another with --out.")
    if not os.access(out, os.W_OK | os.X_OK):
        raise ConfigurationError(f"{out} cannot be written into; name another folder with --out.")


def check_folder(into: Path | None) -> None:
    if into is not None and not into.is_dir():
        raise ConfigurationError(f"{into} is no folder; name the checkout to write into.")


def write_catalogs(house: Service, into: Path, deployment: Deployment) -> list[str]:
    """Where the checkout refuses, say that the deployment stands all the same."""
    try:
        return list(house.write_catalogs(into, deployment))
    except ServiceError as error:
        raise type(error)(f"Deployment {deployment.number} is served, but {into} was not written: {error}") from error
