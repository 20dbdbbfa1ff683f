"""A bank with contracts and a plan, as the client would answer."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from projections.answers import Words
from projections.answers.contracts import (
    Cascade,
    CascadeLine,
    CascadeWarning,
    ContractRow,
    Contracts,
    PlannedIndicator,
)
from tests.dashboard.small_bank import TIMES, UNITS, SmallBank, moment

STATES = ("none", "paper", "draft", "signing", "signed")


def row(rm: str, name: str, **changes: Any) -> ContractRow:
    """A contract that the outlet has signed."""
    told: dict[str, Any] = {
        "rm": rm, "name": name, "org": "east", "org_name": "城东支行", "year": 2026, "scheme": "plain",
        "effective": None, "state": "signing", "in_force": False, "targets": 12,
        "signatures": {"outlet": "boss"}, "digest": "d" * 64,
    }  # fmt: skip
    return ContractRow(**(told | changes))


def line(quarter: str, indicator: str, plan: int, agreed: int, *warnings: CascadeWarning) -> CascadeLine:
    """The plan of the head office for an indicator and quarter, and what its RMs agreed."""
    return CascadeLine(
        org="head", quarter=quarter, indicator=indicator, plan=Decimal(plan), agreed=Decimal(agreed), people=2,
        drafted=Decimal(agreed), drafts=2, children=None, difference=Decimal(agreed - plan), warnings=list(warnings),
    )  # fmt: skip


def planned(indicator: str, name: Words, better: Literal["more", "less"] = "more") -> PlannedIndicator:
    return PlannedIndicator(indicator=indicator, name=name, unit=TIMES, better=better)


@dataclass
class Agreed(SmallBank):
    """A bank whose contracts are listed and whose plan is looked at."""

    contracts: list[ContractRow] = field(default_factory=list)
    lines: list[CascadeLine] = field(default_factory=list)

    def list_contracts(
        self, year: int, scope: str | None = None, state: str | None = None, waiting: bool = False,
        search: str | None = None, after: str | None = None, limit: int = 100, **asked: Any,
    ) -> Contracts:  # fmt: skip
        self._ask("list_contracts", year=year, state=state, search=search, after=after, limit=limit, **asked)
        found = [one for one in self.contracts if state in (None, one.state) and (search or "") in one.name]
        page = [one for one in found if one.rm > (after or "")][:limit]
        return Contracts(
            moment=moment(), year=year, contracts=page, total=len(found),
            states={name: sum(one.state == name for one in found) for name in STATES}, waiting=0,
            after=page[-1].rm if page and page[-1] != found[-1] else None,
        )  # fmt: skip

    def read_plan(self, org: str, year: int) -> Cascade:
        self._ask("read_plan", org=org, year=year)
        return Cascade(
            moment=moment(), year=year, org=org, path=UNITS[:1], units=UNITS[:1], lines=self.lines,
            indicators=[
                planned("visits", Words(en="Visits", zh="走访量")),
                planned("complaints", Words(en="Complaints", zh="投诉"), "less"),
            ],
        )  # fmt: skip
