"""What somebody sees of a board: places and names, of whom they are above the figures as well, and nobody whom a scheme
hides from peers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from domain.organisation import Unit, ancestors
from projections.answers import Leaderboard, LeaderboardHistory, Standing, Trace
from projections.board_rules import Seen
from projections.boards import Ranking
from projections.former import Ranks


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks: whom they are above (or are), as which RM, and in which unit. Two with the same `key` see the same."""

    key: str
    covers: Callable[[str], bool] = field(compare=False)
    rm: str | None = None
    org: str | None = None


OVERTAKERS = 5
"""Of those who passed an RM, how many are named."""
EVERYTHING = Eyes("all", lambda _: True)
"""Of who is above everybody."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One board before the eyes of somebody."""

    eyes: Eyes
    ranking: Ranking
    seen: Seen
    units: Mapping[str, Unit]
    aliases: Callable[[Sequence[str]], Mapping[str, str]]
    former: Ranks | None = None
    """What its rows are compared with."""
    is_own: bool = True
    """Whether it is of a unit, and of people alike, to whom who looks belongs; else nobody is named to peers: in parts
    small enough each would stand in an upper half."""

    def board(self, board: Leaderboard, around: str | None = None) -> Leaderboard:
        """A leaderboard around somebody as it is seen."""
        rows = {"standings": self._rows(board.standings), "around": self._rows(self._near(board, around))}
        half = "named" if self.seen.lower_half or self.eyes is EVERYTHING else "hidden"
        is_own = self.is_own or half == "named"
        tiers = board.tiers if is_own else {}
        return board.model_copy(update={**rows, "lower_half": half, "is_own": is_own, "tiers": tiers})

    def history(
        self, history: LeaderboardHistory, board: Leaderboard, around: str | None = None,
        halves: Sequence[int | None] = (),
    ) -> LeaderboardHistory:  # fmt: skip
        """The weeks of those whom one sees on the board, and of those who passed the one whom it is around. `halves`
        are the last ranks of the upper half at the end of each week, None where the ranks are not those of a unit."""
        near = self._near(board, around)
        shown = {one.rm: self._row(one) for one in (*board.standings, *near) if one.rm and self._is_named(one.rm)}
        aliases = self.aliases([rm for rm, one in shown.items() if one.rm is None])
        traces = [
            self._trace(trace, shown[trace.rm], aliases, halves)
            if trace.rm
            else trace  # a team's is everybody's to see
            for trace in history.traces
            if trace.rm is None or trace.rm in shown
        ]
        told_of = (one for one in history.overtaken_by if one.rm and self._is_told(one.rm, one.rank_before))
        passed = list(islice(told_of, OVERTAKERS))
        told = {"overtakers": history.overtakers if near else 0, "overtaken_by": passed if near else []}
        return history.model_copy(update={"traces": traces, **told})

    def _near(self, board: Leaderboard, around: str | None) -> list[Standing]:
        """The rows around somebody; none where one would not see them by name: the place would tell whose the alias
        is, and where who is hidden stands."""
        ids = {one.rm for one in board.around}
        is_hidden = around and around in ids and (not self._is_named(around) or self._is_far(around))
        return [] if is_hidden else board.around

    def _rows(self, rows: list[Standing]) -> list[Standing]:
        """Those of some rows that are named, as they are seen."""
        found = [(one, self._row(one)) for one in rows if one.rm is None or self._is_named(one.rm)]
        hidden = [one.rm for one, shown in found if one.rm and shown.rm is None]
        aliases = self.aliases(hidden) if hidden else {}
        return [
            shown.model_copy(update={"name": aliases.get(one.rm, "")}) if one.rm and shown.rm is None else shown
            for one, shown in found
        ]

    def _is_named(self, rm: str) -> bool:
        """Whether a row is shown: of the lower half only one's own neighbourhood, and those whom one is above."""
        place = self.ranking.places.get(rm)
        if self.seen.lower_half or place is None or self.eyes.covers(rm):
            return True
        if self.is_own and place < self.ranking.upper_half:
            return True
        own = self.ranking.places.get(self.eyes.rm or "")
        return own is not None and abs(place - own) <= self.seen.neighbours

    def _was_low(self, rm: str, rank: int | None, half: int | None) -> bool:
        """Whether a former rank stays untold: of the lower half of then nobody is named to peers, where they stand now
        notwithstanding."""
        return bool(rank and half and rank > half) and not self.seen.lower_half and not self.eyes.covers(rm)

    def _is_told(self, rm: str, rank_before: int | None) -> bool:
        """Whether it is told who passed somebody: under a name now, and with the former rank."""
        half = self.former.upper_half if self.former else None
        return self._is_named(rm) and not self._is_far(rm) and not self._was_low(rm, rank_before, half)

    def _row(self, one: Standing) -> Standing:
        if one.rm is None or self.eyes.covers(one.rm):
            return one
        hidden: dict[str, object] = {} if self.seen.value else {"value": None}
        if self.former and self._was_low(one.rm, self.former.of(one.rm), self.former.upper_half):
            hidden["movement"] = None
        if self._is_far(one.rm):
            hidden |= {"rm": None, "name": "", "org": None, "org_name": ""}
        return one.model_copy(update=hidden) if hidden else one

    def _is_far(self, rm: str) -> bool:
        """Whether somebody stands under an alias: of another unit of the level outside of which one does; where there
        is none of that level, of any other unit."""
        org = self.ranking.org_of(rm)
        if not self.seen.alias_outside or org == self.eyes.org or self.eyes.covers(rm):
            return False
        units = ((self._unit(org, level), self._unit(self.eyes.org, level)) for level in self.seen.alias_outside)
        return any(theirs is None or theirs != own for theirs, own in units)

    def _unit(self, org: str | None, level: str) -> str | None:
        """The unit of a level that another one is or lies in."""
        above = ancestors(org or "", self.units)
        return next((one for one in above if self.units[one].level == level), None)

    def _trace(self, trace: Trace, shown: Standing, aliases: Mapping[str, str], halves: Sequence[int | None]) -> Trace:
        rm = trace.rm or ""
        weeks = zip_longest(trace.ranks[:-1], halves[: len(trace.ranks) - 1])
        low = [*(self._was_low(rm, rank, half) for rank, half in weeks), False]  # the last is that of the board itself
        values = trace.values if shown.value is not None else [None] * len(trace.values)
        told = {
            "rm": shown.rm,
            "name": shown.name if shown.rm else aliases.get(rm, ""),
            "ranks": [None if is_low else rank for rank, is_low in zip(trace.ranks, low, strict=True)],
            "values": [None if is_low else value for value, is_low in zip(values, low, strict=True)],
        }
        return trace.model_copy(update=told)
