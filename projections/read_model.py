"""The questions that can be asked, one method each; every one can be asked of the past, too (`as_of`).

Those about one subject stand together: `leaderboards`, `scorecards`, `tree`, `recorded`, `schemes`,
`reviews`, `points`, `awards`, `fairness`. Here stand the people and units. Each is a few lines over
its file in `queries/`.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from domain import organisation
from domain.bank import Bank
from domain.money import FEN, unscaled
from domain.register import Register
from domain.relationship_manager import RM
from projections import answers
from projections.answers import SetupWhat
from projections.at_position import moment_of
from projections.awards import AwardsWon
from projections.closings import Closings
from projections.contracts import Contracts
from projections.directory import Directory
from projections.fairness import FairnessAsked
from projections.follower import Follower
from projections.openings import Openings
from projections.payroll_quarters import PayrollQuarters
from projections.points import PointsEarned
from projections.questions import Row
from projections.questions import rows as rows_of
from projections.recorded import Recorded, action_kind
from projections.reviews import Reviews
from projections.schemes import Schemes
from projections.tree import Tree

SETUP: tuple[tuple[SetupWhat, bool], ...] = (
    ("orgs", True), ("rms", True), ("scheme", True), ("contracts", True), ("plans", False), ("customers", False),
    ("actions", True), ("measures", False),
)  # fmt: skip
"""What a new bank loads, in order, and whether it can't do without."""


class ReadModel(
    Closings,
    Tree,
    Recorded,
    Schemes,
    Reviews,
    Openings,
    PayrollQuarters,
    Contracts,
    PointsEarned,
    AwardsWon,
    FairnessAsked,
):
    """Answers from the follower's read model; names and notes come from the bank's texts."""

    def __init__(self, bank: Bank, follower: Follower) -> None:
        super().__init__(bank, follower)
        self._directory = Directory()

    def units(self, as_of: int | None = None) -> list[answers.Unit]:
        """The organisation tree, depth first, units of one parent by their id."""
        units = self._register(as_of).units
        below: dict[str | None, list[str]] = {}
        for unit in sorted(units.values(), key=lambda unit: unit.org):
            below.setdefault(unit.parent, []).append(unit.org)

        waiting, found = [(org, 0) for org in reversed(below.get(None, []))], list[answers.Unit]()
        while waiting:  # no recursion: an older store may hold a tree of any depth
            org, depth = waiting.pop()
            unit = units[org]
            found.append(answers.Unit(org=org, parent=unit.parent, level=unit.level, name=unit.name, depth=depth))
            waiting += [(child, depth + 1) for child in reversed(below.get(org, []))]
        return found

    def units_at(self) -> int:
        """The log position at which the tree changed last; 0 before there is one."""
        with self._cursor() as con:
            row = con.execute("SELECT max(u.position) FROM unit_changes AS u").fetchone()
        return row[0] or 0 if row else 0

    def heads(self, people: Sequence[str]) -> dict[str, str]:
        """Of some people those whom RMs were posted under, with the unit of that."""
        with self._at(None) as con:
            return {row["person"]: row["org"] for row in rows_of(con, "heads", people=list(people))}

    def people(
        self, scope: str | None = None, as_of: int | None = None, after: str = "", limit: int | None = None,
        search: str = "",
    ) -> list[answers.Person]:  # fmt: skip
        """The RMs who belong within a unit, by id; `after` is the last one of the page before. With `search`, those
        whose name, id or outlet hold each of its words, small letters or capitals."""
        register, today = self._register(as_of), self._moment(as_of).today
        if as_of is None or search.strip():
            directory = self._directory.at(register, today, self.bank.names)
            if as_of is None:
                self._directory = directory
            found = directory.find(search, scope, after, limit)
            return [_person(rm, directory.names, register, today) for rm in found]
        found = [
            rm for rm in register.rms.values()
            if rm.rm > after
            and rm.postings  # between two events of one save nobody serves anywhere yet
            and (scope is None or scope in organisation.ancestors(rm.place_on(today).org, register.units))
        ]  # fmt: skip
        page = sorted(found, key=lambda rm: rm.rm)[:limit]
        names = self.bank.names([rm.rm for rm in page])
        return [_person(rm, names, register, today) for rm in page]

    def person(self, rm: str, as_of: int | None = None) -> answers.Person | None:
        """One RM, or None."""
        register = self._register(as_of)
        if (found := register.rms.get(rm)) is None or not found.postings:
            return None
        return _person(found, self.bank.names([rm]), register, self._moment(as_of).today)

    def portfolio(
        self, rm: str, after: str | None = None, limit: int = 100, as_of: int | None = None
    ) -> answers.Portfolio:
        """The customers whose A or B post an RM holds, by their code; `after` is the last one of the page before."""
        with self._at(as_of) as con:
            rows = rows_of(con, "portfolio", rm=rm, after=after, limit=limit + 1)
            moment = moment_of(con, as_of)
        total, rows, more = rows[0]["total"] if rows else 0, rows[:limit], len(rows) > limit
        return answers.Portfolio(
            moment=moment, rm=rm, customers=[_customer(row) for row in rows], total=total,
            after=rows[-1]["customer"] if more else None,
        )  # fmt: skip

    def kinds(self, rm: str, day: date) -> list[answers.ActionKind]:
        """The kinds of action that the scheme of an RM's position knows on a day."""
        scheme = self._scheme_of(rm, day)
        return [action_kind(name, kind) for name, kind in scheme.kinds.items()] if scheme else []

    def scheme_of(self, rm: str, day: date) -> str | None:
        """Which scheme is in force for an RM's position on a day."""
        scheme = self._scheme_of(rm, day)
        return scheme.scheme if scheme else None

    def quarters(self) -> list[str]:
        """The quarters in which somebody served, newest first."""
        with self._cursor() as con:
            rows = con.execute("SELECT DISTINCT g.quarter FROM grades AS g ORDER BY 1 DESC").fetchall()
        return [row[0] for row in rows]

    def setup(self) -> answers.Setup:
        """The steps of setting a bank up, in order, with how much there is of each."""
        with self._at(None) as con:
            (row,) = rows_of(con, "setup")
            moment = moment_of(con, None)
        steps = [answers.SetupStep(what=what, needed=needed, count=row[what]) for what, needed in SETUP]
        return answers.Setup(moment=moment, steps=steps)


def _person(rm: RM, names: Mapping[str, str], register: Register, today: date) -> answers.Person:
    posting = rm.place_on(today)
    unit = register.units.get(posting.org)
    return answers.Person(
        rm=rm.rm, name=names.get(rm.rm, rm.rm), org=posting.org, org_name=unit.name if unit else posting.org,
        position=posting.position, left_on=rm.left_on,
    )  # fmt: skip


def _customer(row: Row) -> answers.PortfolioCustomer:
    return answers.PortfolioCustomer(
        customer=row["customer"], segment=row["segment"], assets=unscaled(row["assets"], FEN), post=row["post"],
        position=row["position"],
    )  # fmt: skip
