"""What is missing before grades may become final, and how a department's results lie: quotas, tiers, leniency."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from domain.calendar import Quarter
from domain.money import MICRO, unscaled
from domain.result import Result
from domain.scheme import Scheme
from domain.scheme_file.entries import UNSTATED_REVIEW
from projections.answers import reviews as answers
from projections.at_position import moment_of, words
from projections.questions import Row
from projections.questions import rows as rows_of
from projections.results import Results

ALL = 2**31 - 1
"""A limit that leaves nothing out."""
BEING_RATED = ("open", "reopened", "rated", "returned")
UNAPPROVED = (*BEING_RATED, "submitted")
FOUR_PLACES = Decimal("0.0001")


Lack = dict[str, Any]
"""The fields of a requirement, but whose it is."""
Group = tuple[str, date, str, str]
"""Who is compared: scheme, its date of effect, level, and the unit."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the requirements of some reviews are told from: which indicators were `given` a rating, whose result `moved`
    since it was approved, how many of a unit's other reviews are not rated, and the quotas that are not met."""

    today: date
    given: Mapping[str, set[str]]
    moved: set[str]
    unrated: Mapping[str, int]
    groups: Mapping[str, Mapping[str, str]]
    quotas: Mapping[Group, Sequence[answers.QuotaStanding]]


