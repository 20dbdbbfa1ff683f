"""The quarterly check: who is on pace and what is missing, asked step by step of tables that are kept.

Each step is a question of `queries/`; its answer stands on the cursor as a table for the next: `logged`, `passed`,
`paces`, `checked`, and for units `unit_lines`, `unit_standings`. A page and the counts are then small.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import duckdb

from domain import scheme as rules
from domain.calendar import Quarter, working_days
from domain.money import MICRO, MILLI, unscaled
from domain.refusal import Refusal, Refused
from projections import answers, questions
from projections.amendments import marked
from projections.at_position import utc, words
from projections.kept import Kept, Tables
from projections.logbook import Logbook, looked_from
from projections.questions import Row, rows

READS = questions.reads(
    "logged", "oldest_waiting", "passed", "paces", "checked", "quarterly_checks", "check_counts", "check_lines"
)
LIGHTS: tuple[answers.Light, ...] = ("red", "amber", "none", "green")
MISSING: dict[answers.Missing, str] = {
    "waiting": "has_waiting",
    "no-contract": "lacks_contract",
    "no-certificate": "lacks_certificate",
    "silent": "is_silent",
}
"""What can be missing, with the column that says so."""
Schemes = Mapping[tuple[str, date], rules.Scheme]


class Checked:
    """Who is checked, with the lines of each, and how units stand: what was reckoned of a state of the log is kept."""

    def __init__(self) -> None:
        self._logbook = Logbook()
        self._kept = Kept()

    def open(
        self, con: duckdb.DuckDBPyConnection, quarter: Quarter, scope: str | None, rm: str | None, as_of: int | None
    ) -> None:
        """Let a cursor see who is checked: of a quarter, in a unit's tree, or one RM."""
        make = partial(self._people, con, quarter, scope, rm, as_of)
        if rm:
            make()
        else:
            self._kept.open(con, ("people", quarter, scope, as_of, _position(con)), make)

    def open_units(self, con: duckdb.DuckDBPyConnection, quarter: Quarter, scope: str, as_of: int | None) -> None:
        """Let a cursor see them, and how each unit of a scope's tree stands."""
        self.open(con, quarter, scope, None, as_of)
        make = partial(_units, con, quarter, scope)
        self._kept.open(con, ("units", quarter, scope, as_of, _position(con)), make)

    def _people(
        self, con: duckdb.DuckDBPyConnection, quarter: Quarter, scope: str | None, rm: str | None, as_of: int | None
    ) -> Tables:
        self._logbook.open(con, quarter, rm, as_of)
        asked = {"quarter": str(quarter), "scope": scope, "rm": rm}
        questions.make(con, "passed", **asked, from_day=looked_from(quarter))
        paces = questions.make(con, "paces", quarter=str(quarter))
        return {"paces": paces, "checked": questions.make(con, "checked")}


def _units(con: duckdb.DuckDBPyConnection, quarter: Quarter, scope: str) -> Tables:
    lines = questions.make(con, "unit_lines", scope=scope)
    standings = questions.make(con, "unit_standings", scope=scope, quarter=str(quarter))
    return {"unit_lines": lines, "unit_standings": standings}


def _position(con: duckdb.DuckDBPyConnection) -> int:
    """The log position at which what a cursor sees holds."""
    found = con.execute("SELECT p.position FROM progress AS p").fetchall()
    return found[0][0] if found else 0


