"""What the rules of the game must be to one another: no award, claw-back or board refers to nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import TypeAdapter, ValidationError

from domain import fields
from domain.calendar import FIRST_YEAR, LAST_YEAR
from domain.money import plain
from domain.scheme_file.faults import Path
from domain.scheme_file.mistyped import nearest
from domain.scheme_file.reading import Entries, Findings

if TYPE_CHECKING:
    from domain.scheme_file.game_entries import Badge, Streak


def kinds_of_the_game_are_known(entries: Entries) -> Findings:
    """A claw-back, a streak and a badge look at kinds of this file."""
    named: list[tuple[Path, tuple[str, ...]]] = []
    for n, one in entries.claw_backs.items():
        named += [(("claw_backs", n, "on"), one.on), (("claw_backs", n, "takes"), one.takes)]
    named += [(("streaks", n, "kinds"), one.kinds) for n, one in entries.streaks.items()]
    for n, badge in entries.badges.items():
        named += [(("badges", n, "without"), badge.without)]
        named += [(("badges", n, "count"), badge.count.kinds)] if badge.count else []
    known = entries.kind_ids()
    for path, kinds in named:
        if len(set(kinds)) < len(kinds):
            yield path, "name each kind once"
        for kind in kinds:
            if kind not in known:
                yield path, f"`{kind}` is no kind of this file; {nearest(kind, known)}"


def repeats_do_not_rise(entries: Entries) -> Findings:
    """What is done again earns no more than what was done before."""
    shares = entries.game.repeats if entries.game else ()
    for n, (before, share) in enumerate(pairwise(shares), 1):
        if share > before:
            yield ("game", "repeats", n), f"put it at {plain(before)} or lower: doing it again never earns more"
    if entries.game and "repeats_within" in entries.game.model_fields_set and not shares:
        yield ("game", "repeats_within"), 'add `repeats`, like ["1", "0.5", "0"], or leave `repeats_within` out'


def claw_backs_take_something(entries: Entries) -> Findings:
    """What earns no points can't lose any."""
    earning = {name for name, kind in entries.kinds.items() if kind.points}
    for n, one in entries.claw_backs.items():
        for kind in one.takes:
            if kind in entries.kinds and kind not in earning:
                right = f"leave `{kind}` out, or give it `points`: it earns none that could be taken back"
                yield ("claw_backs", n, "takes"), right
        if not one.takes and len(entries.kinds) == len(entries.kind_ids()) and not earning:
            yield ("claw_backs", n), "give some kind `points`: none earns any that could be taken back"


LONGEST_SEASON = timedelta(days=731)


def seasons_follow_each_other(entries: Entries) -> Findings:
    """A season ends no earlier than it begins, within the years that there are and after two at most; and no day lies
    in two."""
    sound = []
    for n, one in entries.seasons.items():
        ends = (("from", one.begins), ("until", one.until))
        if unknown := [key for key, day in ends if not FIRST_YEAR <= day.year <= LAST_YEAR]:
            yield ("seasons", n, unknown[0]), f"write a year from {FIRST_YEAR} to {LAST_YEAR}, like 2026-01-01"
        elif one.until - one.begins >= LONGEST_SEASON:
            last = one.begins + LONGEST_SEASON - timedelta(days=1)
            yield ("seasons", n, "until"), f"let it end on {last} or before: a season lasts two years at most"
        elif one.until < one.begins:
            yield ("seasons", n, "until"), f"put it at {one.begins} or later: the season ends before it begins"
        else:
            sound.append((one.begins, one.until, n, one.id))
    for (_, until, _, before), (begins, _, n, _) in pairwise(sorted(sound)):
        if begins <= until:
            yield (
                ("seasons", n, "from"),
                f"let it begin after {until}, when `{before}` ends: no day lies in two seasons",
            )


def levels_rise(entries: Entries) -> Findings:
    """Levels begin with nothing and rise, within a season."""
    ats = [(n, one.at) for n, one in entries.levels.items()]
    if len(ats) < len(entries.named("levels")):
        return
    if ats and ats[0][1] != 0:
        yield ("levels", ats[0][0], "at"), 'let the first level begin at "0", so that everybody has one'
    for (_, below), (n, at) in pairwise(ats):
        if at <= below:
            yield ("levels", n, "at"), f"put it above {plain(below)}, where the level before it begins: lowest first"
    if ats and "seasons" not in entries.document.data:
        yield ("levels", ats[0][0]), "add [[seasons]]: a level is by the points of a season"