class Requirements(Results):
    """The questions about what is missing."""

    def review_missing(
        self, quarter: Quarter, rms: Sequence[str] | None = None, scope: str | None = None, limit: int = ALL,
        reckoned: Sequence[Result] = (), reader: str | None = None,
    ) -> answers.Requirements:  # fmt: skip
        """What the scheme and the workflow ask before the grades of a quarter's reviews may become final and is
        missing: of some RMs, or within a unit's tree, by RM. Reviews that are final miss nothing. What was `reckoned`
        of them just now is not reckoned again. Nothing is told from what was only submitted of the RM who is the
        `reader`."""
        asked = {"quarter": str(quarter), "scope": scope, "rms": None if rms is None else list(rms)}
        with self._at(None) as con:
            rows = [
                row for row in rows_of(
                    con, "reviews", **asked, state=None, waits=None, **beyond(None), limit=ALL, reader=reader
                )
                if row["state"] != "final"
            ]  # fmt: skip
            among = [row["rm"] for row in rows]
            groups, unrated = dict[str, dict[str, str]](), dict[str, int]()
            if rows:
                for row in rows_of(con, "quota_groups", quarter=str(quarter), rms=among):
                    groups.setdefault(row["rm"], {})[row["level"]] = row["peers"]
                unrated = {r["rm"]: r["peers"] for r in rows_of(con, "unrated_peers", quarter=str(quarter), rms=among)}
            quotas = self._unmet(
                rows_of(con, "quota_standings", quarter=str(quarter), rms=among, scope=None, reader=reader)
            )
            moment = moment_of(con, None)
        known = Known(
            moment.today, self._given(quarter, rows), self._moved(quarter, rows, reckoned), unrated, groups, quotas
        )
        lacking = [
            (row["rm"], one)
            for row in sorted(rows, key=lambda row: str(row["rm"]))
            for one in self._lacks(row, known)
        ]  # fmt: skip
        shown = lacking[:limit]
        names = self.bank.names(sorted({rm for rm, _ in shown}))
        found = [
            answers.Requirement(**({"indicators": []} | one), rm=rm, name=names.get(rm, rm)) for rm, one in shown
        ]  # fmt: skip
        return answers.Requirements(moment=moment, quarter=str(quarter), missing=found, total=len(lacking))

    def _scheme_named(self, row: Row) -> Scheme | None:
        return self.bank.register.schemes.get((row["scheme"], row["effective"]))

    def _lacks(self, row: Row, known: "Known") -> Iterator[Lack]:
        """What one review lacks."""
        scheme = self._scheme_named(row)
        if row["state"] in BEING_RATED:
            yield from _unrated(row, scheme, known)
        yield from _turns(row, known)
        asks = scheme.review if scheme else UNSTATED_REVIEW
        tier = row["tier"] if row["status"] is not None else row["now_tier"]
        if tier in asks.interview and not row["interviews"]:
            yield {"what": "interview", "who_can": ["supervisor", "approver"]}
        if asks.all_rated and (peers := known.unrated.get(row["rm"])):
            yield {"what": "unrated", "who_can": ["supervisor"], "peers": peers}
        if asks.quota_met:
            yield from _unmet_quotas(row, known)

    def _given(self, quarter: Quarter, rows: Sequence[Row]) -> dict[str, set[str]]:
        """Which indicators were rated in the reviews that are being rated."""
        asked = [row["rm"] for row in rows if row["state"] in BEING_RATED]
        with self._cursor() as con:
            found = con.execute(
                "SELECT DISTINCT r.rm, r.indicator FROM ratings AS r "
                "WHERE r.quarter = ? AND r.rm IN (SELECT unnest(?))", [str(quarter), asked],
            ).fetchall()  # fmt: skip
        given = defaultdict[str, set[str]](set)
        for rm, indicator in found:
            given[rm].add(indicator)
        return given

    def _moved(self, quarter: Quarter, rows: Sequence[Row], reckoned: Sequence[Result]) -> set[str]:
        """Whose result is no longer the one that was approved, or decided on appeal."""
        stood = {
            row["rm"]: row["result_digest"] for row in rows if row["state"] in ("approved", "acknowledged", "decided")
        }
        if not stood:
            return set()
        now = {each.rm: each.digest for each in reckoned}
        others = [rm for rm in self._movable(quarter, list(stood)) if rm not in now]
        if others:
            now |= {each.rm: each.digest for each in self.review_results(quarter, others)}
        return {rm for rm in {*now, *others} & stood.keys() if now.get(rm) != stood[rm]}

    def _movable(self, quarter: Quarter, rms: Sequence[str]) -> list[str]:
        """Of whom something was said or taken in since the result was stated, which may move it; where people are
        compared, what is said of one moves others."""
        with self._cursor() as con:
            return [row["rm"] for row in rows_of(con, "movable_results", quarter=str(quarter), rms=rms)]

    def _unmet(self, rows: Sequence[Row]) -> dict[Group, list[answers.QuotaStanding]]:
        unmet = defaultdict[Group, list[answers.QuotaStanding]](list)
        for row in rows:
            standing = self._quota(row)
            if standing and not standing.met:
                unmet[row["scheme"], row["effective"], row["level"], row["peer_group"]].append(standing)
        return unmet

    def _quota(self, row: Row) -> answers.QuotaStanding | None:
        """One quota of a group; None of a scheme that nobody knows any more."""
        if (scheme := self._scheme_named(row)) is None:
            return None
        quota = next(one for one in scheme.quotas if one.id == row["quota"])
        tier = next(one for one in scheme.tiers if one.id == quota.tier)
        unit = self.bank.register.units.get(row["peer_group"])
        asks = row["people"] >= row["smallest"]
        met = row["have"] <= row["bound"] if row["at_most"] else row["have"] >= row["bound"]
        return answers.QuotaStanding(
            scheme=row["scheme"], effective=row["effective"], quota=quota.id, name=words(quota), clause=quota.clause,
            group=row["peer_group"] or None, group_name=unit.name if unit else None, tier=tier.id,
            tier_name=words(tier), side="at-most" if row["at_most"] else "at-least",
            part=unscaled(row["part"], MICRO), people=row["people"], have=row["have"], bound=row["bound"],
            smallest=row["smallest"], asks=asks, met=met or not asks,
        )  # fmt: skip

    def distribution(
        self, quarter: Quarter, scope: str | None = None, reader: str | None = None
    ) -> answers.Distribution:
        """How the results of a unit's reviews lie: tiers, quotas, who has no grade, each supervisor's leniency; of an
        RM who is the `reader` only by what a second person stands for. Raises Refused for an unknown scope."""
        scope = self._scope(scope)
        key = {"quarter": str(quarter), "scope": scope, "reader": reader}
        with self._at(None) as con:
            tiers = rows_of(con, "review_tiers", **key)
            quotas = rows_of(con, "quota_standings", **key, rms=None)
            rated = rows_of(con, "leniency", **key)
            moment = moment_of(con, None)
        return answers.Distribution(
            moment=moment, quarter=str(quarter), scope=scope, scope_name=self.bank.register.units[scope].name,
            people=sum(row["people"] for row in tiers), provisional=sum(row["provisional"] for row in tiers),
            tiers=self._tier_counts(tiers), ungraded=_ungraded(tiers),
            quotas=[one for row in quotas if (one := self._quota(row))], leniency=self._leniency(tiers, rated),
        )  # fmt: skip

    def _tier_counts(self, rows: Sequence[Row]) -> list[answers.TierCount]:
        """How many stand in each tier, best first."""
        graded = [row for row in rows if row["status"] == "graded"]
        places = {row["tier"]: row["ordinal"] for row in graded if row["ordinal"] is not None}
        people, names = sum(row["people"] for row in graded), self._tier_names()
        return [
            answers.TierCount(tier=tier, name=names[tier], people=have, part=_four(Fraction(have, people)))
            for tier in sorted(places, key=lambda tier: (places[tier], tier))
            if (have := sum(row["people"] for row in graded if row["tier"] == tier))
        ]

    def _leniency(self, tiers: Sequence[Row], rated: Sequence[Row]) -> list[answers.Leniency]:
        """How high each supervisor rates beside all of the scope, the highest first."""
        of_all = _mean(rated)
        found = []
        for by in sorted({row["rated_by"] for row in rated}):
            own = [row for row in rated if row["rated_by"] == by]
            theirs, mean = [row for row in tiers if row["rated_by"] == by], _mean(own)
            found.append((mean, answers.Leniency(
                rated_by=by, reviews=sum(row["people"] for row in theirs), ratings=sum(row["ratings"] for row in own),
                mean=_four(mean), mean_of_all=_four(of_all), difference=_four(mean - of_all),
                tiers=self._tier_counts(theirs),
            )))  # fmt: skip
        return [one for _, one in sorted(found, key=lambda each: (-each[0], each[1].rated_by))]