def page(
    con: duckdb.DuckDBPyConnection, quarter: Quarter, light: str | None, missing: str | None, after: str | None,
    limit: int, with_lines: bool,
) -> list[Row]:  # fmt: skip
    """A page of those checked, worst first, one row more where there is a next page; each with its lines, if they are
    asked for, and since when its oldest entry waits. The cursor is an RM who is checked, of whatever light: nobody
    else has a place after whom the list goes on."""
    if after is not None and not rows(con, "checked_place", rm=after):
        raise Refused([Refusal("unknown", "after", "take it from a page of these checks, or leave it out")])
    found = rows(
        con, "quarterly_checks", quarter=str(quarter), light=light, missing=missing, after=after, limit=limit + 1
    )
    shown = [row["rm"] for row in found[:limit]]
    waiting = [row["rm"] for row in found[:limit] if row["waiting"]]
    days = {"first_day": quarter.first_day, "last_day": quarter.last_day}
    oldest = {row["rm"]: row["oldest"] for row in rows(con, "oldest_waiting", rms=waiting, **days)} if waiting else {}
    lines: dict[str, list[Row]] = {rm: [] for rm in shown}
    for line in rows(con, "check_lines", rms=shown, quarter=str(quarter)) if shown and with_lines else []:
        lines[line["rm"]].append(line)
    for row in found[:limit]:
        row |= {"oldest": oldest.get(row["rm"]), "lines": lines[row["rm"]]}
    return found


def check(row: Row, names: Mapping[str, str], schemes: Schemes) -> answers.QuarterlyCheck:
    """One RM's check in words and decimals."""
    scheme = schemes.get((row["scheme"], row["effective"]))
    tier = next((tier for tier in scheme.tiers if tier.id == row["tier"]), None) if scheme else None
    return answers.QuarterlyCheck(
        rm=row["rm"], name=names.get(row["rm"], row["rm"]), org=row["org"], org_name=row["org_name"] or row["org"],
        position=row["post"], status=row["status"], score=_micro(row["score"]), tier=row["tier"],
        tier_name=words(tier) if tier else None, light=row["light"], pace=_micro(row["pace"]),
        working_days=row["working_days"], working_days_passed=row["passed"], left_on=row["left_on"],
        waiting=row["waiting"], oldest_waiting=utc(row["oldest"]) if row["oldest"] else None,
        silent_days=row["silent_days"],
        missing=[name for name, column in MISSING.items() if row[column]],
        lines=[_line(line, scheme) for line in row["lines"]] if scheme else [],
    )  # fmt: skip


def _line(row: Row, scheme: rules.Scheme) -> answers.CheckedLine:
    indicator = next(each for each in scheme.indicators if each.id == row["indicator"])
    unit = scheme.unit_of(indicator)
    return answers.CheckedLine(
        indicator=indicator.id, name=words(indicator), unit=words(unit),
        rule=row["rule"], flows=row["flows"], weight=unscaled(row["weight"], MICRO), measured=_milli(row["measured"]),
        target=unscaled(row["target"], MILLI), expected=unscaled(row["expected"], MILLI),
        forecast=_milli(row["forecast"]), pace=_micro(row["pace"]), light=row["light"],
        **marked(row),
    )  # fmt: skip


def lights(counted: Iterable[Row]) -> dict[answers.Light, int]:
    """How many RMs have each light."""
    counted = list(counted)
    return {light: sum(row["people"] for row in counted if row["light"] == light) for light in LIGHTS}


def lacking(counted: Iterable[Row]) -> dict[answers.Missing, int]:
    """Of how many RMs each thing is missing."""
    counted = list(counted)
    return {name: sum(row[name.replace("-", "_")] for row in counted) for name in MISSING}


def rules_of(counted: Iterable[Row], schemes: Schemes) -> Iterator[answers.CheckRule]:
    """The thresholds of each scheme version in use."""
    versions = sorted({(row["scheme"], row["effective"]) for row in counted if row["scheme"]} & schemes.keys())
    for version in versions:
        scheme = schemes[version]
        stated = scheme.quarterly_check
        clause = scheme.clauses.get(stated.clause)
        yield answers.CheckRule(
            scheme=scheme.scheme, effective=scheme.effective, name=words(scheme),
            clause=stated.clause,
            clause_text=words(clause or stated),
            green=stated.green, amber=stated.amber, silent_days=stated.silent_days,
        )  # fmt: skip


def days_passed(quarter: Quarter, today: date) -> int:
    """How many of a quarter's working days are over."""
    return working_days(quarter.first_day, min(quarter.last_day, today - timedelta(days=1)))


def _micro(value: int | None) -> Decimal | None:
    return None if value is None else unscaled(value, MICRO)


def _milli(value: int | None) -> Decimal | None:
    return None if value is None else unscaled(value, MILLI)
