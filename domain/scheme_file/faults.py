"""A TOML file's mistakes as values: one line each, with the line of the file and what would be right.

A field says with `Right`, `DecimalText` or `TextLike` what would be right in it.
"""

import re
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, ErrorDetails, core_schema

from domain.money import canonical
from domain.scheme_file.mistyped import meant, nearest, remedy
from domain.scheme_file.places import Path as Path
from domain.scheme_file.places import Places

M = TypeVar("M", bound=BaseModel)
LARGEST = 1 << 20
"""Characters of a scheme's text: the whole of it goes into the log and is read at each start."""
DEEPEST = 50
"""Tables and arrays within each other; a scheme has five."""
MOST_OF_ONE = 100
"""Mistakes of one table that are looked into."""
LONGEST = 600
LONG_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+[.][ \t]*+){50}""")
"""A key of many parts with dots between."""
LONG_NUMBER = re.compile("[0-9_]{4300}")


Severity = Literal["error", "warning", "note"]
"""An error is never published. A warning is published and told; a note says what nobody can see from the file alone."""


class Remark(NamedTuple):
    """What a check found at a key of a scheme that can be read."""

    path: Path
    message: str
    severity: Severity = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One finding: `message` says what would be right, `key` names the place within the file, `rule` the check that
    found it. Written `file:line: message`; faults sort by line."""

    file: str
    line: int
    message: str
    key: str = field(default="", compare=False)
    severity: Severity = "error"
    rule: str = field(default="form", compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Right:
    """What would be right in a field, as the end of the sentence "it must be ..."."""

    right: str

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler(core)
        return ({"allOf": [schema]} if "$ref" in schema else schema) | {"description": self.right}


@dataclass(frozen=True)
class TextLike(Right):
    """A text that matches a pattern as a whole."""

    pattern: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        pattern = self.pattern  # the schema's dialect has no flags: a dot is any character but a line's end
        if pattern.startswith("(?s)"):
            pattern = pattern.removeprefix("(?s)").replace(".", r"[\s\S]")
        return {"type": "string", "pattern": f"^(?:{pattern})$", "description": self.right}

    def read(self, value: object) -> str:
        """The text itself; ValueError with what would be right."""
        if not isinstance(value, str) or not re.fullmatch(self.pattern, value):
            raise ValueError(self.right)
        return value


def decimal_of(value: object) -> Decimal | None:
    """The number that a text writes out in digits; None for what is none, "NaN" and "1e9" included."""
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,13}([.][0-9]{1,9})?", value):
        return None
    return Decimal(value)


@dataclass(frozen=True)
class DecimalText(Right):
    """A decimal written as text, between two bounds and with at most so many decimals."""

    least: str
    most: str
    places: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        sides = [_up_to(self.most, self.places)] if self.most != "0" else [r"0+([.]0+)?"]
        if self.least.startswith("-"):
            sides.append(f"-{_up_to(self.least.removeprefix('-'), self.places)}")
        return {"type": "string", "pattern": f"^({'|'.join(sides)})$", "description": self.right}

    def read(self, value: object) -> Decimal:
        """The number in its canonical form; ValueError with what would be right."""
        number = decimal_of(value)
        if number is None:
            raise ValueError(self.right)
        number = canonical(number)
        if not Decimal(self.least) <= number <= Decimal(self.most) or number != round(number, self.places):
            raise ValueError(self.right)
        return number


def _up_to(most: str, places: int) -> str:
    """A pattern of the decimals from 0 to a bound, which is one digit with zeros behind it."""
    first, rest = int(most[0]), len(most) - 1
    below = [f"[0-9]{{1,{rest}}}" if rest else "0"]
    below += [f"[1-{first - 1}][0-9]{{{rest}}}"] if first > 1 else []
    return f"(0*({'|'.join(below)})([.][0-9]{{1,{places}}}0*)?|0*{most}([.]0+)?)"


def decimal_text(least: str, most: str, places: int, like: str) -> DecimalText:
    """The bounds of a decimal, said in words."""
    words = f'a decimal in quotes, "{least}" to "{most}", with at most {places} decimals, like "{like}"'
    return DecimalText(words, least, most, places)


