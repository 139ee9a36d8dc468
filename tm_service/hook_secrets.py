"""Hook secrets: what git hosts sign with, one file a site in the home, or where sites.toml says; old and new count together."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_bytes, token_hex

from tm_service.domain.errors import ConfigurationError
from tm_service.domain.signatures import written
from tm_service.domain.site import Site

_BYTES = 32  # what GitLab asks of a signing token
_SHORTEST = 16  # characters of a secret that somebody else made
_UNTIL = "\t"  # before the moment until which an old one counts


class HookSecrets:
    """A secret a line; of those of the house the newest first, the others with the moment until which they count."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def valid(self, site: Site, now: datetime) -> Sequence[str]:
        place = Path(site.hooks.secret) if site.hooks.secret else self._folder / site.name
        found = [line.partition(_UNTIL) for line in self._lines(place, is_named=bool(site.hooks.secret))]
        valid = [secret for secret, _, until in found if not until or now < _moment(place, until)]
        if any(len(secret) < _SHORTEST for secret in valid):
            raise ConfigurationError(f"{place} has a secret of less than {_SHORTEST} characters; make a longer one.")
        return valid

    def renew(self, site: Site, now: datetime, overlap: timedelta) -> str:
        if site.hooks.secret:
            raise ConfigurationError(
                f"The secrets of the hooks of {site.name} are in {site.hooks.secret}, one a line; add one there."
            )
        secret, until = written(token_bytes(_BYTES)), now + overlap
        before = self.valid(site, now) if overlap else ()
        ends = [self._until(site, one, until) for one in before]
        lines = [secret, *(f"{one}{_UNTIL}{end.isoformat()}" for one, end in zip(before, ends, strict=True))]
        self._write(site.name, "".join(f"{line}\n" for line in lines))
        return secret

    def _until(self, site: Site, secret: str, until: datetime) -> datetime:
        """An old one that ends sooner already ends then."""
        place = self._folder / site.name
        known = dict(line.partition(_UNTIL)[::2] for line in self._lines(place, is_named=False))
        return min(until, _moment(place, known[secret])) if known[secret] else until

    def _lines(self, place: Path, *, is_named: bool) -> Sequence[str]:
        try:
            return [line for line in place.read_text("utf-8").splitlines() if line.strip()]
        except FileNotFoundError:
            if is_named:
                raise ConfigurationError(f"There is no file {place}; it should have the secret of a hook.") from None
            return ()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"{place} cannot be read ({error}); it should have the secret of a hook."
            ) from error

    def _write(self, name: str, text: str) -> None:
        """All of it or nothing, and readable by its owner only."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._folder / f".{token_hex(8)}"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as opened:
            opened.write(text)
        draft.replace(self._folder / name)


def _moment(place: Path, said: str) -> datetime:
    try:
        moment = datetime.fromisoformat(said.strip())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ConfigurationError(f"{place} says {said!r} where a moment should be; make a new secret.")
    return moment