def streaks_fit(entries: Entries) -> Findings:
    """Freezes have a number and a price, and only where a missed day is frozen."""
    for n, one in entries.streaks.items():
        yield from ((("streaks", n, *key), right) for key, right in _streak_faults(one))


def _streak_faults(one: Streak) -> Iterator[tuple[Path, str]]:
    for key, like, what in (("held", 2, "freezes are held at most"), ("each", 10, "kept days earn one")):
        is_there = getattr(one, key) is not None
        if one.missed == "freezes" and not is_there:
            yield (), f"add `{key}`, like {like}: how many {what}"
        if one.missed != "freezes" and is_there:
            yield (key,), f'leave out `{key}`, or write missed = "freezes": no other streak has freezes'


def badges_fit(entries: Entries) -> Findings:
    """A badge has one rule, which refers to something of this file."""
    for n, one in entries.badges.items():
        rules = one.rules
        if len(rules) != 1:
            few = "add one of `count`, `streak`, `measure` and `rank`: what the badge is won by"
            many = f"leave all of {', '.join(f'`{rule}`' for rule in rules)} but one out: a badge is won by one rule"
            yield ("badges", n), many if rules else few
            continue
        faults = (*_count_faults(entries, one), *_measure_faults(entries, one), *_rank_faults(entries, one))
        yield from ((("badges", n, *key), right) for key, right in faults)
        if one.streak:
            yield from _refers(("badges", n, "streak"), one.streak.of, "streak", _ids(entries, "streaks"))


def _count_faults(entries: Entries, one: Badge) -> Iterator[tuple[Path, str]]:
    if one.count is None:
        for key in ("within", "without"):
            if key in one.model_fields_set:
                yield (key,), f"leave out `{key}`: only a `count` has it"
        return
    if one.within is None:
        yield (), 'add `within`: "quarter", "season", "year" or "ever", over which it is counted'
    if one.within == "season" and "seasons" not in entries.document.data:
        yield ("within",), "add [[seasons]], or name another period"
    if one.without and one.within == "ever":
        yield ("without",), 'leave out `without`, or name a period in `within`: "ever" has no close to decide at'
    if both := sorted({*one.without} & {*one.count.kinds}):
        yield ("without",), f"leave `{both[0]}` out: it is what the badge counts"
    if one.count.of in ("actions", "customers") and one.count.at_least % 1:
        yield ("count",), f"write a whole number in `at_least`: {one.count.of} are counted in whole ones"


def _measure_faults(entries: Entries, one: Badge) -> Iterator[tuple[Path, str]]:
    rule = one.measure
    if rule is None:
        return
    known = [*entries.indicator_ids(), *entries.measure_ids()]
    yield from ((("measure",), right) for _, right in _refers((), rule.of, "indicator or measure", known))
    if (rule.at_least is None) is (rule.completion is None):
        yield ("measure",), 'give one of `at_least` and `completion`, like completion = "1"'
    if rule.completion is not None:
        yield from ((("measure",), right) for right in _without_target(entries, rule.of))


def _rank_faults(entries: Entries, one: Badge) -> Iterator[tuple[Path, str]]:
    if one.rank is None:
        return
    yield from ((("rank",), right) for right in _ranked_faults(entries, one.rank.by))
    yield from ((("rank",), right) for right in _level_faults(one.rank.level))


def boards_fit(entries: Entries) -> Findings:
    """The bands of people alike rise, and their level is one that an organisation can have."""
    if entries.boards is None:
        return
    for key, begins in (
        ("tenure", entries.boards.tenure),
        ("portfolio", tuple(map(Decimal, entries.boards.portfolio))),
    ):
        for n, (below, at) in enumerate(pairwise(begins), 1):
            if at <= below:
                yield ("boards", key, n), f"put it above {below}, where the band before it begins: lowest first"
    yield from ((("boards", "alias_outside"), right) for right in _level_faults(entries.boards.alias_outside))


MOST_PARTS = 6
BY_DAY = ("points", "improvement:points")
"""What is earned day by day, and so can be ranked over less than a quarter."""


