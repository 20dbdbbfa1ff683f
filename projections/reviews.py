"""Reviews as they stand: the worklist, one review on one page, what came too late for it, and how far a quarter is."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import duckdb

from domain.calendar import Quarter, working_days
from domain.money import MICRO, scaled
from domain.rating import Served
from domain.result import Result
from domain.scheme import Scheme
from projections import amendments
from projections.amendments import marked
from projections.answers import reviews as answers
from projections.at_position import moment_of, utc
from projections.late import Late
from projections.questions import Row, reads
from projections.questions import rows as rows_of
from projections.requirements import UNAPPROVED, Requirements, beyond
from projections.results import stated_card
from projections.review_page import evidence, finals, page_texts, ratings, stated, timeline_entry, undrafted

WHOSE: dict[str, answers.Whose] = {
    "rate": "supervisor", "submit": "supervisor", "approve": "approver", "answer": "rm", "decide": "approver",
    "finalise": "hr", "agree-reopening": "approver",
}  # fmt: skip
TOLD = (
    "org", "post", "supervisor", "quarter", "scheme", "effective", "state", "round", "version", "facts_at", "cutoff_on",
    "due_on", "waits_for", "rated", "to_rate", "commented", "rated_by", "submitted_by", "approved_by", "decided_by",
    "answer",
)  # fmt: skip

TELLING = ("interview", "quota")
"""What is missing because of a result, so that it tells something of it."""


class Reviews(Requirements, Late):
    """The questions about reviews."""

    def reviews(
        self, quarter: Quarter, scope: str | None = None, state: answers.State | None = None,
        waits: Sequence[answers.Waits] | None = None, rms: Sequence[str] | None = None, after: str | None = None,
        limit: int = 100, reader: str | None = None,
    ) -> answers.ReviewList:  # fmt: skip
        """A quarter's reviews within a unit's tree, or of some RMs, the most urgent first; of one state, or those that
        wait for some steps. `states` counts all within the unit or of those RMs. Of the review of an RM who is the
        reader they say only what a second person stands for."""
        among = {"quarter": str(quarter), "scope": scope, "rms": None if rms is None else list(rms)}
        asked = among | {"state": state, "waits": waits and list(waits)} | beyond(after)
        with self._at(None) as con:
            rows = rows_of(con, "reviews", **asked, limit=limit + 1, reader=reader)
            counted = rows_of(con, "review_states", **among)
            moment = moment_of(con, None)
            late = self._late_counts(con, quarter, rows[:limit])
        self._add_drafts(quarter, [row for row in rows[:limit] if row["rm"] != reader], moment.position)
        more = f"{rows[limit - 1]['next_day']}.{rows[limit - 1]['rm']}" if len(rows) > limit else None
        return answers.ReviewList(
            moment=moment, quarter=str(quarter), states=_states(counted),
            reviews=self._rows(rows[:limit], moment, late), after=more,
        )  # fmt: skip

    def waiting_reviews(
        self, waits: Sequence[answers.Waits], scope: str | None = None, rms: Sequence[str] | None = None,
        limit: int = 100,
    ) -> answers.Inbox:  # fmt: skip
        """The reviews of all quarters that wait for some steps, within a unit's tree or of some RMs, the most urgent
        first. Whose inbox it is and what has escalated is for the door to say."""
        among = {"waits": list(waits), "scope": scope, "rms": None if rms is None else list(rms)}
        with self._at(None) as con:
            rows = rows_of(con, "reviews", **among, quarter=None, state=None, **beyond(None), limit=limit, reader=None)
            (counted,) = rows_of(con, "reviews_waiting", **among)
            moment = moment_of(con, None)
        shown = self._rows(rows, moment, {})
        items = [
            answers.InboxItem(row=row, step=row.waits_for, due_on=row.due_on, days_left=row.days_left)
            for row in shown
            if row.waits_for
        ]
        return answers.Inbox(moment=moment, items=items, total=counted["total"])

    def review(
        self, rm: str, quarter: Quarter, with_drafts: bool = True, reader: str | None = None
    ) -> answers.Review | None:
        """All of one review; None where there is none. Without drafts it says only what a second person stands for, as
        its RM may read it: no rating, comment, submitted result or reason of a return before that. Nor does it tell
        from the quotas what was only submitted of the RM who is the `reader`."""
        key = {"rm": rm, "quarter": str(quarter)}
        asked = {"quarter": str(quarter), "scope": None, "rms": [rm], "state": None, "waits": None} | beyond(None)
        with self._at(None) as con:
            if not (found := rows_of(con, "reviews", **asked, limit=1, reader=None if with_drafts else rm)):
                return None
            moment = moment_of(con, None)
            steps = rows_of(con, "review_steps", **key)
            steps = steps if with_drafts else undrafted(steps, "event")
            given = rows_of(con, "review_ratings", **key, with_drafts=with_drafts)
            late = self._late_counts(con, quarter, found)
            scheme = self._scheme_named(found[0])
            evidence = self._evidence(con, rm, quarter, found[0]["facts_at"], scheme, steps)
            changed = rows_of(con, "amendments", **key)
            final = rows_of(con, "review_finals", **key)
        schemes = self.bank.register.schemes
        texts = page_texts(self.bank.log, f"review:{rm}:{quarter}", steps)
        results = self.review_results(quarter, [rm], rated_at=moment.position, with_drafts=with_drafts)
        if not results:
            return None
        late_facts = self._late_of(found[0], quarter, results[0], with_drafts)
        if with_drafts:
            nothing_came = not late_facts.total and not late_facts.total_too_late
            are_of_now = nothing_came and scheme is not None and not scheme.peer_levels()
            self._add_drafts(quarter, found, moment.position, results if are_of_now else None)
        (row,) = self._rows(found, moment, late)
        missing = self.review_missing(quarter, [rm], reckoned=results, reader=reader).missing
        amendments.tell(self.bank.log, quarter, ((rm, line) for line in changed))
        known = {line["indicator"]: marked(line) for line in changed if line["position"] <= row.facts_at}
        return answers.Review(
            moment=moment, row=row, result=amended(self.told(results[0]), known), ratings=ratings(scheme, given),
            comment=texts.get("ReviewCommented"), returned=texts.get("ReviewReturned"),
            appeal=texts.get("ReviewAppealed"), decision=texts.get("AppealDecided"),
            reopening=texts.get("ReopeningProposed") if row.reopening_proposed_by else None,
            stated=stated(steps, scheme), finals=finals(final, schemes),
            late=late_facts, evidence=evidence, steps=[],
            missing=[one for one in missing if with_drafts or row.state not in UNAPPROVED or one.what not in TELLING],
        )  # fmt: skip

    def review_version(self, rm: str, quarter: Quarter) -> int | None:
        """The version of a review's stream; None where there is none."""
        with self._cursor() as con:
            row = con.execute(
                "SELECT f.version FROM review_folds AS f WHERE f.rm = ? AND f.quarter = ?", [rm, str(quarter)]
            ).fetchone()
        return row[0] if row else None

    def review_quarters(self) -> list[str]:
        """The quarters whose reviews were opened, newest first."""
        with self._cursor() as con:
            found = con.execute("SELECT DISTINCT q.quarter FROM quarters_opened AS q ORDER BY 1 DESC").fetchall()
        return [quarter for (quarter,) in found]

    def review_served(self, quarter: Quarter, facts_at: int, scope: str | None = None) -> list[Served]:
        """Who served in a quarter as it was known at a position, by RM: those whose reviews are opened."""
        with self._at(facts_at, quarter, None, reads("review_served")) as con:
            found = rows_of(con, "review_served", quarter=str(quarter), scope=scope)
        return [Served(**row) for row in found]

    def review_timeline(
        self, rm: str, quarter: Quarter, with_votes: bool = True, with_drafts: bool = True
    ) -> answers.Timeline | None:
        """A review as the events that made it, and what others said of the quarter, in the log's order; who voted how
        is for the auditor alone, so that it can be left out, as can what no second person stands for yet. None where
        there is no review."""
        key = {"rm": rm, "quarter": str(quarter)}
        with self._at(None) as con:
            found = rows_of(con, "review_events", **key, with_votes=with_votes)
            moment = moment_of(con, None)
        if not any(row["is_step"] for row in found):
            return None
        events = self.bank.log.select_positions([row["position"] for row in found])
        told: list[Row] = [
            {"position": position, "topic": topic, "state": state} for position, _, _, topic, state in events
        ]
        entries = [timeline_entry(**one) for one in (told if with_drafts else undrafted(told, "topic"))]
        return answers.Timeline(moment=moment, rm=rm, quarter=str(quarter), entries=entries)

    def quarter_progress(
        self, quarter: Quarter, scope: str | None = None, rms: Sequence[str] | None = None
    ) -> answers.QuarterProgress:
        """How far a quarter's reviews are, in the whole bank, within a unit, or of some RMs."""
        key = {"quarter": str(quarter), "scope": scope, "rms": None if rms is None else list(rms)}
        with self._at(None) as con:
            counted = rows_of(con, "review_states", **key)
            (people,) = rows_of(con, "review_people", **key)
            opened = rows_of(con, "quarter_opened", quarter=str(quarter))
            moment = moment_of(con, None)
        first: Row = opened[0] if opened else {}
        return answers.QuarterProgress(
            moment=moment, quarter=str(quarter), opened_at=utc(first["recorded_at"]) if opened else None,
            opened_by=first.get("by"), facts_at=first.get("facts_at"), cutoff_on=first.get("cutoff_on"),
            served=people["served"], unopened=people["unopened"], reviews=sum(row["reviews"] for row in counted),
            overdue=sum(row["overdue"] for row in counted), states=_states(counted),
        )  # fmt: skip

    def _add_drafts(
        self, quarter: Quarter, rows: Sequence[Row], position: int, reckoned: Sequence[Result] | None = None
    ) -> None:
        """Put into what reviews come to provisionally the ratings that no second person stands for yet: `reckoned` is
        what they come to on the facts of now, where somebody knows it."""
        drafted = {row["rm"]: row for row in rows if row["state"] in UNAPPROVED and row["rated"]}
        if not drafted:
            return
        for one in reckoned or self.review_results(quarter, list(drafted), position):
            figures = {"score": one.score, "coefficient": one.coefficient}
            drafted[one.rm] |= {"now_status": one.status, "now_tier": one.tier}
            drafted[one.rm] |= {
                f"now_{name}": None if value is None else scaled(value, MICRO) for name, value in figures.items()
            }

    def _rows(self, rows: Sequence[Row], moment: Any, late: Mapping[str, int]) -> list[answers.ReviewRow]:
        names = self.bank.names([row["rm"] for row in rows])
        return [_row(row, names, self._scheme_named(row), moment, late.get(row["rm"], 0)) for row in rows]

    def _evidence(
        self, con: duckdb.DuckDBPyConnection, rm: str, quarter: Quarter, until: int, scheme: Scheme | None,
        steps: Sequence[Row],
    ) -> answers.Evidence:  # fmt: skip
        """What stands beside the ratings, as of the review's facts; votes as they are now."""
        span = {"first_day": quarter.first_day, "last_day": quarter.last_day, "until": until}
        key = {"rm": rm, "quarter": str(quarter)}
        counted = rows_of(con, "review_evidence", **key, **span)
        inspected = rows_of(con, "review_inspections", **key)
        voted = rows_of(con, "review_votes", **key)
        return evidence(self.bank.log, f"review:{rm}:{quarter}", scheme, counted, inspected, voted, steps)


