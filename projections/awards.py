"""What an RM won: badges with the events behind them, those within reach, and streaks, as the facts stand."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from domain import scheme as rules
from domain.calendar import Quarter
from domain.money import FEN, MICRO, MILLI, unscaled
from domain.scheme_file.game_entries import Badge, Streak
from domain.wording.entries import Passage, passages
from projections.answers import Words
from projections.answers.awards import Award, AwardEvent, Awards, AwardUnit, StreakStanding
from projections.at_position import AtPosition, moment_of, named, words
from projections.one_rm import see_every_quarter
from projections.past import day_of
from projections.questions import Row, reads
from projections.questions import rows as rows_of

READS = reads("award_badges", "award_events", "award_streaks")
COMPARING = frozenset({"badge_places", "standings"})
"""Models that look at everybody's figures."""
OF_RANKS = reads("award_ranks", "award_rivals")
OF_PLACES = frozenset({"standings", "service"})
OF_POINTS = frozenset({"game_points"})
"""What places are not made of where no badge asks for one by points."""
SHOWN = 20
"""Events behind a badge that are told with it."""
UNSAID = {"en", "clause", "icon"}
EVER = Words(en="since joining", zh="任职以来")


class AwardsWon(AtPosition):
    """The question about what somebody won."""

    def awards(self, rm: str, as_of: int | None = None) -> Awards:
        """Badges won and within reach, and streaks, by the facts that stand now or stood at a position."""
        places = self._places_then(rm, as_of) if as_of is not None else []
        with self._at(None) as con:
            if as_of is not None:
                con.execute("CREATE TEMP TABLE badge_places AS SELECT * FROM badge_places LIMIT 0")
                if places:
                    rows = [list(row.values()) for row in places]
                    con.executemany("INSERT INTO badge_places VALUES (?, ?, ?, ?, ?)", rows)
            see_every_quarter(con, rm, as_of, READS, COMPARING)
            badges = rows_of(con, "award_badges", rm=rm)
            events = rows_of(con, "award_events", rm=rm, limit=SHOWN)
            streaks = rows_of(con, "award_streaks", rm=rm)
            moment = moment_of(con, as_of)
        told = _Told(self.bank.register.schemes)
        found = [self._award(row, rm, told, events) for row in badges]
        return Awards(
            moment=moment, rm=rm, won=[one for one in found if one.won_on],
            next_badges=sorted((one for one in found if not one.won_on), key=_how_far),
            streaks=[_standing(row, told) for row in streaks],
        )  # fmt: skip

    def _places_then(self, rm: str, as_of: int) -> list[Row]:
        """The places of an RM at the close of each quarter whose badges ask for one, as of a position: those are graded
        anew, all in one go, who may stand in the units that are asked for."""
        closed = self._closed(rm, as_of)
        if not closed or not any(one.rank for each in self.bank.register.schemes.values() for one in each.badges):
            return []
        with self._at(as_of, closed, rm, OF_RANKS) as con:
            ranks = rows_of(con, "award_ranks", rm=rm)
            units = {row["unit"] for row in ranks}
            rivals = None if None in units else [row["rm"] for row in rows_of(con, "award_rivals", units=list(units))]
        if not ranks:
            return []
        quarters = sorted({Quarter.parse(row["quarter"]) for row in ranks})
        unread = frozenset[str]() if any(row["looks_at"] == "points" for row in ranks) else OF_POINTS
        with self._at(as_of, quarters, rivals, OF_PLACES, unread) as con:
            con.execute("CREATE OR REPLACE TEMP TABLE touched AS SELECT $rm AS rm, unnest($quarters) AS quarter",
                        {"rm": rm, "quarters": [str(one) for one in quarters]})  # fmt: skip
            return rows_of(con, "award_places")

    def _closed(self, rm: str, as_of: int) -> list[Quarter]:
        """The quarters since an RM joined that were over as of a position."""
        with self._cursor() as con:
            today, since = day_of(con, as_of)
        quarter, closed = max(Quarter.of(self.bank.register.rms[rm].joined_on), Quarter.parse(since)), list[Quarter]()
        while quarter < Quarter.of(today):
            closed.append(quarter)
            quarter = quarter.next
        return closed

    def _award(self, row: Row, rm: str, told: "_Told", events: Iterable[Row]) -> Award:
        scheme, passage = told.entry("badge", row["badge"], row["scheme"], row["effective"])
        badge = passage.entry
        assert isinstance(badge, Badge)
        unit, scale = _unit(row)
        behind = [one for one in events if _key(one) == _key(row)]
        return Award(
            badge=badge.id, scheme=row["scheme"], name=words(badge), icon=badge.icon, clause=badge.clause,
            rule=row["rule"], says=_says(passage), period=row["period"], period_name=_period(row["period"], scheme),
            closes_on=row["closes_on"],
            quarter=row["quarter"], indicator=row["looks_at"] if row["rule"] in ("measure", "rank") else None,
            won_on=row["won_on"], position=row["position"], unit=unit,
            reached=None if row["reached"] is None else unscaled(row["reached"], scale),
            wanted=unscaled(row["wanted"], scale), spoiled_by=row["spoiled_by"], awaits_close=row["awaits_close"],
            events=[self._event(one, rm) for one in behind], total=behind[0]["total"] if behind else 0,
        )  # fmt: skip

    def _event(self, row: Row, rm: str) -> AwardEvent:
        kind = self._kind(row["kind"], rm, row["occurred_on"])
        return AwardEvent(
            position=row["position"], action_id=row["action"], kind=row["kind"], kind_name=named(kind, row["kind"]),
            occurred_on=row["occurred_on"], customer=row["customer"], quantity=unscaled(row["quantity"], MILLI),
            amount=unscaled(row["amount"], FEN),
        )  # fmt: skip


