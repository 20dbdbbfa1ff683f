"""The rules of the fields that people and files fill in: pattern, range and remedy, each stated once.

The pydantic model of one line and the SQL check of a whole file are both made from these rules. The patterns keep to
what Rust's regex crate (pydantic) and RE2 (DuckDB) read alike.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from domain.refusal import Refusal, Refused

INVISIBLE = (
    r"\x{00}-\x{1f}\x{7f}-\x{9f}\x{ad}\x{34f}\x{61c}\x{115f}\x{1160}\x{17b4}\x{17b5}\x{180e}\x{200b}-\x{200f}"
    r"\x{2028}-\x{202e}\x{2060}-\x{206f}\x{3164}\x{feff}\x{ffa0}\x{fff0}-\x{fffb}\x{1bca0}-\x{1bca3}"
    r"\x{1d173}-\x{1d17a}\x{e0000}-\x{e00ff}\x{e01f0}-\x{e0fff}"
)
"""What shows nothing: controls, joiners, marks of direction, fillers, tags. Two texts that look alike are the same."""
BLANK = r" \x{a0}\x{1680}\x{2000}-\x{200a}\x{202f}\x{205f}\x{2800}\x{3000}"
VARIANT = r"\x{180b}-\x{180d}\x{180f}\x{fe00}-\x{fe0f}\x{e0100}-\x{e01ef}"
"""What chooses the look of the character before it."""
PICTURE = r"[\x{2190}-\x{21ff}\x{2600}-\x{27bf}\x{2b00}-\x{2bff}\x{1f000}-\x{1faff}]"
JOINED = rf"(?:{PICTURE}\x{{fe0f}}?\x{{200d}})+{PICTURE}"
"""A picture that is made of several: between them a joiner, which shows nothing anywhere else, can be seen."""
INVISIBLE_IN_NOTES = INVISIBLE.replace(r"\x{00}-\x{1f}", r"\x{00}-\x{08}\x{0b}\x{0c}\x{0e}-\x{1f}")


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A full-match pattern, an inclusive range for numbers, and the sentence that says what would be right; `in_form`
    is the sentence for what has the form and is wrong all the same, where that takes another one. A text may have
    `longest` characters, where the pattern doesn't count them."""

    pattern: str
    remedy: str
    lowest: Decimal | None = None
    highest: Decimal | None = None
    in_form: str | None = None
    longest: int | None = None

    def remedy_of(self, text: str) -> str:
        """What would be right instead of a text that is refused."""
        return self.in_form if self.in_form and re.fullmatch(self.pattern, text) else self.remedy


ID = FieldRule("[A-Za-z0-9_-]{1,32}", "write 1 to 32 of the characters A-Z a-z 0-9 _ -")
COMMAND_LINE, CLOCK, SEALER = "cli", "clock", "seal"
"""What the service writes by its own doing has these in `by`: the command line, who closes days, who seals."""
OWN_IDS = (COMMAND_LINE, CLOCK, SEALER)
SOURCE = FieldRule("[a-z0-9-]{1,32}", "write 1 to 32 of the characters a-z 0-9 -")
REFERENCE = FieldRule("[A-Za-z0-9._-]{1,64}", "write 1 to 64 of the characters A-Z a-z 0-9 . _ -")
KIND = FieldRule("[a-z][a-z0-9_-]{0,31}", "write a kind of action as the scheme names it")
DAY = FieldRule(
    "[0-9]{4}-[0-9]{2}-[0-9]{2}", "write a date as YYYY-MM-DD", in_form="write a date that exists as YYYY-MM-DD"
)
QUANTITY = FieldRule(
    r"[0-9]{1,10}(\.[0-9]{1,3})?",
    "write a plain number above 0, at most 1000000000, with up to 3 decimals and no separators",
    Decimal("0.001"),
    Decimal(10**9),
)
AMOUNT = FieldRule(
    r"[0-9]{1,13}(\.[0-9]{1,2})?",
    "write CNY as a plain number from 0 to 1000000000000 with up to 2 decimals and no separators",
    Decimal(0),
    Decimal(10**12),
)
TARGET = FieldRule(
    r"[0-9]{1,13}(\.[0-9]{1,3})?",
    "write a plain number above 0, at most 1000000000000, with up to 3 decimals and no separators",
    Decimal("0.001"),
    Decimal(10**12),
)
BASE = FieldRule(
    r"[0-9]{1,13}(\.[0-9]{1,3})?",
    "write a plain number from 0 to 1000000000000 with up to 3 decimals and no separators",
    Decimal(0),
    Decimal(10**12),
)
SHOWN = "none of them invisible (control, zero-width and direction marks, fillers)"


