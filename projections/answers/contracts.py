"""The shapes of answers about contracts: how they stand, one in full with its history, and how targets cascade."""

from datetime import date, datetime
from typing import Literal

from domain.contract import Party
from domain.money import Exact
from projections.answers import Answer, Moment, Unit, Words

ContractState = Literal["none", "paper", "draft", "signing", "signed"]
"""Nobody began one; agreed on paper alone; drafted, and signed as it stands by nobody, by some, by all three."""
CascadeWarning = Literal["plans-exceed", "targets-exceed", "plans-short", "targets-short"]


class ContractRow(Answer):
    """One RM's contract of a year in a list. `in_force`: some of its targets are agreed, whatever is being negotiated.
    `signatures` are the ids of those who signed the text as it stands, by party; `digest` names that text, and is None
    where nothing is drafted. `waits_for_me`: the asker could sign it next."""

    rm: str
    name: str
    org: str
    org_name: str
    year: int
    scheme: str | None
    effective: date | None
    state: ContractState
    in_force: bool
    targets: int
    signatures: dict[Party, str]
    digest: str | None
    waits_for_me: bool = False


class Contracts(Answer):
    """Contracts of a year by RM: a page of those asked for, how many there are, and how many of all stand how;
    `waiting` counts those that wait for the asker's signature. `after` leads to the next page."""

    moment: Moment
    year: int
    contracts: list[ContractRow]
    total: int
    states: dict[ContractState, int]
    waiting: int
    after: str | None = None


class ContractTarget(Answer):
    """One indicator and quarter. `target` is what the draft says (None: nothing yet), `agreed` what is in force, `own`
    the figure that the scheme states itself. `previous_target` is what an amendment replaced, on which day and why;
    `in_period` says that the quarter had begun by then. `is_over`: no other target can be agreed any more."""

    quarter: str
    indicator: str
    name: Words
    unit: Words
    takes_base: bool
    target: Exact | None
    base: Exact | None
    agreed: Exact | None
    agreed_base: Exact | None
    own: Exact | None
    previous_target: Exact | None = None
    amended_on: date | None = None
    amendment_reason: str | None = None
    in_period: bool = False
    is_over: bool


class Signature(Answer):
    """Who signed the text as it stands, for which party, and when."""

    party: Party
    by: str
    by_name: str | None
    signed_at: datetime
    position: int


class ContractStep(Answer):
    """One event of a contract: its type, who, when, and what it says. `previous` is the figure that stood before;
    `digest` names the text that was signed, and `holds` says whether that signature still does."""

    position: int
    type: str
    recorded_at: datetime
    by: str
    by_name: str | None
    quarter: str | None = None
    indicator: str | None = None
    name: Words | None = None
    unit: Words | None = None
    previous: Exact | None = None
    target: Exact | None = None
    previous_base: Exact | None = None
    base: Exact | None = None
    reason: str | None = None
    party: Party | None = None
    digest: str | None = None
    holds: bool | None = None
    scheme: str | None = None
    effective: date | None = None


class Contract(ContractRow):
    """One contract in full. `text` is the canonical text that is signed; `version` counts the contract's events.
    `my_party` is the party that the asker signs for, where they do."""

    moment: Moment
    scheme_name: Words | None
    text: str | None
    version: int
    lines: list[ContractTarget]
    signed: list[Signature]
    history: list[ContractStep]
    my_party: Party | None = None


class CascadeLine(Answer):
    """One unit, quarter and indicator: its plan, what its RMs agreed (`people` of them) and what their drafts come to,
    and the sum of the plans right below. `difference` is agreed less plan. What exceeds the plan, or falls short of it,
    is in `warnings`: of a figure of which less is better the lower one asks for more."""

    org: str
    quarter: str
    indicator: str
    plan: Exact | None
    agreed: Exact | None
    people: int
    drafted: Exact | None
    drafts: int
    children: Exact | None
    difference: Exact | None
    warnings: list[CascadeWarning]


class PlannedIndicator(Answer):
    """An indicator whose figures add up over people. Where `better` is "less" a plan is a ceiling."""

    indicator: str
    name: Words
    unit: Words
    better: Literal["more", "less"] = "more"


class Cascade(Answer):
    """How the targets of a year cascade from a unit's plan: the unit asked about first, then those right below."""

    moment: Moment
    year: int
    org: str
    path: list[Unit]
    units: list[Unit]
    indicators: list[PlannedIndicator]
    lines: list[CascadeLine]
    may_set: bool = False
