"""What a quarter is worth: grades, one RM's scorecard with the entries behind each line, and the quarterly checks."""

from collections.abc import Container, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import duckdb

from domain import scheme as rules
from domain.bank import Bank
from domain.calendar import Quarter, is_published, working_days
from domain.money import FEN, MICRO, MILLI, unscaled
from domain.wording.names import Names
from projections import account, amendments, answers, checks
from projections.at_position import AtPosition, both, moment_of, named, utc, words
from projections.explain import score_line
from projections.follower import Follower
from projections.one_rm import count_again
from projections.questions import Row, reads
from projections.questions import rows as rows_of
from projections.rooms import Room, rooms_of

STATED = ("ready", "rating")
"""The rules of figures that somebody states, where others are counted from actions."""
ALL = 2**31 - 1
"""A limit that leaves nothing out."""


class Scorecards(AtPosition):
    """The questions about what RMs reached."""

    def __init__(self, bank: Bank, follower: Follower) -> None:
        super().__init__(bank, follower)
        self._checked = checks.Checked()

    def grades(
        self, quarter: Quarter, scope: str | None = None, rm: str | None = None, as_of: int | None = None,
        after: str | None = None, limit: int | None = None, status: str | None = None,
    ) -> answers.Grades:  # fmt: skip
        """The provisional grades of a quarter's RMs within a unit, or of one RM, by their ids; all without a limit.
        `status` keeps those of one status; `ungraded` is every one but `graded`."""
        with self._at(as_of, quarter, rm, reads("grades")) as con:
            asked = {"quarter": str(quarter), "scope": scope, "rm": rm, "after": after, "status": status}
            rows = rows_of(con, "grades", **asked, limit=ALL if limit is None else limit + 1)
            moment = moment_of(con, as_of)
        more = limit is not None and len(rows) > limit
        rows = rows[:limit]
        names, schemes = self.bank.names([row["rm"] for row in rows]), self.bank.register.schemes
        return answers.Grades(
            quarter=str(quarter), moment=moment, grades=[grade_of(row, names, schemes) for row in rows],
            after=rows[-1]["rm"] if more else None,
        )  # fmt: skip

    def scorecard(
        self, rm: str, quarter: Quarter, as_of: int | None = None, explain: bool = False
    ) -> answers.Scorecard | None:
        """One RM's quarter in full; None where they did not serve in it. `explain` adds what the next tier needs.

        Small questions, each of one table: to plan a join costs more than all that is read here.
        """
        key, schemes = {"rm": rm, "quarter": str(quarter)}, self.bank.register.schemes
        looked_at = reads("scorecard", "lines", "gates", "quota") | (
            reads(*account.COUNTED) if explain else frozenset()
        )
        with self._at(as_of, quarter, rm, looked_at) as con:
            graded = rows_of(con, "scorecard", **key)
            if not graded:
                return None
            scheme = schemes.get((graded[0]["scheme"], graded[0]["effective"]))
            lines = _lines(con, rm, quarter, scheme) if scheme else []
            gates = rows_of(con, "gates", **key) if scheme else []
            moved = next(iter(rows_of(con, "quota", **key)), None)
            moment = moment_of(con, as_of)
            if explain and as_of is None:
                count_again(con, quarter, rm, reads(*account.COUNTED))
            quarterly = account.counted(con, key) if explain and scheme else None
        rooms = self._rooms(rm, quarter, as_of, scheme) if explain and scheme and scheme.quotas else []
        amendments.tell(self.bank.log, quarter, ((rm, line) for line in lines))
        grade = grade_of(graded[0], self.bank.names([rm]), schemes)
        card = _scorecard(quarter, graded[0], grade, scheme, lines, gates, moment)
        return account.explained(card, scheme, quarterly, moved, rooms) if scheme and quarterly else card

    def _rooms(self, rm: str, quarter: Quarter, as_of: int | None, scheme: rules.Scheme) -> list[Room]:
        """What quotas leave in the RM's group; of the past everybody is graded anew for it."""
        with self._at(as_of, quarter, None, reads("quota_rooms")) as con:
            return rooms_of(scheme, rows_of(con, "quota_rooms", rm=rm, quarter=str(quarter)))

    def line_events(
        self, rm: str, quarter: Quarter, indicator: str, as_of: int | None = None, after: int | None = None,
        limit: int = 100,
    ) -> answers.LineEvents:  # fmt: skip
        """What stands behind a score line, newest first; `after` is the last position of the page before. A page holds
        whole positions: at one of them an entry may stand for two figures that the line is made of."""
        asked = {"rm": rm, "quarter": str(quarter), "indicator": indicator, "after": after, "limit": limit + 1}
        with self._at(as_of, quarter, rm, reads("line_events", "line_measures")) as con:
            entries = rows_of(con, "line_events", **asked, first_day=quarter.first_day, last_day=quarter.last_day)
            measures = rows_of(con, "line_measures", **asked)
            moment = moment_of(con, as_of)
        total = sum(rows[0]["total"] for rows in (entries, measures))
        found = sorted((row["position"] for row in (*entries, *measures) if row["position"]), reverse=True)
        last = found[limit - 1] if len(found) >= limit else 0  # what stands at one position is never parted
        return answers.LineEvents(
            moment=moment, rm=rm, quarter=str(quarter), indicator=indicator,
            events=[self._line_event(rm, row) for row in entries if row["position"] and row["position"] >= last],
            measures=[_line_measure(row) for row in measures if row["position"] and row["position"] >= last],
            total=total, after=last if found and found[-1] < last else None,
        )  # fmt: skip

    def _line_event(self, rm: str, row: Row) -> answers.LineEvent:
        kind = self._kind(row["kind"], rm, row["occurred_on"])
        return answers.LineEvent(
            position=row["position"], action_id=row["action"], kind=row["kind"], occurred_on=row["occurred_on"],
            kind_name=named(kind, row["kind"]), recorded_at=utc(row["recorded_at"]),
            recorded_by=row["recorded_by"], decided_at=utc(row["decided_at"]) if row["decided_at"] else None,
            decided_by=row["decided_by"], source=row["action"].split(":")[1], customer=row["customer"],
            quantity=unscaled(row["quantity"], MILLI), amount=unscaled(row["amount"], FEN), count=row["n"],
            value=unscaled(row["value"], MILLI * MICRO),
        )  # fmt: skip

    def served_in(self, rm: str, quarter: Quarter, as_of: int | None = None) -> str | None:
        """The outlet whose quarter it was, by the last day that an RM served in it; None where they did not."""
        with self._at(as_of, quarter, rm, frozenset({"service"})) as con:
            row = con.execute(
                "SELECT s.org FROM service AS s WHERE s.rm = ? AND s.quarter = ?", [rm, str(quarter)]
            ).fetchone()
        return row[0] if row else None

    def quarterly_checks(
        self, quarter: Quarter, scope: str | None = None, rm: str | None = None, light: str | None = None,
        missing: str | None = None, after: str | None = None, limit: int = 50, lines: bool = True,
        as_of: int | None = None,
    ) -> answers.QuarterlyChecks:  # fmt: skip
        """Where a quarter's RMs within a unit stand, or one RM, and what is missing, worst first; `after` is the last
        RM of the page before. Without `lines` each row is its sum alone."""
        with self._at(as_of, quarter, rm, checks.READS) as con:
            self._checked.open(con, quarter, scope, rm, as_of)
            found = checks.page(con, quarter, light, missing, after, limit, lines)
            counted = rows_of(con, "check_counts")
            moment = moment_of(con, as_of)
        shown, more = found[:limit], len(found) > limit
        amendments.tell(self.bank.log, quarter, ((row["rm"], line) for row in shown for line in row["lines"]))
        names, schemes = self.bank.names([row["rm"] for row in shown]), self.bank.register.schemes
        return answers.QuarterlyChecks(
            moment=moment, quarter=str(quarter), working_days=working_days(quarter.first_day, quarter.last_day),
            working_days_passed=checks.days_passed(quarter, moment.today),
            rules=list(checks.rules_of(counted, schemes)), people=sum(row["people"] for row in counted),
            lights=checks.lights(counted), lacking=checks.lacking(counted), total=found[0]["total"] if found else 0,
            checks=[checks.check(row, names, schemes) for row in shown], after=shown[-1]["rm"] if more else None,
        )  # fmt: skip


