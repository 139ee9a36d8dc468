"""A small random site and everything that may happen to it; every step is plain data, so that failures shrink well."""

import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import md5
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from hypothesis import strategies as st

from tests.fakes import House, display, flat, new_house
from tm_service.domain.errors import GateClosed
from tm_service.domain.text import parse
from tm_service.domain.units import Key

EXAMPLES = int(os.environ.get("LAW_EXAMPLES", "5"))  # a night's run may ask for thousands
LOCALES = ("ar", "fr")
TEXTS = (
    "Save the seeds you gather",
    "Documents",
    "Seed list",
    "Each party shall report within 30 days",
    "Hello {name}, welcome back to the garden",
    "Water the <b>young</b> plants every evening",
    "You may not pick the apples before May",
    "The gardener reports on {count} beds in 2 groups",
)
PATHS = ("text/home.json", "text/forms/home.json", "text/forms/sow.json", "text/list.json")
KEYS: tuple[Key, ...] = (("title",), ("body", "lead"), ("body", "note"), ("list", "0x"), ("hint",), ("body", "title"))
EDITS: tuple[Callable[[str], str], ...] = (
    lambda text: text.replace(" ", "  ", 1),
    lambda text: text.swapcase() if text.islower() else text.lower(),
    lambda text: text.removesuffix(".") if text.endswith(".") else f"{text}.",
    lambda text: f"<i>{text}</i>",
    lambda text: f'{text} <a href="https://example.org/{len(text)}">more</a>',
    lambda text: text.replace("garden", "gardn").replace("seeds", "seedes").replace("party", "partie"),
    lambda text: text.replace("{name}", "{person}").replace("{count}", "{total}"),
    lambda text: re.sub(r" ?\{\w+\}", "", text),
    lambda text: f"{text} for {{guest}}",
    lambda text: text.replace("30", "60").replace("2", "3") if re.search(r"30|2", text) else f"{text} 7",
    lambda text: text.replace("not ", "") if "not " in text else text.replace("the", "not the", 1),
    lambda text: text.replace("shall", "may") if "shall" in text else text.replace("may", "must"),
    lambda text: " ".join(reversed(text.split(" "))),
    lambda text: f"Quite another sentence number {len(text)} about orchards",
)

Step = tuple[str, int, int, int]
_UNTRANSLATED = re.compile(r"«(ar|fr)")


def foreign(text: str, locale: str, version: int = 0) -> str:
    """A translation as far as the house can see: other words, the same codes."""
    again = "" if version % 3 == 0 else f" {version % 3}"
    return f"«{locale}{again}» " + "".join(
        part.translate(str.maketrans("aeiou", "àéîôù")) if isinstance(part, str) else part.data
        for part in parse(text).parts
    )


@dataclass(frozen=True)
class Seen:
    """One deployment as readers have it: the sources it was made from, and by locale and unit the English and what is shown."""

    number: int
    sources: dict[str, bytes]
    texts: dict[tuple[str, str, Key], tuple[str, str]]
    rolled_back: bool = False


