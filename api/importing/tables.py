"""Which facts a file may hold: its columns, the rules of their fields, and who takes its lines in."""

from collections.abc import Sequence

from api.files.batch import Columns
from api.identity import OWNER_SUBJECT
from api.importing.file_import import Table, line_by_line
from domain import action, contract, customer, measure, organisation, plan, relationship_manager
from domain.bank import Bank

TOLD = 10
"""Names that one sentence tells at most."""
ANEW = "to take its facts in anew, send them in a changed file"


def _ungraded(bank: Bank, positions: Sequence[str]) -> str | None:
    """Which positions no published scheme appraises. They are taken in, for a scheme may name them later; before the
    first one is published nobody could tell."""
    named = {position for scheme in bank.register.schemes.values() for position in scheme.positions}
    unnamed = [position for position in positions if position not in named]
    if not named:
        return None
    if unnamed and "*" not in named:
        return (
            f"No published scheme names the position {_listed(unnamed)}, so nobody in it is graded. Named are: "
            f"{_listed(sorted(named))}. Correct the lines, or publish a scheme for it."
        )
    postings = (
        posting for rm in bank.register.rms.values() for posting in rm.postings if posting.position in positions
    )
    places = sorted({(posting.position, posting.org) for posting in postings})
    if missed := [f"{position} in {org}" for position, org in places if not bank.register.is_claimed(position, org)]:
        return f"No published scheme is for {_listed(missed)}, so nobody there is graded: publish one for it."
    return None


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - TOLD} more" if len(names) > TOLD else ""
    return ", ".join(names[:TOLD]) + more


ORGS = Table(
    "orgs",
    Columns(("org", "parent", "level", "name")),
    organisation.RULES,
    line_by_line(lambda bank, lines: bank.open_units(lines, OWNER_SUBJECT)),
    group="level",
    anew=ANEW,
)
RMS = Table(
    "rms",
    Columns(
        ("rm", "name", "position", "org", "joined_on", "supervisor"),
        ("from", "left_on", "certificate", "certified_until"),
    ),
    relationship_manager.RULES,
    line_by_line(lambda bank, lines: bank.register_rms(lines, OWNER_SUBJECT)),
    group="position",
    anew=ANEW,
    warning=_ungraded,
)
CONTRACTS = Table(
    "contracts",
    Columns(("rm", "year", "quarter", "indicator", "target"), ("base", "reason")),
    contract.RULES,
    lambda bank, tables: bank.agree_target_tables(tables, OWNER_SUBJECT),
    group="indicator",
    summed={"target": "0"},
    anew=f"{ANEW}, each changed target with its reason",
)
PLANS = Table(
    "plans",
    Columns(("org", "year", "quarter", "indicator", "target"), ("reason",)),
    plan.FILE_RULES,
    line_by_line(lambda bank, lines: bank.set_plans(lines, OWNER_SUBJECT)),
    group="indicator",
    summed={"target": "0"},
    anew=f"{ANEW}, each changed target with its reason",
)
ACTIONS = Table(
    "actions",
    Columns(
        ("source", "external_ref", "rm", "kind", "occurred_on", "quantity", "amount"),
        ("customer", "note", "reverses"),
    ),
    action.RULES,
    lambda bank, tables: bank.record_action_tables(tables, OWNER_SUBJECT),
    group="kind",
    summed={"quantity": "1", "amount": "0"},
    waits="reverses",
)
MEASURES = Table(
    "measures",
    Columns(("source", "external_ref", "rm", "indicator", "quarter", "value", "as_of")),
    measure.RULES,
    lambda bank, tables: bank.record_measure_tables(tables, OWNER_SUBJECT),
    group="indicator",
    summed={"value": "0"},
)
CUSTOMERS = Table(
    "customers",
    Columns(("customer", "segment", "assets", "a_rm", "b_rm")),
    customer.RULES,
    lambda bank, tables: bank.assign_customer_tables(tables, OWNER_SUBJECT),
    group="segment",
    summed={"assets": "0"},
    anew=ANEW,
)
TABLES = {table.kind: table for table in (ORGS, RMS, CONTRACTS, PLANS, ACTIONS, MEASURES, CUSTOMERS)}
"""By the word that `appraise import` knows each under."""
