"""Whose quarter can be reviewed and is not yet: asked when it is opened, and again for who was registered late."""

from domain.calendar import Quarter
from domain.rating import Served
from projections.at_position import AtPosition
from projections.questions import rows as rows_of


class Openings(AtPosition):
    """The question that opening a quarter asks."""

    def unopened(self, quarter: Quarter) -> list[Served]:
        """Who served in a quarter, as is known now, and has no review of it: by RM."""
        with self._at(None) as con:
            served = rows_of(con, "review_served", quarter=str(quarter), scope=None)
            opened = con.execute("SELECT r.rm FROM reviews AS r WHERE r.quarter = ?", [str(quarter)]).fetchall()
        known = {rm for (rm,) in opened}
        return [Served(**row) for row in served if row["rm"] not in known]

    def told_since(self, position: int) -> set[str]:
        """The RMs whom the bank was told of only beyond a position: facts of then say nothing of them."""
        with self._at(None) as con:
            found = con.execute("SELECT p.rm FROM people AS p GROUP BY p.rm HAVING min(p.position) > ?", [position])
            return {rm for (rm,) in found.fetchall()}
