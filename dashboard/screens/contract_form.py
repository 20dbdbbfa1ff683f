"""What the form of a contract remembers: the text it was opened on, so that what is typed stays though that changes."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import streamlit as st

from dashboard.desk import Desk
from domain.money import plain as figure
from projections.answers.contracts import Contract, ContractTarget

OPENED, PROPOSED = "contract-opened", "contracts-proposed"
"""What the form was opened on, and how often something was proposed."""


def identity(found: Contract) -> tuple[str, int]:
    """Whose contract of which year."""
    return found.rm, found.year


def form_of(found: Contract) -> str:
    """The key of the form: another one once something was proposed in it, so that it begins anew."""
    return f"edit-{found.rm}-{found.year}-{st.session_state.get(PROPOSED, 0)}"


def opened_on(found: Contract) -> tuple[Contract, bool]:
    """The contract that the form was opened on, and whether it is another one by now that nobody was told of."""
    held = st.session_state.get(OPENED)
    if held is None or held[:2] != identity(found) or f"reason-{form_of(found)}" not in st.session_state:
        held = st.session_state[OPENED] = (*identity(found), found.version, found)
    return held[3], held[2] != found.version


def propose(desk: Desk, found: Contract, lines: Sequence[dict[str, str | None]], reason: str) -> None:
    """Ask for other targets; then the form begins anew."""
    desk.client.propose_targets(found.rm, found.year, lines, reason)
    st.session_state[PROPOSED] = st.session_state.get(PROPOSED, 0) + 1


def looked_at(found: Contract, shown_then: Contract) -> None:
    """Note that who types was told what the contract is by now."""
    st.session_state[OPENED] = (*identity(found), found.version, shown_then)


def typed(one: ContractTarget | None, field: str) -> str:
    """A figure as it is typed."""
    value: Decimal | None = getattr(one, field) if one else None
    return "" if value is None else figure(value)


def asked(
    edits: dict[int, dict[str, str | None]], rows: Sequence[tuple[ContractTarget, str]],
    cells: dict[tuple[str, str], ContractTarget],
) -> Iterator[dict[str, str | None]]:  # fmt: skip
    """The targets that the edited cells ask for, target and base of one together."""
    changed: dict[tuple[str, str], dict[str, str]] = {}
    for number, by_quarter in edits.items():
        one, field = rows[number]
        for quarter, text in by_quarter.items():
            changed.setdefault((quarter, one.indicator), {})[field] = (text or "").strip().replace(",", "")
    for (quarter, indicator), fields in changed.items():
        standing = cells.get((quarter, indicator))
        target, base = (fields.get(field, typed(standing, field)) or None for field in ("target", "base"))
        yield {"quarter": quarter, "indicator": indicator, "target": target, "base": base}
