"""What somebody sees of a board: places and names, of whom they are above the figures as well, and nobody whom a scheme
hides from peers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.organisation import Unit, ancestors
from projections.answers import Leaderboard, LeaderboardHistory, Standing, Trace
from projections.board_rules import Seen
from projections.boards import Ranking


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks: whom they are above (or are), as which RM, and in which unit. Two with the same `key` see the same."""

    key: str
    covers: Callable[[str], bool] = field(compare=False)
    rm: str | None = None
    org: str | None = None


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

    def board(self, board: Leaderboard, around: str | None = None) -> Leaderboard:
        """A leaderboard around somebody as it is seen."""
        rows = {"standings": self._rows(board.standings), "around": self._rows(self._near(board, around))}
        half = "named" if self.seen.lower_half or self.eyes is EVERYTHING else "hidden"
        return board.model_copy(update={**rows, "lower_half": half})

    def history(self, history: LeaderboardHistory, board: Leaderboard, around: str | None = None) -> LeaderboardHistory:
        """The weeks of those whom one sees on the board, and of those who passed the one whom it is around."""
        near = self._near(board, around)
        shown = {one.rm: self._row(one) for one in (*board.standings, *near) if one.rm and self._is_named(one.rm)}
        aliases = self.aliases([rm for rm, one in shown.items() if one.rm is None])
        traces = [
            self._trace(trace, shown[trace.rm], aliases) if trace.rm else trace  # a team's is everybody's to see
            for trace in history.traces
            if trace.rm is None or trace.rm in shown
        ]
        passed = [one for one in history.overtaken_by if one.rm and self._is_named(one.rm) and not self._is_far(one.rm)]
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
        if self.seen.lower_half or place is None or place < self.ranking.upper_half or self.eyes.covers(rm):
            return True
        own = self.ranking.places.get(self.eyes.rm or "")
        return own is not None and abs(place - own) <= self.seen.neighbours

    def _row(self, one: Standing) -> Standing:
        if one.rm is None or self.eyes.covers(one.rm):
            return one
        hidden: dict[str, object] = {} if self.seen.value else {"value": None}
        if self._is_far(one.rm):
            hidden |= {"rm": None, "name": "", "org": None, "org_name": ""}
        return one.model_copy(update=hidden) if hidden else one

    def _is_far(self, rm: str) -> bool:
        """Whether somebody stands under an alias: of another unit of the level outside of which one does."""
        if not self.seen.alias_outside or self.eyes.covers(rm):
            return False
        org = self.ranking.org_of(rm)
        return any(self._unit(org, level) != self._unit(self.eyes.org, level) for level in self.seen.alias_outside)

    def _unit(self, org: str | None, level: str) -> str | None:
        """The unit of a level that another one is or lies in."""
        above = ancestors(org or "", self.units)
        return next((one for one in above if self.units[one].level == level), None)

    def _trace(self, trace: Trace, shown: Standing, aliases: Mapping[str, str]) -> Trace:
        name = shown.name if shown.rm else aliases.get(trace.rm or "", "")
        values = trace.values if shown.value is not None else [None] * len(trace.values)
        return trace.model_copy(update={"rm": shown.rm, "name": name, "values": values})