def each_board_ranks_what_may_be_ranked(entries: Entries) -> Findings:
    """By one thing, or by two to six parts that add up to 100; never by deposits (S25)."""
    for n, one in entries.board.items():
        path: Path = ("board", n)
        if (one.by is None) is not bool(one.parts):
            yield path, 'give one of `by` and `parts`, like by = "score"'
        for by in one.ranked:
            key = "parts" if one.parts else "by"
            yield from (((*path, key), right) for right in _ranked_faults(entries, by))
        if one.parts and not 2 <= len(one.parts) <= MOST_PARTS:
            yield (*path, "parts"), f"name 2 to {MOST_PARTS} parts; what is ranked by one alone stands in `by`"
        elif one.parts and sum(one.parts.values()) != 100:
            total = plain(sum(one.parts.values(), Decimal(0)))
            yield (*path, "parts"), f"make the weights of the parts add up to 100: they add up to {total}"
        if (one.teams is None) is not (one.level is None):
            yield path, "write `teams` and `level` together: of which units the teams are"
        yield from (((*path, "level"), right) for right in _level_faults(one.level))
        if len(set(one.periods)) < len(one.periods):
            yield (*path, "periods"), "name each period once"
        short = [period for period in one.periods if period in ("week", "month")]
        beyond = [by for by in one.ranked if by not in BY_DAY]
        if short and beyond:
            yield (
                (*path, "periods"),
                f"leave `{short[0]}` out: by week and month only points are ranked, not `{beyond[0]}`",
            )
        if "season" in one.periods and "seasons" not in entries.document.data:
            yield (*path, "periods"), "add [[seasons]], or name other periods"


OF_ALL = ("score", "points")
"""What is ranked beside indicators."""
RANKED = re.compile("(?:(completion|improvement):)?(.+)")


def _ranked_faults(entries: Entries, by: str) -> Iterator[str]:
    """What is ranked is the score, points, or an indicator of this file that measures no deposits."""
    found = RANKED.fullmatch(by)
    how, name = found.groups() if found else (None, by)
    known = entries.indicator_ids()
    if how == "completion":
        yield from _without_target(entries, name)
    elif how and name not in OF_ALL:
        yield f"write improvement:score or improvement:points: improvement of `{name}` is not ranked"
    if name not in OF_ALL and name not in known and known:
        yield f"`{name}` is no indicator of this file; {nearest(name, [*OF_ALL, *known])}"
    yield from _deposit_faults(entries, name)


def _deposit_faults(entries: Entries, name: str) -> Iterator[str]:
    """None that is marked, and none that counts what those count."""
    deposits = {kind for _, one in entries.measured() if one.deposit for kind in one.measure.kinds}
    for one in (one for one in entries.indicators.values() if one.id == name):
        made = (entries.measures[part].measure.kinds for part in one.measure.parts if part in entries.measures)
        if one.deposit:
            yield f"leave `{name}` out: no measure of deposits may be ranked between people"
        elif shared := sorted(deposits & {*one.measure.kinds}.union(*made)):
            yield f"leave `{name}` out: it counts `{shared[0]}`, and deposits may not be ranked between people"


def _without_target(entries: Entries, name: str) -> Iterator[str]:
    """Only what has a target has a completion."""
    one = next((one for one in entries.indicators.values() if one.id == name), None)
    if (one and not one.takes_target) or name in OF_ALL or name in entries.measures:
        yield f"name an indicator with a target: `{name}` has none, and so no completion"


LEVEL: TypeAdapter[str | None] = TypeAdapter(Annotated[str, fields.given(fields.LEVEL)] | None)


def _level_faults(level: str | None) -> Iterator[str]:
    """A level that no unit of an organisation can be of."""
    try:
        LEVEL.validate_python(level)
    except ValidationError:
        yield f"name a level that units can have: {fields.LEVEL.remedy}"


def _ids(entries: Entries, section: str) -> list[str]:
    return [one for one in entries.named(section).values() if isinstance(one, str)]


def _refers(path: Path, name: str, what: str, known: Iterable[Any]) -> Findings:
    ids = list(known)
    if name not in ids:
        yield path, f"`{name}` is no {what} of this file; {nearest(name, ids)}"


GAME_CHECKS: tuple[Callable[[Entries], Findings], ...] = (
    kinds_of_the_game_are_known,
    repeats_do_not_rise,
    claw_backs_take_something,
    seasons_follow_each_other,
    levels_rise,
    streaks_fit,
    badges_fit,
    boards_fit,
    each_board_ranks_what_may_be_ranked,
)
