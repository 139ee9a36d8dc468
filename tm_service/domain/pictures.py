"""Pictures: what articles and records show, kept by what is in it, so that the same picture is there once."""

from dataclasses import dataclass

PICTURES = "/pictures/"  # where they are read, on every site that the house serves


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a document: `digest` is the SHA-256 of `content`, `kind` its format, its sizes are in pixels."""

    digest: str
    kind: str
    width: int
    height: int
    content: bytes

    @property
    def address(self) -> str:
        return f"{PICTURES}{self.digest}.{self.kind}"
