"""How a board is made: whose figures it ranks in which period, among whom, now or as of a position."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import duckdb
import pyarrow as pa

from domain import scheme as rules
from domain.calendar import Quarter
from domain.money import MILLI, scaled
from domain.refusal import Refusal, Refused
from domain.scheme_file.game_entries import UNSTATED_BOARDS
from projections import answers, pipeline
from projections.answers import Alike, Words
from projections.at_position import moment_of, tier_names
from projections.board_figures import Figures, by_part, weighed
from projections.board_rules import BY_DAY, TIE_RULES, Rule, Seen, may_improve, rule_of, rules_of, seen_under
from projections.boards import Key, Ranking, ranked
from projections.comparisons import MOVED_DAYS, Comparisons
from projections.former import Former, FormerBoard, Ranks, State
from projections.periods import Period, period_of
from projections.periods import before as before_of
from projections.questions import Row, question, reads
from projections.questions import rows as rows_of

GIVEN = {"board_rows", "board_alike", "board_people"}
READS = reads("board_figures", "board_alike", "alike_of", "board_teams", "crowd") - GIVEN
KEYED = frozenset(model.name for model in pipeline.models() if model.renewal in ("rebuilt", "worked"))
LOOKED = [model for model in pipeline.models() if model.renewal == "looked" and model.name in READS]
EVERYBODYS = READS.union(*(pipeline.made_of(model) for model in LOOKED)) - KEYED - {"ledger"}
"""What a board reads that is not of single RMs: where it changes, everybody's figures are asked for anew."""
MONTHS = 12
PATIENCE = 0.4
"""Seconds that who asks waits for what is worked out of the past: what comes later is told by the next look."""
APART = "\x1f"
"""Between the words of a board that is kept by itself."""
ALL = pa.table({"rm": pa.array([], pa.string())})
"""Among whom is not asked: nobody is left out."""
NOBODY = ALL.append_column("value", pa.array([], pa.int64())).append_column("merit", pa.array([], pa.int64()))


@dataclass(frozen=True, slots=True)
class Made:
    """A board made: the ranking, the answer without its rows, its rule, and what others see of it."""

    ranking: Ranking
    bare: answers.Leaderboard
    rule: Rule
    seen: Seen
    figures: Figures

    @property
    def is_plain(self) -> bool:
        """Whether it is one of a quarter that ranks everybody by the usual rule, as the standings of then all do."""
        rule, bare = self.rule, self.bare
        return bare.kind == "quarter" and not bare.among and rule.board is None and rule.ties == "standard"

    @property
    def state(self) -> str:
        """Under which word it is kept as it stood."""
        bare = self.bare
        return bare.quarter if self.is_plain else APART.join((bare.period, bare.scope, bare.by, bare.among or ""))