@dataclass
class World:
    """A house, the site as its people know it, and what readers saw at each deployment."""

    house: House
    english: dict[str, dict[Key, str]] = field(default_factory=dict)
    older: dict[tuple[str, Key], list[str]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    returned: list[tuple[str, bytes]] = field(default_factory=list)
    waived: set[tuple[str, str, Key]] = field(default_factory=set)
    seen: list[Seen] = field(default_factory=list)
    gates: int = 0

    def play(self, steps: list[Step]) -> Iterator[str]:
        """Take the steps one by one; gives the name of each as it is done."""
        for name, *numbers in steps:
            getattr(self, name)(*numbers)
            yield name

    def run(self, steps: list[Step]) -> None:
        for _ in self.play(steps):
            pass

    # English

    def add(self, a: int, b: int, c: int) -> None:
        path, key = PATHS[a % len(PATHS)], KEYS[b % len(KEYS)]
        if key not in self.english.get(path, {}):
            self._set(path, key, TEXTS[c % len(TEXTS)])

    def edit(self, a: int, b: int, _c: int) -> None:
        if unit := self._unit(a):
            path, key = unit
            self._set(path, key, EDITS[b % len(EDITS)](self.english[path][key]))

    def move(self, a: int, b: int, c: int) -> None:
        if unit := self._unit(a):
            text = self.english[unit[0]].pop(unit[1])
            path, key = PATHS[b % len(PATHS)], KEYS[c % len(KEYS)]
            self.english.setdefault(path, {})[key] = text
            self._write(unit[0], path)

    def move_and_edit(self, a: int, b: int, c: int) -> None:
        if unit := self._unit(a):
            text = self.english[unit[0]].pop(unit[1])
            self.english[unit[0]][KEYS[c % len(KEYS)]] = EDITS[b % len(EDITS)](text)
            self._write(unit[0])

    def rename(self, a: int, b: int, _c: int) -> None:
        paths = sorted(self.english)
        new = PATHS[b % len(PATHS)]
        if paths and new not in self.english:
            old = paths[a % len(paths)]
            self.english[new] = self.english.pop(old)
            self.broken.discard(old)
            self._write(old, new)

    def swap(self, a: int, b: int, _c: int) -> None:
        one, other = self._unit(a), self._unit(b)
        if one and other and one != other:
            texts = self.english[one[0]][one[1]], self.english[other[0]][other[1]]
            self.english[other[0]][other[1]], self.english[one[0]][one[1]] = texts
            self._write(one[0], other[0])

    def duplicate(self, a: int, b: int, c: int) -> None:
        if unit := self._unit(a):
            self._set(PATHS[b % len(PATHS)], KEYS[c % len(KEYS)], self.english[unit[0]][unit[1]])

    def remove(self, a: int, _b: int, _c: int) -> None:
        if unit := self._unit(a):
            del self.english[unit[0]][unit[1]]
            self._write(unit[0])

    def tear(self, a: int, _b: int, _c: int) -> None:
        """A file that is no JSON any more."""
        paths = sorted(self.english)
        if paths:
            path = paths[a % len(paths)]
            self.broken.add(path)
            self.house.write({path: '{"title": "Torn'})

    def mend(self, _a: int, _b: int, _c: int) -> None:
        paths = sorted(self.broken)
        self.broken.clear()
        self._write(*paths)

    # translations

    def deliver(self, a: int, b: int, c: int) -> None:
        """A catalog as somebody may file it: where, with which hashes, and what is in it."""
        paths = sorted(path for path in self.english if self.english[path] and path not in self.broken)
        if not paths:
            return
        locale, path = LOCALES[a % 2], paths[a // 2 % len(paths)]
        place = (
            f"i18n/{locale}/{path}",
            f"i18n/{locale}/{path}",
            f"i18n/{locale}-XX/{path}",
            f"back/{locale}/{path.split('/', 1)[1]}",
            f"incoming/{path.rpartition('/')[2].replace('.json', f'.{locale}.json')}",
        )[b % 5]
        values, hashes = {}, {}
        for number, (key, text) in enumerate(sorted(self.english[path].items())):
            older = (self.older.get((path, key)) or [text])[-1]
            kind = (c >> number) % 8
            values[key] = (
                foreign(text, locale, c),
                foreign(text, locale, c),
                "",
                text,
                " 26. ",
                foreign(older, locale, c),
                foreign(text, locale, c + 1),
                "   ",
            )[kind]
            hashes[".".join(key)] = md5((older if kind == 5 else text).encode(), usedforsecurity=False).hexdigest()
        content: dict[str, object] = _nested(values)
        if b // 5 % 2:
            content["#meta"] = {"algorithm": "md5", "hashes": hashes}
        skew = timedelta(days=(b % 7) - 3)  # the clocks of people's machines differ
        self.house.write({place: content}, at=self.house.repository.clock() + skew)

    def package(self, _a: int, _b: int, _c: int) -> None:
        self.sent += [(name, content) for _, name, content in self.house.packages()]

    def come_back(self, a: int, b: int, c: int) -> None:
        """A package returns, whole or in part, some of it damaged."""
        if self.sent:
            name, content = self.sent[a % len(self.sent)]
            returned = answered(content, lambda place: (b >> (place % 12)) % 4, c)
            self.returned.append((name, returned))
            self.house.service.take_in(name, returned)

    def come_again(self, a: int, _b: int, _c: int) -> None:
        if self.returned:
            self.house.service.take_in(*self.returned[a % len(self.returned)])

    # what readers see

    def deploy(self, _a: int, _b: int, _c: int) -> None:
        try:
            number = self.house.deploy()
        except GateClosed:
            self.gates += 1
            return
        kept = self.seen[-1].sources if self.seen else {}
        tree = {path: content for path, content in self.house.repository.tree.items() if path in PATHS}
        readable = {path: content for path, content in tree.items() if path not in self.broken}
        self._look(number, readable | {path: kept[path] for path in self.broken & set(kept) & set(tree)})

    def _look(self, number: int, sources: dict[str, bytes], *, rolled_back: bool = False) -> None:
        """Read the catalogs' bytes as the site does."""
        catalogs = self.house.service.catalogs(self.house.name, number)
        texts = {}
        for locale in LOCALES:
            for path, source in sources.items():
                shown = display(source, catalogs[f"i18n/{locale}/{path}"])
                texts |= {(locale, path, key): (text, shown[key]) for key, text in flat(json.loads(source)).items()}
        self.seen.append(Seen(number, sources, texts, rolled_back))

    def waive(self, _a: int, _b: int, _c: int) -> None:
        """Permit what holds the gate."""
        for locale, unit, _ in self.house.service.check(self.house.name).plan.held:
            until = self.house.repository.clock() + timedelta(days=30)
            self.house.service.waive(
                self.house.name, locale, unit.resource, unit.key, by="Ana", reason="The name is gone.", until=until
            )
            self.waived.add((locale, *unit.id))

    def roll_back(self, a: int, _b: int, _c: int) -> None:
        if made := self.house.service.deployments(self.house.name):
            number = made[a % len(made)].number
            restored = self.house.service.rollback(self.house.name, number).number
            if restored != number:
                then = next(seen for seen in self.seen if seen.number == number)
                self._look(restored, then.sources, rolled_back=True)

    # inside

    def _unit(self, number: int) -> tuple[str, Key] | None:
        units = [(path, key) for path in sorted(self.english) for key in sorted(self.english[path])]
        return units[number % len(units)] if units else None

    def _set(self, path: str, key: Key, text: str) -> None:
        before = self.english.get(path, {}).get(key)
        if before is not None:
            self.older.setdefault((path, key), []).append(before)
        self.english.setdefault(path, {})[key] = text
        self._write(path)

    def _write(self, *paths: str) -> None:
        gone = {path for path in paths if path not in self.english}
        whole = {path: _nested(self.english[path]) for path in paths if path in self.english}
        self.broken -= set(paths)
        self.house.write(whole | dict.fromkeys(gone))


def _nested(values: dict[Key, str]) -> dict[str, object]:
    root: dict[str, object] = {}
    for key, text in values.items():
        node = root
        for name in key[:-1]:
            node = node.setdefault(name, {})
        node[key[-1]] = text
    return root


_UNIT = re.compile(
    rb'(<trans-unit id="([^"]+)".*?<source>(.*?)</source>\s*)<target[^>]*?(?:/>|>.*?</target>)', re.DOTALL
)


def answered(package: bytes, kind_of: Callable[[int], int], version: int = 0) -> bytes:
    """A package as a translator returns it: 0 good, 1 left alone, 2 confirmed blank, 3 its codes lost."""
    with zipfile.ZipFile(BytesIO(package)) as archive:
        xliff = next(archive.read(name) for name in archive.namelist() if name.endswith(".xlf"))
    locale = re.search(rb'target-language="([^"]+)"', xliff)[1].decode()

    def answer(match: re.Match[bytes]) -> bytes:
        place, source = int(match[2].rpartition(b".")[2]), match[3]
        good = re.sub(
            rb"(?<=>)[^<]+|^[^<]+", lambda words: foreign(words[0].decode(), locale, version).encode(), source
        )
        kind = kind_of(place)
        if kind == 1:
            return match[0]
        target = (good, b"", b"", _LOST.sub(b"", good))[kind]
        return match[1] + b'<target state="translated">' + target + b"</target>"

    return _UNIT.sub(answer, xliff)


_LOST = re.compile(rb"<(ph|x)\b[^>]*?(?:/>|>.*?</\1>)|<[^>]*>", re.DOTALL)

numbers = st.integers(0, 2**13)


def _names(*taken: Callable[[World, int, int, int], None]) -> tuple[str, ...]:
    return tuple(step.__name__ for step in taken)


ENGLISH = _names(
    World.add,
    World.edit,
    World.edit,
    World.move,
    World.move_and_edit,
    World.rename,
    World.swap,
    World.duplicate,
    World.remove,
    World.tear,
    World.mend,
)
WORK = _names(World.deliver, World.deliver, World.deliver, World.package, World.come_back, World.come_again)


def steps(*names: str, most: int = 14) -> st.SearchStrategy[list[Step]]:
    return st.lists(st.tuples(st.sampled_from(names), numbers, numbers, numbers), min_size=1, max_size=most)


def beginnings() -> st.SearchStrategy[list[Step]]:
    """A few units, then some translations."""
    return st.tuples(steps("add", most=6), steps("deliver", most=3)).map(lambda parts: [*parts[0], *parts[1]])


@contextmanager
def new_world(begun: list[Step] | None = None) -> Iterator[World]:
    folder = Path(mkdtemp(prefix="tm-service-law-"))
    world = World(new_house(folder))
    try:
        world.house.write({PATHS[0]: "{}"})
        world.run(begun or [])
        yield world
    finally:
        world.house.store.close()
        rmtree(folder)