def amended(result: answers.ReviewResult, marks: Mapping[str, dict[str, Any]]) -> answers.ReviewResult:
    """A result whose lines are marked where their targets were changed since they were agreed."""
    lines = [one.model_copy(update=marks.get(one.indicator, {})) for one in result.lines]
    return result.model_copy(update={"lines": lines})


def _states(counted: Sequence[Row]) -> list[answers.StateCount]:
    by_state = {row["state"]: row for row in counted}
    return [answers.StateCount(**by_state[state]) for state in answers.STATES if state in by_state]


def _row(row: Row, names: Mapping[str, str], scheme: Scheme | None, moment: Any, late: int) -> answers.ReviewRow:
    left = None
    if row["due_on"] is not None and row["waits_for"] is not None:
        today, due = moment.today, row["due_on"]
        one = timedelta(days=1)
        left = working_days(today + one, due) if due >= today else -working_days(due + one, today)
    provisional = {name: row[f"now_{name}"] for name in ("status", "score", "tier", "coefficient")}
    at_now = provisional | {"facts_at": moment.position, "result_digest": ""}
    at_stated = {name: row[name] for name in provisional} | {
        "facts_at": row["stated_on"] if row["stated_on"] is not None else row["facts_at"],
        "result_digest": row["result_digest"],
    }
    return answers.ReviewRow(
        **{name: row[name] for name in TOLD}, rm=row["rm"], name=names.get(row["rm"], row["rm"]),
        org_name=row["org_name"] or row["org"], days_left=left, whose=WHOSE.get(row["waits_for"]), late=late,
        result=stated_card(at_stated, scheme), provisional=stated_card(at_now, scheme),
        reopening_proposed_by=row["proposed_by"],
    )  # fmt: skip