class BoardMaking(Comparisons):
    """Makes boards from the read model."""

    def _made(self, key: Key, as_of: int | None, before: Made | None = None) -> Made:
        """A board as it stands, or stood at a position; of the present, made of the one `before` it where little has
        been touched since. Raises Refused for what is unknown or may not be ranked."""
        asked, scope, by, among = key
        register = self._register(as_of)
        schemes = list(register.schemes.values())
        period = period_of(asked, schemes)
        earlier, today = before_of(period, schemes), self._moment(as_of).today
        appraised = period.appraised(today)
        needed, off = period.overlapped(today), self._off()
        if earlier and may_improve(schemes, by):
            needed |= earlier.overlapped(today)
        with self._at(as_of, sorted(needed | {appraised}), None, READS) as con:
            crowd = rows_of(con, "crowd", quarter=str(appraised), scope=scope, off=off)
            in_use = self._schemes_in_use(crowd)
            rule = rule_of(found := rules_of(in_use, period.kind), by)
            if among and rule.level:
                raise Refused([WHOLE_TEAMS])
            seen = seen_under(in_use)
            con.register("board_alike", self._alike(con, appraised, among, period.reached(today), in_use))
            then = _side(earlier, today) if earlier and rule.improves else _NEVER
            asked_of = _side(period, today) | {f"{name}_before": value for name, value in then.items()}
            at = {"at_before": str(earlier.appraised(today)) if earlier else None}
            figures = self._figures(
                con, rule, before.figures if before and as_of is None else None, quarter=str(appraised), scope=scope,
                among=among or None, off=off, by_days=period.kind in (*BY_DAY, "season"), **asked_of, **at,
            )  # fmt: skip
            rows = self._laid_out(con, rule, seen, figures)
            bare = self._bare(con, period, appraised, scope, rule, found, crowd, len(rows), as_of)
        stated = in_use[0].boards if in_use else UNSTATED_BOARDS
        told = {
            "among": among or None, "unranked": 0 if among else bare.unranked, "alike": _choices(in_use),
            "neighbours": seen.neighbours,
            "clause": None if stated is UNSTATED_BOARDS else stated.clause,
            "scope_name": register.units.get(scope, self.bank.register.units[scope]).name,
            "tier_names": {tier: name for tier, name in tier_names(schemes).items() if tier in bare.tiers},
        }  # fmt: skip
        return Made(ranked(rows, rule.ties), bare.model_copy(update=told), rule, seen, figures)

    def _figures(
        self, con: duckdb.DuckDBPyConnection, rule: Rule, before: Figures | None, **asked: Any
    ) -> Figures:  # fmt: skip
        """What each RM on the board has: of everybody, or of whom the log has touched since those of before."""
        asked |= {
            "parts": list(range(len(rule.parts))), "looks_at": [part.looks_at for part in rule.parts],
            "measures": [part.measure for part in rule.parts], "improves": rule.improves, "board": rule.board,
            "gates_passed": rule.gates_passed, "is_ordinal": rule.ties == "ordinal",
        }  # fmt: skip
        position = moment_of(con, None).position
        touched = self.follower.touches.between(before.position, position) if before else None
        if before and touched and before.asked == asked and not touched.tables & EVERYBODYS:
            if not touched.rms:
                return Figures(before.parts, asked, position)
            con.register("board_people", pa.table({"rm": pa.array(sorted(touched.rms), pa.string())}))
            return before.after(self._parts(con, is_whole=False, **asked), touched.rms, position)
        con.register("board_people", ALL)
        return Figures(tuple(self._parts(con, is_whole=True, **asked)), asked, position)

    def _parts(self, con: duckdb.DuckDBPyConnection, **asked: Any) -> list[pa.Table]:
        rows = con.sql(question("board_figures"), params=asked).to_arrow_table()
        return by_part(rows, len(asked["parts"]))

    def _laid_out(self, con: duckdb.DuckDBPyConnection, rule: Rule, seen: Seen, figures: Figures) -> pa.Table:
        """Who is on the board, best first: of several parts weighed together, of teams their units."""
        weights = [part.weight for part in rule.parts]
        rows = weighed(figures.parts, weights) if len(weights) > 1 else figures.parts[0]
        if rule.level is None:
            return rows.append_column("people", pa.nulls(len(rows), pa.int64()))
        con.register("board_rows", rows)
        teams = {
            "level": rule.level,
            "is_mean": rule.is_mean,
            "smallest_team": seen.smallest_team,
            "scope": figures.asked["scope"],
        }
        return con.sql(question("board_teams"), params=teams).to_arrow_table()

    def _alike(
        self, con: duckdb.DuckDBPyConnection, quarter: Quarter, among: str, day: date, schemes: Sequence[rules.Scheme]
    ) -> pa.Table:
        """The RMs who are alike: of a position, or in a band of years of service or of customers."""
        if not among:
            return ALL
        side, _, asked = among.partition(":")
        begins, positions = _begins(schemes, side), {one for scheme in schemes for one in scheme.positions}
        known = {asked, "*"} & positions if side == "position" else asked.isdecimal() and int(asked) <= len(begins) > 0
        if not asked or not known:
            raise _unlike(schemes)
        band = 0 if side == "position" else int(asked)
        bounds = {"least": (0, *begins)[band], "below": (*begins, None)[band] if begins else None}
        one = {"quarter": str(quarter), "side": side, "post": asked, "day": day}
        return con.sql(question("board_alike"), params=one | bounds).to_arrow_table()

    def _own_side(self, period: str | Period, scope: str, among: str, rm: str | None, as_of: int | None) -> str:
        """Whom an RM is alike, by a side: the position, or the number of the band."""
        schemes = self._register(as_of).schemes.values()
        asked, today = period_of(period, schemes), self._moment(as_of).today
        quarter = asked.appraised(today)
        with self._at(as_of, quarter, None, READS) as con:
            in_use = self._schemes_in_use(rows_of(con, "crowd", quarter=str(quarter), scope=scope, off=[]))
            found = rows_of(con, "alike_of", rm=rm or "", quarter=str(quarter), day=asked.reached(today))
        if among not in SIDES or not found:
            raise _unlike(in_use)
        if among == "position":
            return f"position:{found[0]['post']}"
        has = found[0]["months" if among == "tenure" else "customers"]
        return f"{among}:{sum(begin <= has for begin in _begins(in_use, among))}"

    def _compared(self, made: Made) -> tuple[answers.Leaderboard, Ranks | None]:
        """What a board says, with since when its rows moved, and the ranks of then; unknown where nobody was ranked
        then, and in a large bank until the standings of then are made."""
        bare = made.bare
        self._formers.for_all_but(self._off())
        day = bare.moment.today - timedelta(days=1 if bare.kind == "week" else MOVED_DAYS)
        if bare.from_day and day < bare.from_day:
            return bare, None  # then all had nothing, and stood first
        state = made.state, min(self._end_of(day), bare.moment.position)
        if self._is_small and not made.is_plain:  # that takes several quarters of then: nobody waits long for it
            former = self._formers.soon([state], PATIENCE)[0]
        else:
            former = self._former_at(state, not bare.moment.past)
        ranks = former.ranks(bare.scope, bare.by) if former else None
        if ranks is None or not ranks.ranked:
            return bare, None
        return bare.model_copy(update={"moved_since": day}), ranks

    def _stood(self, state: State) -> Former | FormerBoard:
        """The standings of a quarter as known at a position, or one board that is not among them; empty where there was
        none such."""
        words, position = state
        if APART not in words:
            return super()._stood(state)
        period, scope, by, among = words.split(APART)
        try:
            ranking = self._made((period, scope, by, among), position).ranking
        except Refused:
            ranking = ranked(NOBODY)
        return FormerBoard(ranking.rows, ranking.ranks)

    def _bare(
        self, con: duckdb.DuckDBPyConnection, period: Period, quarter: Quarter, scope: str, rule: Rule,
        found: Sequence[Rule], crowd: list[Row], ranked: int, as_of: int | None,
    ) -> answers.Leaderboard:  # fmt: skip
        """What a leaderboard says beside its rows."""
        tiers = {tier.id: 0 for scheme in self._schemes_in_use(crowd) for tier in scheme.tiers}
        for row in crowd:
            if row["tier"] is not None:
                tiers[row["tier"]] = tiers.get(row["tier"], 0) + row["on_boards"]
        return answers.Leaderboard(
            moment=moment_of(con, as_of), period=period.text, kind=period.kind, period_name=period.name,
            from_day=period.first_day, until_day=period.last_day, quarter=str(quarter), scope=scope,
            scope_name=scope, by=rule.by, unit=rule.unit, ties=rule.ties,
            tie_rule=TIE_RULES[rule.ties], boards=[each.answer() for each in found], ranked=ranked,
            unranked=0 if rule.level else sum(row["on_boards"] for row in crowd) - ranked,
            tiers=tiers, standings=[], around=[],
        )  # fmt: skip

    def _schemes_in_use(self, crowd: list[Row]) -> list[rules.Scheme]:
        """The scheme versions that some RMs were appraised under: those of most people first."""
        people = dict[Any, int]()
        for row in crowd:
            if row["scheme"] is not None:
                version = (row["scheme"], row["effective"])
                people[version] = people.get(version, 0) + row["people"]
        schemes = self.bank.register.schemes
        return [schemes[one] for one in sorted(people, key=lambda one: (-people[one], one)) if one in schemes]


