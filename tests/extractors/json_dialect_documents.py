"""JSON documents of the dialects that runtimes read: vue-i18n, i18next, Angular, Chrome, ARB, FormatJS, go-i18n."""

from hypothesis import strategies as st

from tests.extractors.contract import TARGETS, Room
from tests.extractors.json_documents import TEXTS, Entry, either
from tm_service.domain.plurals import CATEGORIES
from tm_service.domain.units import Key

_ARABIC = ("zero", "one", "two", "few", "many", "other")
_NAMES = st.text(st.sampled_from("kxyz.-é中 \"'\\"), min_size=1, max_size=6).map("k".__add__)
_NUMBERS = st.sampled_from(["1", "null", "true"]).map(lambda written: (written,))
# A bar divides forms, and a quote or a brace may begin a literal: these are the syntax of vue-i18n, not texts.
_SEEDS = st.sampled_from(
    ["{count} seed | {count} seeds", "no seed|{n} seed|{n} seeds", "seed | seeds", "no one\t | a | b"]
)
_VUE_TEXTS = TEXTS.map(lambda text: text.replace("|", "").replace("'", ""))
_VUE_TARGETS = TARGETS.map(lambda text: (text.replace("'", "") + " {count}").strip(" \t"))


def _nested(leaves: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    inner = st.recursive(
        leaves,
        lambda below: st.one_of(st.dictionaries(_NAMES, below, max_size=3), st.lists(below, max_size=3)),
        max_leaves=8,
    )
    return st.one_of(st.dictionaries(_NAMES, inner, max_size=4), st.lists(inner, max_size=4))


@st.composite
def _forms(draw: st.DrawFn, suffixes: tuple[tuple[str, ...], ...]) -> object:
    """An object of texts, some of which have several forms, in entries that may stand apart."""
    members = []
    for name in draw(st.lists(_NAMES, unique=True, max_size=4)):
        chosen = draw(st.one_of(st.just(()), st.sampled_from(suffixes)))
        members += [(name + suffix, Entry((draw(TEXTS), name))) for suffix in chosen] or [(name, draw(TEXTS))]
    return dict(draw(st.permutations(members)))


def _i18next(*suffixes: tuple[str, ...]) -> st.SearchStrategy[object]:
    return st.one_of(_forms(suffixes), st.dictionaries(_NAMES, _forms(suffixes), max_size=2))


@st.composite
def _go_message(draw: st.DrawFn) -> object:
    """An object of one form or more, which is a message."""
    names = draw(st.lists(st.sampled_from(CATEGORIES[:-1]), unique=True, max_size=3))
    entries = {name: Entry((draw(TEXTS), "")) for name in [*names, "other"]}
    about = {"description": (_quoted("Note of a seed"),)} if draw(st.booleans()) else {}
    return {**about, **(entries if names else {"other": draw(TEXTS)})}


def _quoted(text: str) -> str:
    return f'"{text}"'


def _go_key(path: Key) -> Key:
    return path[:-1] if path[-1] in ("", *CATEGORIES) else path


def _described(**members: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    noted = st.fixed_dictionaries(members, optional={"description": TEXTS, "placeholders": st.just({"k": {"x": "1"}})})
    return st.dictionaries(_NAMES, st.one_of(noted, _NUMBERS), max_size=4)


def _only(field: str, *, flat: bool = False) -> object:
    """The messages of a format that keeps the text of each in a member of this name."""

    def key(path: Key) -> Key | None:
        if len(path) == 1:
            return path if flat else None
        return path[:1] if path[1:] == (field,) else None

    return key


@st.composite
def _arb(draw: st.DrawFn) -> object:
    texts = draw(st.dictionaries(_NAMES, TEXTS, max_size=4))
    notes = {f"@{name}": {"description": draw(TEXTS)} for name in texts if draw(st.booleans())}
    return {"@@locale": "en", **dict(draw(st.permutations([*texts.items(), *notes.items()])))}


def _arb_key(path: Key) -> Key | None:
    return path if len(path) == 1 and not path[0].startswith("@") else None


_ANGULAR = st.dictionaries(_NAMES, TEXTS, max_size=4).map(
    lambda texts: {"locale": (_quoted("en"),), "translations": texts}
)

ROOMS = {
    ("json", "angular"): Room(either(_ANGULAR, lambda path: path[1:]), locale="zh-Hans"),
    ("json", "arb"): Room(either(_arb(), _arb_key), locale="zh-Hans"),
    ("json", "chrome"): Room(either(_described(message=TEXTS), _only("message"))),
    ("json", "formatjs"): Room(
        either(
            st.one_of(_described(defaultMessage=TEXTS), st.dictionaries(_NAMES, TEXTS)),
            _only("defaultMessage", flat=True),
        )
    ),
    ("json", "go-i18n"): Room(
        either(_nested(st.one_of(TEXTS, _go_message(), _NUMBERS)), _go_key), locale="ar", categories=_ARABIC
    ),
    ("json", "i18next"): Room(
        either(_i18next(("_one", "_other"), ("_zero", "_one", "_other"), ("_other",))),
        locale="fr",
        categories=("one", "many", "other"),
    ),
    ("json", "i18next-v3"): Room(either(_i18next(("", "_plural"))), locale="ar", categories=_ARABIC),
    ("json", "vue-i18n"): Room(either(_nested(st.one_of(_VUE_TEXTS, _SEEDS, _NUMBERS))), _VUE_TARGETS, "ar", _ARABIC),
}
