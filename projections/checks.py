"""The quarterly check: who is on pace and what is missing, asked step by step of tables that are kept.

Each step is a question of `queries/`; its answer stands on the cursor as a table for the next: `logged`, `passed`,
`paces`, `checked`. A page, the counts, a unit's sums are then small.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

import duckdb

from domain import scheme as rules
from domain.calendar import Quarter, working_days
from domain.money import MICRO, MILLI, unscaled
from projections import answers, questions
from projections.answers import Words
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


def prepare(
    con: duckdb.DuckDBPyConnection, logbook: Logbook, quarter: Quarter, scope: str | None, rm: str | None,
    as_of: int | None,
) -> None:  # fmt: skip
    """Let a cursor see who is checked, with the lines of each: of a quarter, in a unit's tree, or one RM."""
    logbook.open(con, quarter, rm, as_of)
    asked = {"quarter": str(quarter), "scope": scope, "rm": rm}
    questions.make(con, "passed", **asked, from_day=looked_from(quarter))
    questions.make(con, "paces", quarter=str(quarter))
    questions.make(con, "checked")


def page(
    con: duckdb.DuckDBPyConnection, quarter: Quarter, light: str | None, missing: str | None, after: str | None,
    limit: int, with_lines: bool,
) -> list[Row]:  # fmt: skip
    """A page of those checked, worst first, one row more where there is a next page; each with its lines, if they are
    asked for, and the day of its oldest entry that waits."""
    found = rows(
        con, "quarterly_checks", quarter=str(quarter), light=light, missing=missing, after=after, limit=limit + 1
    )
    shown = [row["rm"] for row in found[:limit]]
    waiting = [row["rm"] for row in found[:limit] if row["waiting"]]
    days = {"first_day": quarter.first_day, "last_day": quarter.last_day}
    oldest = {row["rm"]: row["oldest"] for row in rows(con, "oldest_waiting", rms=waiting, **days)} if waiting else {}
    lines: dict[str, list[Row]] = {rm: [] for rm in shown}
    for line in rows(con, "check_lines", rms=shown) if shown and with_lines else []:
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
        tier_name=Words(en=tier.en, zh=tier.zh) if tier else None, light=row["light"], pace=_micro(row["pace"]),
        working_days=row["working_days"], working_days_passed=row["passed"], waiting=row["waiting"],
        oldest_waiting=row["oldest"], silent_days=row["silent_days"],
        missing=[name for name, column in MISSING.items() if row[column]],
        lines=[_line(line, scheme) for line in row["lines"]] if scheme else [],
    )  # fmt: skip


def _line(row: Row, scheme: rules.Scheme) -> answers.CheckedLine:
    indicator = next(each for each in scheme.indicators if each.id == row["indicator"])
    unit = scheme.unit_of(indicator)
    return answers.CheckedLine(
        indicator=indicator.id, name=Words(en=indicator.en, zh=indicator.zh), unit=Words(en=unit.en, zh=unit.zh),
        rule=row["rule"], flows=row["flows"], weight=unscaled(row["weight"], MICRO), measured=_milli(row["measured"]),
        target=unscaled(row["target"], MILLI), expected=unscaled(row["expected"], MILLI),
        forecast=_milli(row["forecast"]), pace=_micro(row["pace"]), light=row["light"],
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
            scheme=scheme.scheme, effective=scheme.effective, name=Words(en=scheme.en, zh=scheme.zh),
            clause=stated.clause,
            clause_text=Words(en=clause.en, zh=clause.zh) if clause else Words(en=stated.en, zh=stated.zh),
            green=stated.green, amber=stated.amber, silent_days=stated.silent_days,
        )  # fmt: skip


def days_passed(quarter: Quarter, today: date) -> int:
    """How many of a quarter's working days are over."""
    return working_days(quarter.first_day, min(quarter.last_day, today - timedelta(days=1)))


def _micro(value: int | None) -> Decimal | None:
    return None if value is None else unscaled(value, MICRO)


def _milli(value: int | None) -> Decimal | None:
    return None if value is None else unscaled(value, MILLI)