def beyond(cursor: str | None) -> Row:
    """Where a page of reviews begins: after the day and the RM that the last page ended with."""
    day, _, rm = (cursor or "").partition(".")
    return {"after_day": day or None, "after_rm": rm or None}


def _unrated(row: Row, scheme: Scheme | None, known: Known) -> Iterator[Lack]:
    """What the supervisor has not said yet."""
    asked = {one.id for one in scheme.indicators if one.measure.rule == "rating"} if scheme else set[str]()
    if left := sorted(asked - known.given.get(row["rm"], set())):
        yield {"what": "unrated", "who_can": ["supervisor"], "indicators": left}
    if not row["commented"]:
        yield {"what": "comment", "who_can": ["supervisor"]}


def _turns(row: Row, known: Known) -> Iterator[Lack]:
    """The steps that others have to take."""
    if row["state"] in UNAPPROVED:
        yield {"what": "approval", "who_can": ["approver" if row["state"] == "submitted" else "supervisor"]}
    if row["waits_for"] in ("answer", "decide"):
        who = "rm" if row["waits_for"] == "answer" else "approver"
        yield {"what": "answer", "who_can": [who], "due_on": row["due_on"]}
    if row["rm"] in known.moved:
        yield {"what": "result-moved", "who_can": ["approver"]}


def _unmet_quotas(row: Row, known: Known) -> Iterator[Lack]:
    """The quotas that the groups of an RM do not keep."""
    for level, unit in known.groups.get(row["rm"], {}).items():
        for quota in known.quotas.get((row["scheme"], row["effective"], level, unit), []):
            yield {
                "what": "quota", "who_can": ["approver"], "quota": quota.quota, "quota_name": quota.name,
                "have": quota.have, "wanted": quota.bound,
            }  # fmt: skip


def _mean(rows: Sequence[Row]) -> Fraction:
    """The mean of ratings, each as a part of the best possible."""
    ratings = sum(row["ratings"] for row in rows)
    return sum((Fraction(row["value"], row["best"]) * row["ratings"] for row in rows), Fraction(0)) / (ratings or 1)


def _four(part: Fraction) -> Decimal:
    return (Decimal(part.numerator) / Decimal(part.denominator)).quantize(FOUR_PLACES, ROUND_HALF_UP)


def _ungraded(rows: Sequence[Row]) -> list[answers.StatusCount]:
    counted = defaultdict[str, int](int)
    for row in rows:
        if row["status"] != "graded":
            counted[row["status"]] += row["people"]
    return [answers.StatusCount(status=status, people=people) for status, people in sorted(counted.items())]