def _visible(longest: int, remedy: str) -> FieldRule:
    """Up to so many characters, with no blank at either end: two codes that look alike are the same."""
    first, last = rf"(?:{JOINED}|[^{INVISIBLE}{BLANK}{VARIANT}])", rf"(?:{JOINED}|[^{INVISIBLE}{BLANK}])"
    return FieldRule(f"{first}(?:(?:{JOINED}|[^{INVISIBLE}])*{last})?", remedy, longest=longest)


CODE = _visible(64, f"write 1 to 64 characters, {SHOWN}, without blanks around them")
NAME = _visible(64, f"write a name of 1 to 64 characters, {SHOWN}, without blanks around it")
NOTE = FieldRule(f"(?:{JOINED}|[^{INVISIBLE_IN_NOTES}])+", f"write at most 500 characters, {SHOWN}", longest=500)
REVERSES = FieldRule(
    "[a-z0-9-]{1,32}:[A-Za-z0-9._-]{1,64}", "name the action that is taken back as source:external_ref"
)
YEAR = FieldRule("[12][0-9]{3}", "write a year like 2026")
QUARTER = FieldRule("Q?[1-4]|[12][0-9]{3}Q[1-4]", "write the quarter as 1 to 4, or like 2026Q3")
INDICATOR = FieldRule("[a-z][a-z0-9_]{0,31}", "write an indicator that the RM's scheme names")
FULL_QUARTER = FieldRule("[12][0-9]{3}Q[1-4]", "write the quarter like 2026Q3")
VALUE = FieldRule(
    r"-?[0-9]{1,13}(\.[0-9]{1,3})?",
    "write a plain number from -1000000000000 to 1000000000000 with up to 3 decimals and no separators",
    Decimal(-(10**12)),
    Decimal(10**12),
)
SEGMENT = _visible(32, f"write 1 to 32 characters, {SHOWN}, without blanks around them")
LEVEL = _visible(32, "write the unit's level, such as branch or outlet")


def given(rule: FieldRule, alias: str | None = None) -> Any:
    """What pydantic checks of a field: `name: Annotated[str, given(NAME)]`."""
    return Field(pattern=f"^(?:{rule.pattern})$", max_length=rule.longest, description=rule.remedy, alias=alias)


def within(rule: FieldRule) -> AfterValidator:
    """Beside `given`: the number lies within its rule's range."""

    def check_range(text: str) -> str:
        number = Decimal(text)
        if (rule.lowest is not None and number < rule.lowest) or (rule.highest is not None and number > rule.highest):
            raise ValueError(rule.remedy)
        return text

    return AfterValidator(check_range)


def _check_day(text: str) -> str:
    date.fromisoformat(text)
    return text


EXISTING = AfterValidator(_check_day)
"""Beside `given(DAY)`: there is such a day."""


class Line(BaseModel):
    """One line of input, all of it text; every field is checked by its rule."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


L = TypeVar("L", bound=Line)


def check(kind: type[L], rules: Mapping[str, FieldRule], raw: Mapping[str, Any]) -> L | Refused:
    """Check a line's fields: the line itself, or every field at fault with what would be right.

    An empty string means missing.
    """
    known = {name: value for name, value in raw.items() if name in rules and value not in ("", None)}
    foreign = [_foreign(rules)] if raw.keys() - rules.keys() else []
    try:
        line = kind.model_validate(known)
    except ValidationError as error:
        fields = {str(fault["loc"][0]): fault["type"] for fault in error.errors(include_url=False, include_input=False)}
        faults = (_refusal(field, fault, rules[field], known) for field, fault in fields.items())
        return Refused([*foreign, *faults])
    return Refused(foreign) if foreign else line


def _foreign(rules: Mapping[str, FieldRule]) -> Refusal:
    return Refusal("malformed", "", f"leave out what is not one of the fields {', '.join(rules)}")


def _refusal(field: str, fault: str, rule: FieldRule, known: Mapping[str, Any]) -> Refusal:
    remedy = f"is missing: {rule.remedy}" if fault == "missing" else rule.remedy_of(str(known[field]))
    return Refusal("malformed", field, remedy)


def usable(raw: Mapping[str, Any], rules: Mapping[str, FieldRule], faults: Iterable[Refusal]) -> dict[str, str]:
    """The fields of a line that are not at fault, so that what they say can be checked all the same."""
    faulty = {fault.field for fault in faults}
    return {name: str(raw[name]) for name in rules if name not in faulty and raw.get(name) not in ("", None)}