def _points(value: int | None) -> Any:
    return None if value is None else unscaled(value, MICRO)


def _measured(value: int | None) -> Any:
    return None if value is None else unscaled(value, MILLI)


def grade_of(row: Row, names: dict[str, str], schemes: Mapping[tuple[str, date], rules.Scheme]) -> answers.Grade:
    """A row of grades in full, with the tier's name."""
    scheme = schemes.get((row["scheme"], row["effective"]))
    tier = next((tier for tier in scheme.tiers if tier.id == row["tier"]), None) if scheme else None
    return answers.Grade(
        rm=row["rm"], name=names.get(row["rm"], row["rm"]), org=row["org"], org_name=row["org_name"] or row["org"],
        scheme=row["scheme"], effective=row["effective"], status=row["status"], score=_points(row["score"]),
        tier=row["tier"], tier_name=words(tier) if tier else None, coefficient=_points(row["coefficient"]),
        flags=list(_flags(row)),
    )  # fmt: skip


def _flags(row: Row) -> Iterator[str]:
    if not row["certified"]:
        yield "no-certificate"
    if not is_published(row["first_day"].year):
        yield "provisional-calendar"


def _scorecard(
    quarter: Quarter, row: Row, grade: answers.Grade, scheme: rules.Scheme | None, lines: list[Row], gates: list[Row],
    moment: answers.Moment,
) -> answers.Scorecard:  # fmt: skip
    fired = {gate["gate"] for gate in gates if gate["fired"]}
    score_lines = [_line(line, scheme, fired) for line in lines] if scheme else []
    first_day, last_day = row["first_day"], row["last_day"]
    return answers.Scorecard(
        moment=moment, quarter=str(quarter), grade=grade, position=row["post"], working_days=row["working_days"],
        working_days_passed=working_days(first_day, min(last_day, moment.today - timedelta(days=1))),
        working_days_in_quarter=working_days(first_day, last_day),
        minimum_working_days=scheme.appraisal.minimum_working_days if scheme else None,
        minimum_clause=scheme.appraisal.clause if scheme else None, points=unscaled(row["points"], MICRO),
        lines=score_lines, gates=[_gate(gate, scheme) for gate in gates] if scheme else [],
        scheme_name=words(scheme) if scheme else None,
        tiers=tiers(scheme) if scheme else [], paid_by_score=bool(scheme and scheme.coefficient), next_tier=None,
    )  # fmt: skip


