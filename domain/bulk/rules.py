"""What a field's rule says, as SQL over a column of text; and an event's stored state, as SQL over such columns."""

from collections.abc import Collection, Mapping

from pydantic.fields import FieldInfo

from domain.events import Event
from domain.fields import EXISTING, FieldRule, Line

NUMBER = "DECIMAL(18,3)"
"""Holds every number that a rule's pattern takes, so that no cast rounds."""
CANONICAL = r"(0|[1-9][0-9]*)(\.[0-9]*[1-9])?"


class Free(str):
    """The SQL of a free text, which JSON may have to escape; other texts are of a few plain characters."""

    __slots__ = ()


def as_said(line: type[Line], columns: Collection[str]) -> str:
    """Each field of a line as a column of texts: an empty one is missing, what is missing has its default."""
    return ", ".join(_as_said(name, field, columns) for name, field in _fields(line).items())


def _as_said(name: str, field: FieldInfo, columns: Collection[str]) -> str:
    text = f"nullif({quoted(name)}::VARCHAR, '')" if name in columns else "NULL::VARCHAR"
    default = "" if field.is_required() or field.default is None else f", {literal(field.default)}"
    return f"coalesce({text}{default}) AS {quoted(name)}" if default else f"{text} AS {quoted(name)}"


def read_values(line: type[Line], rules: Mapping[str, FieldRule]) -> str:
    """The days and numbers that texts stand for (`occurred_on_day`, `quantity_number`), NULL where they are none."""
    days = [
        f"TRY_CAST({quoted(name)} AS DATE) AS {name}_day" for name, field in _fields(line).items() if _is_day(field)
    ]
    numbers = [
        f"TRY_CAST({quoted(name)} AS {NUMBER}) AS {name}_number" for name, rule in rules.items() if _is_number(rule)
    ]
    return ", ".join([*days, *numbers])


def fields_clear(line: type[Line], rules: Mapping[str, FieldRule]) -> str:
    """The condition under which no field of a line is at fault."""
    return " AND ".join(f"({_field_clears(name, field, rules[name])})" for name, field in _fields(line).items())


def _field_clears(name: str, field: FieldInfo, rule: FieldRule) -> str:
    column = quoted(name)
    conditions = [matches(column, rule)]
    if _is_day(field):  # DuckDB knows a year 0000, Python does not
        conditions.append(f"{name}_day >= DATE '0001-01-01'")
    if rule.lowest is not None:
        conditions.append(f"{name}_number >= {rule.lowest}")
    if rule.highest is not None:
        conditions.append(f"{name}_number <= {rule.highest}")
    missing = f"{column} IS NULL OR " if not field.is_required() else ""
    return missing + " AND ".join(conditions)


def matches(column: str, rule: FieldRule) -> str:
    """The condition under which a text matches a rule's pattern as a whole and is not too long."""
    whole = f"regexp_full_match({column}, {literal(rule.pattern)})"
    return f"length({column}) <= {rule.longest} AND {whole}" if rule.longest else whole


def canonical(name: str) -> str:
    """A field's number as it is stored: without zeros around it, `1.00` as `1`. Most are written so already."""
    shortest = f"rtrim(rtrim({name}_number::VARCHAR, '0'), '.')"
    return f"CASE WHEN regexp_full_match({name}, {literal(CANONICAL)}) THEN {name} ELSE {shortest} END"


def escaped(text: str) -> str:
    """A text as JSON writes it between its quotes. No pattern takes control characters, which are the rest of them."""
    return f"replace(replace({text}, '\\', '\\\\'), '\"', '\\\"')"


def unescaped(text: str) -> str:
    """What a text says that stands within a JSON text."""
    return f"""json_extract_string('"' || {text} || '"', '$')"""


def state_of(event: type[Event], values: Mapping[str, str]) -> str:
    """An event's stored state, byte for byte as pydantic writes it, as a text within a JSON text.

    `values` are the SQL of each field's text. `$stamp` is how the state begins: when and by
    whom. A field that is not named is left out, as is one that is NULL: `concat` passes over it.
    """
    members = [_member(name, values[name], field) for name, field in event.model_fields.items() if name in values]
    return f"concat($stamp, {', '.join(members)}, '}}')"


def _member(name: str, value: str, field: FieldInfo) -> str:
    key = rf",\"{name}\":"
    if field.annotation is bool:
        return f"CASE WHEN {value} THEN '{key}true' ELSE '{key}false' END"
    value = escaped(escaped(value)) if isinstance(value, Free) else value
    if field.is_required():
        return rf"""'{key}\"', {value}, '\"'"""
    return rf"""'{key}\"' || {value} || '\"'"""


def quoted(name: str) -> str:
    """A column's name in SQL (`from` is a word of SQL)."""
    return f'"{name}"'


def literal(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def _fields(line: type[Line]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in line.model_fields.items()}


def _is_day(field: FieldInfo) -> bool:
    return EXISTING in field.metadata


def _is_number(rule: FieldRule) -> bool:
    return rule.lowest is not None or rule.highest is not None
