"""How the keys of a scheme's entries are told: a row per key, a table per entry."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from domain.shapes.words import Told, figure
from domain.wording.names import Names


class Row(NamedTuple):
    """How one key is told: its label, and its words, None where there is nothing to say."""

    label: Told
    words: Callable[[Any, Names], Told | None]


Table = dict[str, Row]
NONE: Told = ("none", "无")


def codes(label: Told, field: str, words: Mapping[Any, Told]) -> Row:
    """A key with a few values, each with its words."""
    return Row(label, lambda one, _: words[getattr(one, field)])


def number(label: Told, field: str, unit: Told = ("", "")) -> Row:
    """A key that is a number, or left out."""

    def words(one: Any, _: Names) -> Told | None:
        value: Decimal | None = getattr(one, field)
        return None if value is None else (f"{figure(value)}{unit[0]}", f"{figure(value)}{unit[1]}")

    return Row(label, words)


def _name(one: Any, _: Names) -> Told:
    return one.en, one.zh


def keyed(**rows: Row) -> Table:
    """A key that a bank may call a kind by, too: no id of one stands in code."""
    return rows


POINTS: Told = (" points", " 分")
NAME, CLAUSE = Row(("name", "名称"), _name), Row(("clause", "条款"), lambda one, _: (one.clause, one.clause))
COMMON: Table = {"clause": CLAUSE, "en": NAME}
"""What nearly every entry has; both languages of its name are told as one."""
