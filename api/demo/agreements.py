"""Next year's contracts of one outlet, in every state, and the plans that they are to add up to."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from api.demo.tree import Node
from domain.bank import Bank
from domain.contract import Contract, Party, Sheet
from domain.money import plain
from domain.plan import is_planned

MOST = 40
"""RMs whose contracts are drafted: a demo of fifty thousand has no more."""
STEPS: tuple[tuple[str, ...], ...] = (
    ("outlet",), ("rm", "outlet"), ("rm", "outlet", "department"), (), ("rm", "outlet", "department", "amend", "rm"),
    ("rm",),
)  # fmt: skip
"""What becomes of a draft, RM by RM in turn: who signs it, and that one that all had signed is amended."""
ASKED, SIZED = Decimal("0.9"), Decimal("1.05")
"""What an RM asks for, as a part of the draft; what a branch's plan is short of its outlets'."""
REASON, AMENDED = "网点客户结构调整,协商下调", "新增商圈,目标上调"
Do = Callable[..., None]


def negotiate(bank: Bank, do: Do, outlet: Node, rms: Sequence[str], department: str) -> None:
    """Draft the contracts of an outlet's RMs for the coming year, and bring each to its state; then plan the outlet and
    the unit above it. The last RM's is not drafted."""
    year, rms = bank.today.year + 1, rms[:MOST]
    do(bank.draft_contracts, list(rms[:-1] or rms), year, outlet.supervisor)
    signers: dict[str, tuple[Party, str]] = {
        "outlet": ("outlet", outlet.supervisor), "department": ("department", department),
    }  # fmt: skip
    for number, rm in enumerate(rms[:-1] or rms):
        _propose(bank, do, rm, year, ASKED, rm, REASON)
        for step in STEPS[number % len(STEPS)]:
            if step == "amend":
                _propose(bank, do, rm, year, SIZED, outlet.supervisor, AMENDED)
                continue
            party, by = signers.get(step, ("rm", rm))
            state = bank.read_contracts(year, [rm]).get(rm)
            if state and state.draft:
                do(bank.sign_contract, rm, year, party, Sheet(rm, year, state).digest, by)
    _plan(bank, do, outlet, year, list(bank.read_contracts(year, rms).values()), department)


def _propose(bank: Bank, do: Do, rm: str, year: int, part: Decimal, by: str, reason: str) -> None:
    """Ask for so much of the first figure of the year's draft."""
    state = bank.read_contracts(year, [rm]).get(rm)
    if state and state.draft:
        (quarter, indicator), standing = sorted(state.draft.items())[0]
        line = {"quarter": quarter, "indicator": indicator, "target": plain((standing.target * part).quantize(1))}
        base = {"base": plain(standing.base)} if standing.base is not None else {}
        do(bank.propose_targets, rm, year, [line | base], by, reason)


def _plan(bank: Bank, do: Do, outlet: Node, year: int, contracts: Sequence[Contract], by: str) -> None:
    """The outlet is planned to do what the drafts come to, the unit above it a twentieth less."""
    known = {one.id for scheme in bank.register.schemes.values() for one in scheme.indicators if is_planned(one)}
    sums: dict[tuple[str, str], Decimal] = {}
    for contract in contracts:
        for key, target in contract.draft.items():
            if key[1] in known:
                sums[key] = sums.get(key, Decimal(0)) + target.target
    above = bank.register.units[outlet.org].parent
    plans: list[tuple[str | None, Decimal]] = [(outlet.org, Decimal(1)), (above, Decimal(1) / SIZED)]
    for org, part in plans if sums else ():
        lines: list[dict[str, Any]] = [
            {"quarter": quarter, "indicator": indicator, "target": plain((total * part).quantize(1) or Decimal(1))}
            for (quarter, indicator), total in sorted(sums.items())
        ]
        if org:
            do(bank.set_plan, org, year, lines, by)