def _side(period: Period, today: date) -> Row:
    """A period as the question takes it."""
    return {
        "quarters": [str(one) for one in period.quarters(today)], "first": period.first_day, "last": period.last_day,
    }  # fmt: skip


_NEVER: Row = {"quarters": list[str](), "first": None, "last": None}
SIDES = ("position", "tenure", "portfolio")
WHOLE_TEAMS = Refusal("not-allowed", "among", "leave `among` out: a team is ranked with all its people")


def _begins(schemes: Sequence[rules.Scheme], side: str) -> tuple[int, ...]:
    """Where the bands of a side begin, by the scheme of most people: months of service, or customers."""
    stated = schemes[0].boards if schemes else UNSTATED_BOARDS
    if side == "tenure":
        return tuple(scaled(years, MILLI) * MONTHS // MILLI for years in stated.tenure)
    return stated.portfolio if side == "portfolio" else ()


def _choices(schemes: Sequence[rules.Scheme]) -> list[Alike]:
    """All among whom one can compare."""
    positions = sorted({one for scheme in schemes for one in scheme.positions if one != "*"})
    found = [Alike(among=f"position:{one}", name=Words(en=one, zh=one)) for one in positions]
    stated = schemes[0].boards if schemes else UNSTATED_BOARDS
    for side, begins in (("tenure", stated.tenure), ("portfolio", stated.portfolio)):
        found += [Alike(among=f"{side}:{n}", name=name) for n, name in enumerate(_bands(side, begins))]
    return found


def _bands(side: str, begins: Sequence[Any]) -> list[Words]:
    """The bands of a side in words."""
    if not begins:
        return []
    en, zh = ("years of service", "年从业") if side == "tenure" else ("customers", "户")
    first = "year of service" if side == "tenure" and begins[0] == 1 else en
    found = [Words(en=f"under {begins[0]} {first}", zh=f"{begins[0]}{zh}以下")]
    for least, below in pairwise(begins):
        found.append(Words(en=f"{least} to under {below} {en}", zh=f"{least}至{below}{zh}"))
    return [*found, Words(en=f"{begins[-1]} {en} or more", zh=f"{begins[-1]}{zh}及以上")]


def _unlike(schemes: Sequence[rules.Scheme]) -> Refused:
    known = ", ".join(one.among for one in _choices(schemes))
    told = f"name position, tenure or portfolio with an RM whom you are above, or one of {known}"
    return Refused([Refusal("unknown", "among", told)])
