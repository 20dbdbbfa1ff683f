"""The game of a scheme compiled to rows: quantities in thousandths, points and shares in millionths."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from domain.money import MICRO, MILLI, scaled

if TYPE_CHECKING:
    from domain.scheme import Scheme
    from domain.scheme_file.game_entries import Badge

GAME_TABLES = {
    "scheme_games": "scheme VARCHAR, effective DATE, limit_by_record BOOLEAN, repeats_within VARCHAR",
    "scheme_repeats": "scheme VARCHAR, effective DATE, nth INTEGER, share BIGINT, is_last BOOLEAN",
    "scheme_claw_backs": "scheme VARCHAR, effective DATE, claw_back VARCHAR, ordinal INTEGER, kind VARCHAR, "
    "takes VARCHAR, by_customer BOOLEAN, days INTEGER",
    "scheme_seasons": "scheme VARCHAR, effective DATE, season VARCHAR, from_day DATE, until_day DATE",
    "scheme_streaks": "scheme VARCHAR, effective DATE, streak VARCHAR, ordinal INTEGER, least BIGINT, missed VARCHAR, "
    "held INTEGER, each INTEGER, frozen_counts BOOLEAN",
    "scheme_streak_kinds": "scheme VARCHAR, effective DATE, streak VARCHAR, kind VARCHAR",
    "scheme_badges": "scheme VARCHAR, effective DATE, badge VARCHAR, ordinal INTEGER, rule VARCHAR, within VARCHAR, "
    "at_least BIGINT, of VARCHAR, looks_at VARCHAR, level VARCHAR, first INTEGER, at_close BOOLEAN",
    "scheme_badge_kinds": "scheme VARCHAR, effective DATE, badge VARCHAR, kind VARCHAR, without BOOLEAN",
    "scheme_boards": "scheme VARCHAR, effective DATE, board VARCHAR",
}
"""The columns of each table of a compiled game, as far as the SQL reads it. `scheme_games` has a row for every scheme,
also where it states none. How a board ranks is read from the scheme: see `projections/board_rules.py`."""

Row = tuple[object, ...]


def game_rows(scheme: Scheme) -> dict[str, Iterator[Row]]:
    """The rows of `GAME_TABLES`, without scheme and date."""
    return {
        "scheme_games": iter([(scheme.game.limit_by == "record", scheme.game.repeats_within)]),
        "scheme_repeats": _repeat_rows(scheme),
        "scheme_claw_backs": _claw_back_rows(scheme),
        "scheme_seasons": ((one.id, one.begins, one.until) for one in scheme.seasons),
        "scheme_streaks": _streak_rows(scheme),
        "scheme_streak_kinds": ((one.id, kind) for one in scheme.streaks for kind in one.kinds),
        "scheme_badges": ((one.id, n, *_badge_row(one)) for n, one in enumerate(scheme.badges)),
        "scheme_badge_kinds": _badge_kind_rows(scheme),
        "scheme_boards": ((one.id,) for one in scheme.board),
    }


def _repeat_rows(scheme: Scheme) -> Iterator[Row]:
    shares = scheme.game.repeats
    yield from ((nth, scaled(share, MICRO), nth == len(shares)) for nth, share in enumerate(shares, 1))


def _claw_back_rows(scheme: Scheme) -> Iterator[Row]:
    """A row for each kind that takes back and each that it takes from; by itself, all that earn points."""
    earning = tuple(name for name, kind in scheme.kinds.items() if kind.points)
    for n, one in enumerate(scheme.claw_backs):
        for kind in one.on:
            for takes in one.takes or earning:
                yield one.id, n, kind, takes, one.of == "customer", one.days


def _streak_rows(scheme: Scheme) -> Iterator[Row]:
    for n, one in enumerate(scheme.streaks):
        yield one.id, n, scaled(one.least, MILLI), one.missed, one.held, one.each, one.frozen == "counts"


def _badge_row(one: Badge) -> Row:
    """Rule, period, threshold, what is counted, what it looks at, level, places, and whether the close decides."""
    if one.count:
        worth = scaled(one.count.at_least, MILLI)
        return "count", one.within, worth, one.count.of, None, None, None, one.at_close
    if one.streak:
        return "streak", "ever", one.streak.days, None, one.streak.of, None, None, one.at_close
    if one.measure:
        completion, at_least = one.measure.completion, one.measure.at_least
        of = "measured" if completion is None else "completion"
        worth = scaled(at_least or Decimal(0), MILLI) if completion is None else scaled(completion, MICRO)
        return "measure", "quarter", worth, of, one.measure.of, None, None, one.at_close
    if one.rank:
        return "rank", "quarter", None, None, one.rank.by, one.rank.level, one.rank.first, one.at_close
    raise AssertionError(f"badge {one.id} has no rule")


def _badge_kind_rows(scheme: Scheme) -> Iterator[Row]:
    for one in scheme.badges:
        yield from ((one.id, kind, False) for kind in (one.count.kinds if one.count else ()))
        yield from ((one.id, kind, True) for kind in one.without)