class _Told:
    """The entries of the schemes' games in words, each scheme's told once."""

    def __init__(self, schemes: Mapping[tuple[str, date], rules.Scheme]) -> None:
        self._schemes = schemes
        self._passages = dict[tuple[str, date], dict[tuple[str, str], Passage]]()

    def entry(self, sort: str, id: str, scheme: str, effective: date) -> tuple[rules.Scheme, Passage]:
        key = scheme, effective
        if key not in self._passages:
            self._passages[key] = {(one.sort, one.id): one for one in passages(self._schemes[key])}
        return self._schemes[key], self._passages[key][sort, id]


def _says(passage: Passage) -> Words:
    """The rule of an entry as one sentence."""
    facts = [fact for fact in passage.facts if fact.key not in UNSAID]
    return Words(
        en="; ".join(f"{fact.label[0]} {fact.words[0]}" for fact in facts),
        zh="；".join(f"{fact.label[1]}：{fact.words[1]}" for fact in facts),
    )


def _key(row: Row) -> tuple[str, str, str]:
    return row["scheme"], row["badge"], row["period"]


def _unit(row: Row) -> tuple[AwardUnit, int]:
    """What a badge asks for, and in how many parts its figures are kept."""
    if row["rule"] == "streak":
        return "days", 1
    if row["rule"] == "rank":
        return "place", 1
    unit: AwardUnit = row["of"]
    return unit, MICRO if unit == "completion" else MILLI


def _period(period: str, scheme: rules.Scheme) -> Words:
    if period == "ever":
        return EVER
    season = next((one for one in scheme.seasons if one.id == period), None)
    return words(season) if season else Words(en=period, zh=period)


def _how_far(award: Award) -> tuple[bool, Decimal, str]:
    """The badge of which most is reached comes first; a place, and what can't be won any more, last."""
    if award.reached is None or award.unit == "place":
        return True, Decimal(0), award.badge
    return award.spoiled_by is not None, -award.reached / award.wanted, award.badge


def _standing(row: Row, told: _Told) -> StreakStanding:
    _, passage = told.entry("streak", row["streak"], row["scheme"], row["effective"])
    streak = passage.entry
    assert isinstance(streak, Streak)
    return StreakStanding(
        streak=streak.id, scheme=row["scheme"], name=words(streak), clause=streak.clause, says=_says(passage),
        current=row["current"], longest=row["longest"], held=row["held"], held_most=streak.held,
        kept_on=row["kept_on"], today=row["today"],
    )  # fmt: skip
