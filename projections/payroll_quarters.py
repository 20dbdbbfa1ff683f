"""How far payroll is with a quarter: who has a final grade, who has none and why, and who stands otherwise than in the
quarter before."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from domain.calendar import Quarter
from domain.payroll_files import PaidGrade
from projections.answers import payroll as answers
from projections.payroll import GRADED, Payroll, tier_totals

T = TypeVar("T")
LEFT = "not-in-service"
"""The state of who had a grade in the quarter before and did not serve in this one."""


class PayrollQuarters(Payroll):
    """The questions about a quarter as a whole."""

    def payroll_progress(
        self, quarter: Quarter, state: str | None = None, search: str = "", after: str = "", limit: int = 100
    ) -> answers.PayrollProgress:
        """How many have a final grade and who has none, by the review's state; a page of those by id, of one state or
        all, whose name, id or unit hold each word of `search`."""
        content = self.payroll_grades(quarter)
        kept = [each for each in content.missing if state in (None, each.state)]
        page, found, more = self._page(kept, lambda each: each.employee, lambda each: each.org, search, after, limit)
        names = self.bank.names([each.employee for each in page])
        return answers.PayrollProgress(
            quarter=str(quarter), position=content.at, served=len(content.grades) + len(content.missing),
            graded=len(content.grades), released=sum(grade.run is not None for grade in content.grades),
            coefficients=sum((grade.coefficient for grade in content.grades), Decimal()),
            tiers=tier_totals(content.grades, self._tier_names()),
            waiting=tier_totals([grade for grade in content.grades if grade.run is None], self._tier_names()),
            states=[
                answers.StateTotal(state=each, employees=n)
                for each, n in sorted(Counter(each.state for each in content.missing).items())
            ],
            unpaid=[self._unpaid(each, names) for each in page], found=found, after=more,
        )  # fmt: skip

    def payroll_changes(
        self, quarter: Quarter, change: answers.Change | None = None, search: str = "", after: str = "",
        limit: int = 100,
    ) -> answers.PayrollChanges:  # fmt: skip
        """Who has another tier than in the quarter before, a grade for the first time, or none any more. The list is of
        one kind of change, or of all but those who stayed in their tier."""
        now, before = self.payroll_grades(quarter), self.payroll_grades(quarter.previous)
        changes = list(_changes(before.grades, now.grades, self._rungs()))
        kept = [each for each in changes if (each[0] == change if change else each[0] != "same")]
        page, found, more = self._page(kept, _employee_of, _org_of, search, after, limit)
        names = self.bank.names([_employee_of(each) for each in page])
        states = {each.employee: each.state for each in now.missing}
        moves = Counter((then.tier, here.tier) for _, then, here in changes if then and here)
        tiers, counts, rungs = self._tier_names(), Counter(each[0] for each in changes), self._rungs()
        ladder = sorted({tier for move in moves for tier in move}, key=lambda tier: (-rungs.get(tier, 0), tier))
        return answers.PayrollChanges(
            quarter=str(quarter), before=str(quarter.previous), position=now.at, graded=len(now.grades),
            graded_before=len(before.grades),
            counts=[answers.ChangeTotal(change=each, employees=n) for each, n in sorted(counts.items())],
            moves=[answers.TierMove(before=then, now=here, employees=n) for (then, here), n in sorted(moves.items())],
            tier_names={tier: tiers[tier] for tier in ladder if tier in tiers},
            changes=[
                answers.PayrollChange(
                    employee=_employee_of(each), name=names.get(_employee_of(each), _employee_of(each)),
                    org=_org_of(each), org_name=self._unit_name(_org_of(each)), change=each[0],
                    before=_result(each[1]), now=_result(each[2]), tier_before=each[1] and tiers.get(each[1].tier),
                    tier_now=each[2] and tiers.get(each[2].tier),
                    state=None if each[2] else states.get(_employee_of(each), LEFT),
                )
                for each in page
            ],
            found=found, after=more,
        )  # fmt: skip

    def _page(
        self, rows: Sequence[T], employee: Callable[[T], str], org: Callable[[T], str], search: str, after: str,
        limit: int,
    ) -> tuple[list[T], int, str | None]:  # fmt: skip
        """The rows of a page, how many fit in all, and where the next page begins."""
        if words := search.casefold().split():
            names = self.bank.names([employee(row) for row in rows])
            rows = [
                row for row in rows
                if _holds(words, names.get(employee(row), ""), employee(row), self._unit_name(org(row)))
            ]  # fmt: skip
        left = [row for row in rows if employee(row) > after]
        return left[:limit], len(rows), employee(left[limit - 1]) if len(left) > limit else None

    def _rungs(self) -> dict[str, int]:
        """How high each tier stands, from the worst up; of tiers with one id in several schemes, as in the newest."""
        schemes = sorted(self.bank.register.schemes.values(), key=lambda scheme: scheme.effective)
        return {tier.id: len(scheme.tiers) - n for scheme in schemes for n, tier in enumerate(scheme.tiers)}


Changed = tuple[answers.Change, PaidGrade | None, PaidGrade | None]


def _changes(before: Sequence[PaidGrade], now: Sequence[PaidGrade], rungs: dict[str, int]) -> Iterable[Changed]:
    """What became of everybody who has a grade in one of the two, by id."""
    then, here = ({grade.employee: grade for grade in grades} for grades in (before, now))
    for employee in sorted(then.keys() | here.keys()):
        old, new = then.get(employee), here.get(employee)
        if old is None or new is None:
            yield "gone" if new is None else "new", old, new
        elif old.tier == new.tier:
            yield "same", old, new
        else:
            yield "up" if rungs.get(new.tier, 0) > rungs.get(old.tier, 0) else "down", old, new


def _employee_of(each: Changed) -> str:
    """Whose change it is."""
    _, before, now = each
    grade = now or before
    assert grade is not None
    return grade.employee


def _org_of(each: Changed) -> str:
    _, before, now = each
    grade = now or before
    assert grade is not None
    return grade.org


def _result(grade: PaidGrade | None) -> answers.PaidResult | None:
    if grade is None:
        return None
    return answers.PaidResult(status=GRADED, score=grade.score, tier=grade.tier, coefficient=grade.coefficient)


def _holds(words: Sequence[str], *texts: str) -> bool:
    line = "\n".join(texts).casefold()
    return all(word in line for word in words)