def _lines(con: duckdb.DuckDBPyConnection, rm: str, quarter: Quarter, scheme: rules.Scheme) -> list[Row]:
    """The score lines, each with how many ledger entries, ready measures or ratings stand behind it, and where its
    target was amended last."""
    key = {"rm": rm, "quarter": str(quarter)}
    lines = rows_of(con, "lines", **key)
    is_amended = any(line["previous_target"] is not None for line in lines)
    amended = {row["indicator"]: row for row in rows_of(con, "amendments", **key)} if is_amended else {}
    events = _events_behind(con, rm, quarter, scheme)
    for line in lines:
        change = amended.get(line["indicator"], {"amended_at": None, "amended_on": None})
        line |= {"events": events[line["indicator"]], "behind": events}
        line |= {"amended_at": change["amended_at"], "amended_on": change["amended_on"]}
    return lines


def _events_behind(con: duckdb.DuckDBPyConnection, rm: str, quarter: Quarter, scheme: rules.Scheme) -> dict[str, int]:
    """How many ledger entries, ready measures or ratings stand behind each figure; a balance is carried from before."""
    days = {"first_day": quarter.first_day, "last_day": quarter.last_day}
    entries = {row["kind"]: row for row in rows_of(con, "entries", rm=rm, **days)}
    comes_ready = any(measure.rule in STATED for _, measure in scheme.measured())
    rows = rows_of(con, "deliveries", rm=rm, quarter=str(quarter)) if comes_ready else []
    delivered = {row["indicator"]: row["events"] for row in rows}

    def behind(name: str, measure: rules.Measure) -> int:
        if measure.rule in STATED:
            return int(delivered.get(name, 0))
        if measure.rule == "day-balance":
            until = {"first_day": quarter.first_day, "last_day": measure.balance_day(quarter)}
            found = rows_of(con, "entries", rm=rm, **until)
            return sum(int(row["until"]) for row in found if row["kind"] in measure.kinds)
        span = "until" if measure.rule == "daily-average" else "within"
        return sum(int(entries[kind][span]) for kind in set(measure.kinds) if kind in entries)

    counted = {name: behind(name, measure) for name, measure in scheme.measured() if not measure.derived}
    made = {
        name: sum(counted[part] for part in measure.parts) for name, measure in scheme.measured() if measure.derived
    }
    return counted | made


