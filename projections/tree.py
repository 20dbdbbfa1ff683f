"""The organisation: how each unit of the tree stands in a quarter, made of the quarterly checks of its people.

Asked of two tables of `checks`: `unit_lines` (a unit's progress by indicator) and `unit_standings` (its people, mean
score and lights). What is shown of them is a page.
"""

from collections.abc import Iterable, Iterator

import duckdb

from domain import scheme as rules
from domain.calendar import Quarter, working_days
from domain.money import MICRO, MILLI, unscaled
from projections import answers, checks, questions
from projections.at_position import moment_of, words
from projections.checks import Schemes
from projections.questions import Row, rows
from projections.scorecards import Scorecards

READS = checks.READS | questions.reads(
    "unit_lines", "unit_standings", "organisation", "unit_tiers", "progress_lines", "unit_path"
)


class Tree(Scorecards):
    """The question about units."""

    def organisation(
        self, quarter: Quarter, scope: str | None = None, part: answers.TreePart = "children", limit: int = 100,
        as_of: int | None = None,
    ) -> answers.Organisation | None:  # fmt: skip
        """How a unit and those below it stand in a quarter; None where the unit was not there then. Raises Refused for
        an unknown scope."""
        scope = self._scope(scope)
        schemes = self.bank.register.schemes
        with self._at(as_of, quarter, None, READS) as con:
            if not (path := rows(con, "unit_path", scope=scope)):
                return None
            self._checked.open_units(con, quarter, scope, as_of)
            found = _page(con, quarter, scope, part, limit)
            counted = rows(con, "check_counts")
            moment = moment_of(con, as_of)
        tiers = _tiers(counted, schemes)
        asked, *_ = each = [_standing(row, tiers) for row in found]
        return answers.Organisation(
            moment=moment, quarter=str(quarter), scope=scope, part=part,
            path=[answers.Unit(**row, depth=depth) for depth, row in enumerate(path)],
            working_days=working_days(quarter.first_day, quarter.last_day),
            working_days_passed=checks.days_passed(quarter, moment.today),
            rules=list(checks.rules_of(counted, schemes)), indicators=list(_indicators(found, schemes)),
            tier_names={tier.id: words(tier) for tier in tiers}, unit=asked, total=found[0]["total"],
            rows=[one for row, one in zip(found, each, strict=True) if row["is_shown"]],
            lagging=[one for row, one in zip(found, each, strict=True) if row["lags"]],
        )  # fmt: skip


def _page(
    con: duckdb.DuckDBPyConnection, quarter: Quarter, scope: str, part: answers.TreePart, limit: int
) -> list[Row]:  # fmt: skip
    """The unit asked and a page of those below it, each with its lines and how many have which tier or none."""
    found = rows(con, "organisation", scope=scope, part=part, limit=limit)
    orgs = [row["org"] for row in found]
    lines: dict[str, list[Row]] = {org: [] for org in orgs}
    for line in rows(con, "progress_lines", orgs=orgs):
        lines[line["org"]].append(line)
    counted: dict[str, list[Row]] = {org: [] for org in orgs}
    for count in rows(con, "unit_tiers", orgs=orgs, quarter=str(quarter)):
        counted[count["org"]].append(count)
    for row in found:
        row |= {"lines": lines[row["org"]], "counted": counted[row["org"]]}
    return found


def _standing(row: Row, tiers: Iterable[rules.Tier]) -> answers.UnitStanding:
    """One unit in decimals; `tiers` are those of the schemes in use, best first."""
    counts = dict.fromkeys((tier.id for tier in tiers), 0)
    not_graded: dict[str, int] = {}
    for count in row["counted"]:
        if count["status"] == "graded":
            counts[count["tier"]] = counts.get(count["tier"], 0) + count["people"]
        else:
            not_graded[count["status"]] = count["people"]
    return answers.UnitStanding(
        org=row["org"], parent=row["parent"], level=row["level"], name=row["name"], units=row["units"],
        people=row["people"], own_people=row["own_people"], graded=row["graded"],
        score=None if row["score"] is None else unscaled(row["score"], MICRO), tiers=counts, not_graded=not_graded,
        lights={light: row[light] for light in checks.LIGHTS}, light=row["light"],
        pace=None if row["pace"] is None else unscaled(row["pace"], MICRO), lines=list(map(_line, row["lines"])),
    )  # fmt: skip


def _line(row: Row) -> answers.UnitLine:
    return answers.UnitLine(
        scheme=row["scheme"], effective=row["effective"], indicator=row["indicator"], people=row["people"],
        amended=row["amended"],
        weight=unscaled(row["weight"], MICRO), measured=unscaled(row["measured"], MILLI),
        target=unscaled(row["target"], MILLI), expected=unscaled(row["expected"], MILLI),
        gap=unscaled(row["gap"], MILLI), pace=None if row["pace"] is None else unscaled(row["pace"], MICRO),
        light=row["light"],
    )  # fmt: skip


def _indicators(found: Iterable[Row], schemes: Schemes) -> Iterator[answers.UnitIndicator]:
    """What the lines are about, once each, in the order of their schemes."""
    lines = [line for row in found for line in row["lines"]]
    wanted = {(line["scheme"], line["effective"], line["indicator"]) for line in lines}
    for version in sorted({line[:2] for line in wanted} & schemes.keys()):
        scheme = schemes[version]
        for each in scheme.indicators:
            if (*version, each.id) in wanted:
                yield _indicator(each, scheme)


def _indicator(indicator: rules.Indicator, scheme: rules.Scheme) -> answers.UnitIndicator:
    unit = scheme.unit_of(indicator)
    return answers.UnitIndicator(
        scheme=scheme.scheme, effective=scheme.effective, scheme_name=words(scheme),
        indicator=indicator.id, name=words(indicator), unit=words(unit),
        rule=indicator.measure.rule,
    )  # fmt: skip


def _tiers(counted: Iterable[Row], schemes: Schemes) -> list[rules.Tier]:
    """The tiers of the scheme versions under which some RMs are checked, best first, each id once."""
    versions = sorted({(row["scheme"], row["effective"]) for row in counted if row["scheme"]} & schemes.keys())
    return list({tier.id: tier for version in versions for tier in schemes[version].tiers}.values())
