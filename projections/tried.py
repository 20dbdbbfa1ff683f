"""A file of measures to try a scheme on: what it says of each RM, or all that is wrong with it.

The file is CSV with a first line `rm,indicator,measured,target` and optionally `base,carried,group,position,certified`,
`days,calendar_days,months,nth_quarter`. An indicator may be any measure that the scheme names: one of its own, or a
kind, whose quantity the gates look at. Where a line is missing nothing was recorded: a sum, count or daily average is
0, while a rating, a last or a ready value has no figure. An empty target leaves the scheme's own, if it has one.
`carried` is what was missing of the target in the quarters before; `certified` is 1 or 0, by default 1. `group` names
the peers that the RM is compared with; RMs without one are one group.

`days` are the RM's working days in the quarter, by default enough to be graded; `calendar_days` and `months` (full
ones) those served, by default all. The scheme says which of the three its targets go by. `nth_quarter` counts the
quarters of service, that of joining being 1; without it the RM is no newcomer.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from domain.calendar import Quarter, working_days
from domain.money import MILLI, scaled
from domain.refusal import Refusal
from domain.scheme import Scheme
from domain.scheme_file.mistyped import nearest

NEEDED = ("rm", "indicator", "measured", "target")
MORE = ("base", "carried", "group", "position", "certified")
SERVED = {
    "days": (0, 99, "working days in the quarter", "62"),
    "calendar_days": (0, 92, "calendar days served in the quarter", "90"),
    "months": (0, 3, "full months served in the quarter", "3"),
    "nth_quarter": (1, 99, "the number of the quarter of service", "1"),
}
"""Columns of whole numbers that say how long an RM served: the least, the most, what they count, an example."""
ALLOWED = (*NEEDED, *MORE, *SERVED)
NEEDED_FOR = {"calendar-days": "calendar_days", "full-months": "months"}
"""By what targets go by: the column without which `days` would not say how much of them is asked."""
LONGEST_FIGURE = 2**63 - 1
LARGEST = 8 << 20
"""Bytes of a file that are read: some 100,000 lines."""


@dataclass(slots=True)
class Tried:
    """One RM of the file: what was measured by name, the post and group it states, and how long the RM served."""

    post: str = ""
    group: str = ""
    days: int | None = None
    calendar_days: int | None = None
    months: int | None = None
    nth_quarter: int | None = None
    certified: bool = True
    figures: dict[str, "Figure"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """A line's numbers; `measured` is None where there is none."""

    measured: Decimal | None
    target: Decimal | None = None
    base: Decimal | None = None
    carried: Decimal | None = None


NOTHING = Figure(None)


def part_asked(scheme: Scheme, one: Tried) -> Fraction:
    """Which part of the targets that add up is asked of who was not there all quarter, or is new."""
    quarter = Quarter.of(scheme.effective)
    served, whole = {
        "whole": (None, 1),
        "working-days": (one.days, working_days(quarter.first_day, quarter.last_day)),
        "calendar-days": (one.calendar_days, (quarter.last_day - quarter.first_day).days + 1),
        "full-months": (one.months, 3),
    }[scheme.appraisal.targets]
    ramped = {each.quarter: Fraction(each.part) for each in scheme.appraisal.ramp_up}
    part = Fraction(1) if served is None else Fraction(served, whole)
    return part * ramped.get(one.nth_quarter or 0, Fraction(1))


def read_tried(scheme: Scheme, path: Path) -> dict[str, Tried] | list[Refusal]:
    """What the file says of each RM, in the order in which they appear; or every fault, by line."""
    text = _text(path)
    if isinstance(text, Refusal):
        return [text]
    refusals: list[Refusal] = []
    tried: dict[str, Tried] = {}
    for line, row in _rows(text, refusals):
        refusals.extend(_take(scheme, tried, line, row))
    if not tried and not refusals:
        refusals.append(Refusal("malformed", "", "add at least one line below the names of the columns", 1))
    return sorted(refusals, key=lambda one: one.line) if refusals else tried


def _text(path: Path) -> str | Refusal:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError:
        return Refusal("not-found", "", "name a CSV file that can be read", 0)
    if len(content) > LARGEST:
        return Refusal("malformed", "", f"name a file of at most {LARGEST >> 20} MB: a scheme is tried on a few RMs", 0)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return Refusal("malformed", "", "save the file as UTF-8 or GB 18030 text", 1)