def _line(row: Row, scheme: rules.Scheme, fired: Container[str]) -> answers.ScoreLine:
    indicator = next(each for each in scheme.indicators if each.id == row["indicator"])
    took = [gate for gate in scheme.gates if gate.id in fired and indicator.id in gate.zero]
    target, before = (None, None) if indicator.shape.targetless else (row["target"], row["previous_target"])
    return score_line(
        indicator, scheme, _exactly(row), took if row["reason"] == "zeroed" else (),
        weight=unscaled(row["weight"], MICRO), share=unscaled(row["share"], MICRO), scored=row["scored"],
        reason=row["reason"], measured=_measured(row["measured"]), base=_measured(row["base"]),
        target=_measured(target), previous_target=_measured(before),
        carried=_measured(row["carried"]), place=row["place"], peers=row["peers"],
        amendment_reason=row["amendment_reason"], amended_on=None if before is None else row["amended_on"],
        in_period=before is not None and row["in_period"],
        completion=_points(row["completion"]), points=_points(row["points"]), events=row["events"],
        parts=[_part(part, scheme, row["behind"]) for part in indicator.measure.parts],
    )  # fmt: skip


def _exactly(row: Row) -> Fraction | None:
    """A line's figure before it was rounded to thousandths, where that took something off it or added to it."""
    if row["measured"] is None or not row["rest_n"] or not row["rest_d"]:
        return None
    return Fraction(row["measured"], MILLI) + Fraction(row["rest_n"], row["rest_d"] * MILLI)


def _part(name: str, scheme: rules.Scheme, behind: Mapping[str, int]) -> answers.Part:
    one = scheme.measures[name]
    unit = both(Names(scheme).unit_of(one) or ("", ""))
    return answers.Part(figure=name, name=words(one), unit=unit, events=behind[name])


def _line_measure(row: Row) -> answers.LineMeasure:
    return answers.LineMeasure(
        position=row["position"], measure_id=row["measure"], value=unscaled(row["value"], MILLI), as_of=row["as_of"],
        stands=row["stands"], recorded_at=utc(row["recorded_at"]), by=row["by"], source=row["source"],
    )  # fmt: skip


def _gate(row: Row, scheme: rules.Scheme) -> answers.Gate:
    gate = next(each for each in scheme.gates if each.id == row["gate"])
    return answers.Gate(
        gate=gate.id, name=words(gate), clause=gate.clause, fired=row["fired"], cap_tier=row["cap_tier"],
        coefficient=_points(row["coefficient"]), when=both(Names(scheme).condition(gate.when)), then=gate.then,
        zero=[words(each) for each in scheme.indicators if each.id in gate.zero],
    )  # fmt: skip


def tiers(scheme: rules.Scheme) -> list[answers.Tier]:
    """The grades of a scheme, each with the score from which on it is given."""
    names = Names(scheme)
    return [
        answers.Tier(
            tier=tier.id, name=words(tier), floor=tier.floor, when=tier.when, coefficient=tier.coefficient,
            condition=both(names.condition(tier.when)) if tier.when else None,
        )
        for tier in scheme.tiers
    ]  # fmt: skip
