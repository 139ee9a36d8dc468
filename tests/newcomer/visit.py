"""Visit a house as a newcomer's browser would, with nothing but Python: pages in six languages, what they link, every file.

`python3 visit.py ADDRESS [EMAIL PASSWORD]` says in one line what it saw, or in one sentence what is missing.
"""

import re
import sys
from collections.abc import Iterable
from html import unescape
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urldefrag, urlencode, urljoin
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

LANGUAGES = ("en", "ar", "es", "fr", "ru", "zh")
MOST = 40  # pages that are followed
PATIENCE = 60  # seconds for one answer
_LINKS = re.compile(r"<a\b[^>]*?\shref=\"(/[^\"]*)\"")
_FILES = re.compile(r"(?:src|href)=\"(/static/[^\"]+)\"")
_EDITION = re.compile(r"/static/([0-9a-f]+)/")
_LEFT_OUT = ("/sign-out", "/static/")


class Missing(Exception):
    """Something that a newcomer would miss; the text is one sentence."""


class Visit:
    """One browser, which keeps its cookies and remembers what it saw."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        self.files: dict[str, int] = {}  # bytes of each, by address
        self.pages: set[str] = set()

    def fetch(self, path: str, form: dict[str, str] | None = None) -> tuple[str, bytes]:
        """The media type and the content. Raises Missing."""
        body = None if form is None else urlencode(form).encode()
        headers = {"Origin": self.address, "Sec-Fetch-Site": "same-origin", "Accept": "text/html,*/*"}
        try:
            with self.opener.open(Request(self.address + path, body, headers), timeout=PATIENCE) as answer:  # noqa: S310 - our own house
                return answer.headers.get_content_type(), answer.read()
        except HTTPError as error:
            raise Missing(f"{path} answers {error.code}.") from error

    def page(self, path: str) -> str:
        kind, content = self.fetch(path)
        self.pages.add(path)
        text = content.decode() if kind == "text/html" else ""
        for file in _FILES.findall(text):
            self.file(file)
        return text

    def file(self, path: str) -> None:
        if path not in self.files:
            self.files[path] = len(self.fetch(path)[1])

    def sign_in(self, email: str, password: str) -> None:
        _, content = self.fetch("/sign-in", {"email": email, "password": password})
        if b'name="password"' in content:
            raise Missing(f"{email} cannot sign in.")

    def speaks(self) -> None:
        for language in LANGUAGES:
            if f'lang="{language}"' not in self.page(f"/?lang={language}"):
                raise Missing(f"The first page does not speak {language}.")

    def follow(self) -> None:
        """Every page that can be reached in a few steps is there; each is asked for once, whatever its query."""
        waiting, seen = ["/"], {"/"}
        while waiting and len(self.pages) < MOST + len(LANGUAGES):
            path = waiting.pop(0)
            for link in map(unescape, _LINKS.findall(self.page(path))):
                target = urldefrag(urljoin(path, link)).url
                if target.partition("?")[0] not in seen and not target.startswith(_LEFT_OUT):
                    seen.add(target.partition("?")[0])
                    waiting.append(target)

    def has(self, names: Iterable[str]) -> None:
        """All files for browsers, also those that no page named."""
        edition = _EDITION.search(next(iter(self.files)))
        if edition is None:
            raise Missing("The pages name no file.")
        for name in names:
            self.file(f"/static/{edition[1]}/{name}")


def main() -> int:
    address, *account = sys.argv[1:]
    visit = Visit(address)
    try:
        if account:
            visit.sign_in(*account)
        visit.speaks()
        visit.follow()
        visit.has(line.strip() for line in sys.stdin if line.strip())
    except Missing as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    print(f"{len(visit.pages)} pages, {len(visit.files)} files, {len(LANGUAGES)} languages")  # noqa: T201 - a command for people
    return 0


if __name__ == "__main__":
    sys.exit(main())