def _rows(text: str, refusals: list[Refusal]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each record with the line that it begins on; what can't be one goes to `refusals`."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    columns: list[str] = []
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error:
            refusals.append(Refusal("malformed", "", "close each quote, and write a quote inside one twice", begins))
            break
        if not columns:
            columns = [cell.strip() for cell in cells]
            if wrong := _wrong_columns(columns):
                refusals.append(Refusal("malformed", "", wrong, begins))
                return
        elif any(cells):
            if len(cells) == len(columns):
                yield begins, dict(zip(columns, (cell.strip() for cell in cells), strict=True))
            else:
                refusals.append(Refusal("malformed", "", f"give {len(columns)} fields, as the first line does", begins))
        begins = reader.line_num + 1


def _wrong_columns(columns: list[str]) -> str | None:
    if missing := [one for one in NEEDED if one not in columns]:
        return f"add the column {missing[0]}: the first line begins with {','.join(NEEDED)}"
    if unknown := [one for one in columns if one not in ALLOWED]:
        return f"leave out the column at place {columns.index(unknown[0]) + 1}: {nearest(unknown[0], list(ALLOWED))}"
    return "name each column once" if len(set(columns)) < len(columns) else None


def _take(scheme: Scheme, tried: dict[str, Tried], line: int, row: dict[str, str]) -> Iterator[Refusal]:
    """Add one record to its RM; every fault of it is a refusal."""
    rm, name = row["rm"], row["indicator"]
    if not re.fullmatch("[A-Za-z0-9_-]{1,32}", rm):
        yield Refusal("malformed", "rm", "give an id of A-Z, a-z, 0-9, _ and -, at most 32 long", line)
        return
    is_first = rm not in tried
    person = tried.setdefault(rm, Tried())
    yield from _take_post(person, row.get("position", ""), line)
    yield from _take_group(person, row.get("group", ""), line)
    for column in SERVED:
        yield from _take_served(person, column, row.get(column, ""), line)
    yield from _missing_service(scheme, person, row.get("days", ""), line)
    yield from _take_certified(person, row.get("certified", ""), is_first, line)
    known = [each for each, _ in scheme.measured()] + list(scheme.kinds)
    if name not in known:
        yield Refusal(
            "unknown",
            "indicator",
            f"name an indicator, a measure or a kind of the scheme; {nearest(name, known)}",
            line,
        )
    elif name in person.figures:
        yield Refusal("conflict", "indicator", "give each RM one line per indicator", line)
    else:
        numbers = {key: _decimal(row.get(key, "")) for key in ("measured", "target", "base", "carried")}
        yield from _wrong_numbers(scheme, name, numbers, line)
        person.figures[name] = Figure(*(one if isinstance(one, Decimal) else None for one in numbers.values()))


def _take_post(person: Tried, post: str, line: int) -> Iterator[Refusal]:
    if post and person.post and post != person.post:
        yield Refusal("conflict", "position", "give the same position on every line of one RM", line)
    person.post = person.post or post


def _take_group(person: Tried, group: str, line: int) -> Iterator[Refusal]:
    if group and person.group and group != person.group:
        yield Refusal("conflict", "group", "give the same group on every line of one RM", line)
    person.group = person.group or group


def _take_served(person: Tried, column: str, text: str, line: int) -> Iterator[Refusal]:
    least, most, what, example = SERVED[column]
    known = getattr(person, column)
    if text and not (re.fullmatch("[0-9]{1,2}", text) and least <= int(text) <= most):
        yield Refusal("malformed", column, f"give {what} as a whole number, like {example}", line)
    elif text and known not in (None, int(text)):
        yield Refusal("conflict", column, f"give the same {column} on every line of one RM", line)
    elif text:
        setattr(person, column, int(text))


def _missing_service(scheme: Scheme, person: Tried, days: str, line: int) -> Iterator[Refusal]:
    """Whoever says that an RM was not there all quarter says it in what the targets go by, too."""
    column = NEEDED_FOR.get(scheme.appraisal.targets)
    if days and column and getattr(person, column) is None:
        yield Refusal("malformed", column, f"give {SERVED[column][2]} beside `days`: targets go by them", line)


def _take_certified(person: Tried, certified: str, is_first: bool, line: int) -> Iterator[Refusal]:
    if certified not in ("", "0", "1"):
        yield Refusal("malformed", "certified", "write 1 for a valid certificate, 0 for none", line)
    elif is_first:
        person.certified = certified != "0"
    elif certified and (certified == "1") is not person.certified:
        yield Refusal("conflict", "certified", "give it on an RM's first line, and no other on the next ones", line)


def _decimal(text: str) -> Decimal | str | None:
    """A number of the file: None where it is empty, the text itself where it is no number."""
    if not text:
        return None
    return Decimal(text) if re.fullmatch(r"-?[0-9]{1,30}([.][0-9]{1,3})?", text) else text


def _wrong_numbers(scheme: Scheme, name: str, numbers: dict[str, Decimal | str | None], line: int) -> Iterator[Refusal]:
    for key, number in numbers.items():
        if isinstance(number, str):
            yield Refusal("malformed", key, "write a number like 1200 or 12.5, with at most 3 decimals", line)
        elif key != "measured" and number is not None and not fits(number):
            yield Refusal("malformed", key, "write a number below 10^15", line)
    if isinstance(number := numbers["target"], Decimal) and number <= 0:
        yield Refusal("malformed", "target", "write a target above 0, or nothing where there is none", line)
    carrying = [one.id for one in scheme.indicators if one.carried]
    if isinstance(number := numbers["carried"], Decimal) and number < 0:
        yield Refusal("malformed", "carried", "write what was missing in the quarters before, or nothing", line)
    elif isinstance(number, Decimal) and name not in carrying:
        yield Refusal("malformed", "carried", "leave it empty: this indicator has no `carried = true`", line)
    rated = [each for each, measure in scheme.measured() if measure.may_lack]
    derived = [each for each, measure in scheme.measured() if measure.derived]
    if numbers["measured"] is not None and name in derived:
        yield Refusal("malformed", "measured", "leave it empty: this is made of other measures, so give those", line)
    if numbers["measured"] is None and name not in rated:
        yield Refusal("malformed", "measured", "write what was measured, 0 where nothing was", line)


def unscored_kinds(scheme: Scheme, tried: dict[str, Tried]) -> Iterator[tuple[str, str, str]]:
    """RM, kind and name where a kind has a figure, which only conditions look at, and what counts it has none."""
    for rm, one in tried.items():
        given = {name for name in one.figures if name in scheme.kinds}
        for name, measure in scheme.measured():
            if name not in one.figures:
                yield from ((rm, kind, name) for kind in measure.kinds if kind in given)


def fits(number: Decimal) -> bool:
    """Whether a figure can be kept in 64 bits, in thousandths."""
    return abs(scaled(number, MILLI)) <= LONGEST_FIGURE