@dataclass(slots=True)
class Document:
    """A TOML file that could be read, with the mistakes found in it so far."""

    file: str
    data: dict[str, Any]
    places: Places
    faults: set[Fault] = field(default_factory=set)

    def _value(self, path: Path) -> Any:
        value: Any = self.data
        try:
            for part in path:
                value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
        return value

    def fault(self, path: Path, message: str, severity: Severity = "error", rule: str = "form") -> None:
        """Note a mistake at a key."""
        line, key = self.places.line(path), _shown(self._key(path))
        self.faults.add(Fault(self.file, line, _shown(message), key, severity, rule))

    def _key(self, path: Path) -> str:
        """A place as people name it: `indicators.savings.weight`; what has no id by its number from 1."""
        parts: list[str] = []
        for n, part in enumerate(path, 1):
            entry = self._value(path[:n])
            name = entry.get("id") if isinstance(entry, dict) and isinstance(part, int) else None
            parts.append(name if isinstance(name, str) else part if isinstance(part, str) else str(part + 1))
        return ".".join(parts)

    def read(self, model: type[M], path: Path, value: Any, also: tuple[str, ...] = ()) -> M | None:
        """One table of the file as `model`; None once its mistakes are noted. `also` are keys that others read."""
        try:
            return model.model_validate(value)
        except ValidationError as error:
            for detail in error.errors(include_url=False)[:MOST_OF_ONE]:
                self._translate(model, path, value, detail, also if len(detail["loc"]) == 1 else ())
            return None

    def _translate(
        self, model: type[BaseModel], path: Path, value: Any, error: ErrorDetails, also: tuple[str, ...]
    ) -> None:
        inner = _in_file(error["loc"], value)
        owner, info = _field(model, error["loc"])
        key = str(error["loc"][-1]) if error["loc"] else ""
        match error["type"]:
            case "missing":
                self.fault(path + inner, f"add `{key}`: {_right(info)}")
            case "extra_forbidden":
                self.fault(path + inner, f"`{key}` is not known here; {nearest(key, sorted((*_fields(owner), *also)))}")
            case "union_tag_invalid":
                tags = str(error["ctx"]["expected_tags"])
                known: list[str] = re.findall("'([^']+)'", tags)
                self.fault((*path, *inner, "kind"), _told("kind", f"one of {tags}", error["ctx"]["tag"], known))
            case _:
                named = ".".join(str(part) for part in inner if isinstance(part, str)) or str((path or ("this",))[-1])
                known = _words(info.annotation) if info and error["type"] == "literal_error" else []
                self.fault(path + inner, _told(named, _right(info), error["input"], known))


def _told(named: str, right: str, written: object, known: list[str]) -> str:
    """What a key must be, and what may have been meant."""
    return "; ".join(one for one in (f"`{named}` must be {right}", meant(written, known)) if one)


def read_toml(text: str, file: str) -> Document | Fault:
    """A file's text as a document, or the one place from which it can't be read."""
    if len(text) > LARGEST:
        return Fault(file, 1, f"write a file of at most {LARGEST >> 20} MB, which no scheme needs")
    text = text.removeprefix("\ufeff")
    try:
        if long := LONG_KEY.search(text):  # to read one takes the square of its length
            return Fault(file, text.count("\n", 0, long.start()) + 1, "nest tables and arrays less deeply")
        data = tomllib.loads(text)
        if _is_deep(data):
            return Fault(file, 1, "nest tables and arrays less deeply")
        return Document(file, data, Places(text))
    except RecursionError:
        return Fault(file, 1, "nest tables and arrays less deeply")
    except ValueError as error:  # a TOMLDecodeError, or an integer too long to be read
        if long := LONG_NUMBER.search(text):
            return Fault(file, text.count("\n", 0, long.start()) + 1, "write a number of fewer digits")
        place = re.search(r"line (\d+)", str(error))
        line = int(place[1]) if place else text.rstrip("\n").count("\n") + 1
        return Fault(file, *remedy(text, line, str(error)))


def _shown(text: str) -> str:
    """What a file says, as it can stand in one line: keys may hold whatever a text can."""
    text = re.sub(r"(\S{60})\S{20,}", r"\1…", text)[: LONGEST + 1]
    text = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _is_deep(data: dict[str, Any]) -> bool:
    """Whether tables and arrays lie in each other deeper than any scheme needs; a dotted key can."""
    level: list[Any] = [data]
    for _ in range(DEEPEST):
        inside = [each for one in level for each in (one.values() if isinstance(one, dict) else one)]
        level = [each for each in inside if isinstance(each, dict | list)]
    return bool(level)


def _in_file(loc: Path, value: Any) -> Path:
    """An error's place without the tags of unions, which stand in no file."""
    path: Path = ()
    for part in loc:
        if (isinstance(value, dict) and part in value) or (isinstance(value, list) and part in range(len(value))):
            value, path = value[part], (*path, part)  # type: ignore[index]
    return path


def _right(info: FieldInfo | None) -> str:
    """What would be right in a field: the words it carries, or the few words that it allows."""
    if info is None:
        return "a table of `key = value` lines"
    within = [one for each in get_args(info.annotation) for one in getattr(each, "__metadata__", ())]
    if words := next((one.right for one in (*info.metadata, *within) if isinstance(one, Right)), None):
        return words
    return "one of " + ", ".join(f'"{word}"' for word in _words(info.annotation))


def _words(annotation: Any) -> list[str]:
    """The words that a Literal allows, also within `Literal[...] | None`."""
    inner = get_args(annotation)
    return [word for one in inner for word in ([one] if isinstance(one, str) else _words(one))]


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """A model's fields by the key that the file uses."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def _field(model: type[BaseModel], loc: Path) -> tuple[type[BaseModel], FieldInfo | None]:
    """The field that an error is about, and the model that it (or the unknown key) belongs to."""
    info: FieldInfo | None = None
    for part in loc:
        if isinstance(part, str) and part in (fields := _fields(model)):
            info = fields[part]
            inside = _models(info.annotation)
            model = inside[0] if len(inside) == 1 else model
        elif info and (tagged := [one for one in _models(info.annotation) if _tag(one) == part]):
            model = tagged[0]
    return model, info


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [one for inner in get_args(annotation) for one in _models(inner)]


def _tag(model: type[BaseModel]) -> object:
    kind = model.model_fields.get("kind")
    return get_args(kind.annotation)[0] if kind else None
