"""Templates: every sentence that the code makes findings of, gathered from its syntax trees."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

CODE = Path(__file__).parents[2] / "tm_service"
_POSITION = 2  # of the template among the arguments of `found`, and of the message among those of `Finding`
_FOR_TRANSLATORS = (
    "checks",
    "exchange",
)  # where a `Finding` made without a template is read by translators all the same
_REFUSING = ("exchange", "usecases")  # where a refusal is one of a returned file
_REFUSALS = frozenset({"ReturnRejected", "Damaged"})
_DEEPEST = 6  # helpers that hand a template on
_PLACE = re.compile(r"\{\w*\}")


class Unreadable(Exception):
    """A template that no tree tells, or a refusal that cannot be said in another language."""


@dataclass(frozen=True, slots=True)
class Template:
    """One sentence and the file and line that say it; `{}` stands for what is only known while the program runs."""

    text: str
    path: str
    line: int

    @property
    def shape(self) -> str:
        return shape(self.text)


def shape(text: str) -> str:
    """A sentence with the names of its places left out, as a template and a ready-made sentence share it."""
    return _PLACE.sub("{}", text)


def templates(folder: Path = CODE) -> list[Template]:
    """Every template of every finding made below a folder. Raises Unreadable where one cannot be told."""
    modules = [_Module(path, ast.parse(path.read_text("utf-8"))) for path in sorted(folder.rglob("*.py"))]
    return [
        Template(text, str(module.path.relative_to(folder)), line)
        for module in modules
        for line, texts in module.found(folder, modules)
        for text in texts
    ]


@dataclass
class _Module:
    """One file: its calls, and what its names stand for."""

    path: Path
    tree: ast.Module
    beside: list["_Module"] = field(default_factory=list, repr=False)

    def found(self, folder: Path, modules: list["_Module"]) -> Iterator[tuple[int, list[str]]]:
        self.beside = [module for module in modules if module.path.parent == self.path.parent]
        area = self.path.relative_to(folder).parts[0]
        for call in self.calls:
            if called(call) == "found":
                yield call.lineno, list(dict.fromkeys(self.texts(_argument(call, "template", _POSITION), {}, 0)))
            elif called(call) == "Finding" and area in _FOR_TRANSLATORS:
                said = _argument(call, "template", len(call.args)) or _argument(call, "message", _POSITION)
                yield call.lineno, list(dict.fromkeys(self.texts(said, {}, 0)))
            elif called(call) in _REFUSALS and area in _REFUSING:
                yield call.lineno, self._refusal(call)

    def _refusal(self, call: ast.Call) -> list[str]:
        """The sentences of a refusal: its values are beside its template, never in it."""
        texts = list(dict.fromkeys(self.texts(_argument(call, "template", 0), {}, 0)))
        if any("{}" in text for text in texts) or (texts and not call.keywords):
            raise Unreadable(f"{self.path}:{call.lineno}: {ast.unparse(call)}")
        return texts

    @cached_property
    def calls(self) -> list[ast.Call]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]

    @cached_property
    def functions(self) -> list[ast.FunctionDef]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]

    def texts(self, node: ast.expr | None, known: Mapping[str, str], depth: int) -> Iterator[str]:
        """The sentences that an expression may be; `known` are names that a comprehension has bound."""
        if node is None or depth > _DEEPEST:
            raise Unreadable(f"{self.path}: {node and ast.unparse(node)}")
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr(values=parts):
                yield "".join(_part(part, known) for part in parts)
            case ast.IfExp(body=body, orelse=orelse):
                yield from self.texts(body, known, depth)
                yield from self.texts(orelse, known, depth)
            case ast.Subscript(value=table):
                yield from self.texts(table, known, depth)
            case ast.Dict(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
                for value in values:
                    yield from self.texts(value, known, depth)
            case ast.DictComp(value=value, generators=[ast.comprehension(target=target, iter=rows)]):
                for bound in self._rows(target, rows):
                    yield from self.texts(value, bound, depth)
            case ast.Name():
                yield from self._named(node, depth)
            case ast.Attribute(value=ast.Name() | ast.Subscript(), attr="template") if self._hands_on(node):
                return  # a sentence that was gathered where it was made
            case ast.Attribute(attr=name):
                yield from self._kept(name, depth)
            case _:
                raise Unreadable(f"{self.path}:{node.lineno}: {ast.unparse(node)}")

    def _rows(self, target: ast.expr, rows: ast.expr) -> Iterator[dict[str, str]]:
        """What the names of `for key, value in TABLE.items()` are bound to in turn."""
        match target, rows:
            case ast.Tuple(elts=[ast.Name(id=key), ast.Name(id=value)]), ast.Call(
                func=ast.Attribute(value=ast.Name(id=table), attr="items")
            ):
                for bound in self._bound(self.tree, table):
                    assert isinstance(bound, ast.Dict)
                    for one, other in zip(bound.keys, bound.values, strict=True):
                        yield {key: ast.literal_eval(one), value: ast.literal_eval(other)}
            case _:
                raise Unreadable(f"{self.path}:{rows.lineno}: {ast.unparse(rows)}")

    def _named(self, name: ast.Name, depth: int) -> Iterator[str]:
        """What was bound to a name: in its function, as its function's parameter, or in the module."""
        around = [one for one in self.functions if one.lineno <= name.lineno <= (one.end_lineno or 0)]
        for function in reversed(around):
            bound = list(self._bound(function, name.id))
            if bound:
                for value in bound:
                    yield from self.texts(value, {}, depth)
                return
            parameters = [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]
            if name.id in parameters:
                yield from self._handed(function.name, name.id, parameters.index(name.id), depth)
                return
        bound = [value for statement in self.tree.body for value in self._bound(statement, name.id)]
        if not bound:
            raise Unreadable(f"{self.path}:{name.lineno}: {name.id}")
        for value in bound:
            yield from self.texts(value, {}, depth)

    def _handed(self, function: str, parameter: str, position: int, depth: int) -> Iterator[str]:
        """What the callers of a helper hand on."""
        calls = [call for call in self.calls if called(call) == function]
        if not calls:
            raise Unreadable(f"{self.path}: {function}({parameter})")
        for call in calls:
            yield from self.texts(_argument(call, parameter, position), {}, depth + 1)

    def _hands_on(self, node: ast.Attribute) -> bool:
        """Whether the sentence of an error or a finding goes on with its values: `one.template` beside `one.values`."""
        owner = ast.unparse(node.value)
        handed = (call for call in self.calls if node in (*call.args, *(keyword.value for keyword in call.keywords)))
        return any(f"{owner}.values" in ast.unparse(keyword.value) for call in handed for keyword in call.keywords)

    def _kept(self, name: str, depth: int) -> Iterator[str]:
        """What a field of a dataclass of this module is made with, here and in the modules beside it."""
        for owner in (node for node in self.tree.body if isinstance(node, ast.ClassDef)):
            names = [called(line.target) for line in owner.body if isinstance(line, ast.AnnAssign)]
            if name in names:
                for module in self.beside:
                    yield from module.made(owner.name, name, names.index(name), depth)
                return
        raise Unreadable(f"{self.path}: .{name}")

    def made(self, owner: str, name: str, position: int, depth: int) -> Iterator[str]:
        for call in self.calls:
            value = _argument(call, name, position) if called(call) == owner else None
            is_copied = isinstance(value, ast.Attribute) and value.attr == name
            if value is not None and not is_copied:
                yield from self.texts(value, {}, depth + 1)

    def _bound(self, node: ast.AST, name: str) -> Iterator[ast.expr]:
        for statement in ast.walk(node):
            match statement:
                case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
                    yield value
                case ast.AnnAssign(target=ast.Name(id=bound), value=ast.expr() as value) if bound == name:
                    yield value
                case ast.For(target=ast.Tuple(elts=targets), iter=ast.Tuple(elts=rows)):
                    places = [place for place, target in enumerate(targets) if called(target) == name]
                    yield from (row.elts[place] for row in rows if isinstance(row, ast.Tuple) for place in places)


def _part(part: ast.expr, known: Mapping[str, str]) -> str:
    """A piece of a sentence made while the program runs."""
    match part:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=ast.Name(id=name)) if name in known:
            return known[name]
        case _:
            return "{}"


def called(node: ast.expr) -> str:
    """The name of a function, a class, a variable or a field."""
    match node:
        case ast.Call(func=function):
            return called(function)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _argument(call: ast.Call, name: str, position: int) -> ast.expr | None:
    named = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    return named or (call.args[position] if position < len(call.args) else None)
