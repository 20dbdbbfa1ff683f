"""A bank of answers, longer than 300 lines because every answer is written out.

It stands where `api.client.Client` stands, for tests of what the screens make of the answers.

A head office, two outlets, six RMs; one is not graded, two share a rank, the deposit board is refused.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import domain
from api.client import ApiProblem, Verdict
from api.permissions import as_role, operations_of
from api.receipts import BatchReceipt, FieldFault, LineReceipt, Receipt, SchemeReceipt
from domain import scheme as rules
from projections import scheme_words
from projections.answers import (
    Action,
    ActionKind,
    Actions,
    Ask,
    Board,
    BoardChoices,
    ChangedStanding,
    CheckedLine,
    ClosedBoard,
    EventInFull,
    Gate,
    Grade,
    GradeChange,
    Grades,
    KindCount,
    Leaderboard,
    LeaderboardHistory,
    Light,
    LineEvent,
    LineEvents,
    LineMeasure,
    LoggedEvent,
    LoggedEvents,
    Me,
    Missing,
    Moment,
    NextTier,
    Organisation,
    OutOfReach,
    Overtaker,
    Pace,
    Person,
    QuarterlyCheck,
    QuarterlyChecks,
    QuarterOfChanges,
    Raised,
    Scheme,
    SchemeChanges,
    SchemeDifferences,
    SchemeFinding,
    SchemeVersion,
    Scorecard,
    ScoreLine,
    Seal,
    SeasonOf,
    Setup,
    SetupStep,
    SetupWhat,
    Standing,
    Tier,
    Told,
    Trace,
    TreePart,
    Unit,
    UnitIndicator,
    UnitLine,
    UnitStanding,
    Way,
    Who,
    Words,
    WorkDay,
    Worklog,
)
from projections.answers.awards import Awards
from projections.answers.fairness import By, Fairness, FairnessSide
from projections.answers.points import Points
from projections.answers.reviews import Inbox
from tests.dashboard.awarded import points_of, won_by

TODAY = date(2026, 9, 15)


def example() -> rules.Scheme:
    """A scheme with every shape, as an answer tells it in words."""
    file = Path(str(domain.__file__)).parent / "schemes/examples/points.toml"
    scheme = rules.read_scheme(file.read_text(encoding="utf-8"))
    assert isinstance(scheme, rules.Scheme)
    return scheme


CNY, TIMES, POINTS = Words(en="CNY", zh="元"), Words(en="visits", zh="次"), Words(en="points", zh="分")
UNITS = [
    Unit(org="head", parent=None, level="head-office", name="总行", depth=0),
    Unit(org="east", parent="head", level="outlet", name="城东支行", depth=1),
    Unit(org="south", parent="head", level="outlet", name="城南支行", depth=1),
]
TIERS = [
    Tier(tier="excellent", name=Words(en="Excellent", zh="优秀"), floor=Decimal(90), coefficient=Decimal("1.2")),
    Tier(tier="good", name=Words(en="Good", zh="良好"), floor=Decimal(80), coefficient=Decimal("1.1")),
    Tier(tier="qualified", name=Words(en="Qualified", zh="合格"), floor=Decimal(60), coefficient=Decimal(1)),
    Tier(
        tier="basically",
        name=Words(en="Basically qualified", zh="基本合格"),
        floor=Decimal(50),
        coefficient=Decimal("0.8"),
    ),
    Tier(tier="unqualified", name=Words(en="Unqualified", zh="不合格"), floor=Decimal(0), coefficient=Decimal("0.5")),
]
TIER_NAMES = {tier.tier: tier.name for tier in TIERS}
STANDINGS = [
    (1, False, "rm001", "王思远", "east", "excellent", "94.35"),
    (2, True, "rm002", "李婉清", "south", "excellent", "91.2"),
    (2, True, "rm003", "张子涵", "east", "excellent", "91.2"),
    (4, False, "rm004", "刘一鸣", "south", "good", "84.75"),
    (5, False, "rm005", "陈雨桐", "east", "qualified", "71.5"),
]
MOVED = {"rm001": 0, "rm002": 2, "rm003": -1, "rm004": 1, "rm005": -1}
"""Places up since a week ago; whoever else stands on a board is new."""
KINDS = [
    ActionKind(
        kind="visit",
        name=Words(en="Visit", zh="走访"),
        unit=TIMES,
        counted="quantity",
        self_reported=True,
        counts_at_once=False,
        daily_limit=Decimal(6),
        points=Decimal(2),
        clause="5",
    ),
    ActionKind(
        kind="fund",
        name=Words(en="Wealth product sold", zh="理财销售"),
        unit=CNY,
        counted="amount",
        self_reported=True,
        counts_at_once=False,
        daily_limit=None,
        points=Decimal("0.001"),
        clause="6.2",
    ),
    ActionKind(
        kind="deposit",
        name=Words(en="Deposit", zh="存款"),
        unit=CNY,
        counted="amount",
        self_reported=False,
        counts_at_once=True,
        daily_limit=None,
        points=Decimal(0),
        clause="6.1",
    ),
]
VERSION = SchemeVersion(
    scheme="anshun-personal-rm",
    effective=date(2026, 1, 1),
    name=Words(en="Personal RMs", zh="个人客户经理"),
    position=3,
    digest="d",
    positions=["*"],
    state="in-force",
    by="finance",
)
EXAMPLE = example()
MENDED = "leave `points` out: people are ranked by points of the game, and never by deposits"
FIRST = SchemeDifferences(old=None, new=VERSION, same_text=False, changes=[])


def me(role: str = "rm", **changes: Any) -> Me:
    """The RM 陈雨桐, or the supervisor of the whole bank."""
    own = role == "rm"
    told: dict[str, Any] = {
        "subject": "rm005" if own else "boss",
        "name": "陈雨桐" if own else "赵主任",
        "role": role,
        "scope": "east" if own else "head",
        "scope_name": next(unit.name for unit in UNITS if unit.org == ("east" if own else "head")),
        "rm": "rm005" if own else None,
        "operations": operations_of(as_role(role), None),
        "quarters": ["2026Q2", "2026Q3"],
        "quarter": "2026Q3",
        "timezone": "Asia/Shanghai",
        "today": TODAY,
        "kinds": KINDS if own else [],
        "units_at": 3,
        "people": 6,
        "pending": 2,
        "rejected": [],
    }
    return Me(**{**told, **changes})


def moment(past: bool = False) -> Moment:
    return Moment(position=12345, today=TODAY, past=past)


def standing(row: tuple[int, bool, str, str, str, str, str], seen: bool = True) -> Standing:
    """One row of the board, with or without its value."""
    rank, tied, rm, name, org, tier, value = row
    org_name = next(unit.name for unit in UNITS if unit.org == org)
    return Standing(
        rank=rank,
        tied=tied,
        rm=rm,
        name=name,
        org=org,
        org_name=org_name,
        tier=tier,
        tier_name=TIER_NAMES[tier],
        value=Decimal(value) if seen else None,
        movement=MOVED.get(rm),
        is_new=rm not in MOVED,
    )


def boards() -> list[Board]:
    rule = Words(en="Deposit measures are never ranked between people.", zh="存款指标不得在员工之间排名。")
    return [
        Board(by="score", name=Words(en="Score", zh="得分"), unit=POINTS, refusal=None),
        Board(by="visits", name=Words(en="Visits", zh="走访次数"), unit=TIMES, refusal=None, looks_at="measured"),
        Board(by="savings", name=Words(en="Daily-average savings", zh="储蓄日均"), unit=CNY, refusal=rule),
    ]


def line(indicator: str, name: Words, **changes: Any) -> ScoreLine:
    """A scored quantitative line; what a test is about is changed by name."""
    told: dict[str, Any] = {
        "indicator": indicator,
        "name": name,
        "clause": "8.2",
        "clause_text": Words(en="Completion of the contract.", zh="绩效合约完成情况。"),
        "indicator_class": "efficiency",
        "nature": "quantitative",
        "unit": CNY,
        "weight": Decimal(20),
        "share": Decimal(25),
        "scored": True,
        "reason": None,
        "measured": Decimal(1500000),
        "base": None,
        "target": Decimal(2000000),
        "cap": Decimal("1.2"),
        "flows": False,
        "previous_target": None,
        "amendment_reason": None,
        "completion": Decimal("0.75"),
        "points": Decimal("18.75"),
        "sentence": Words(en="75 % of the target earns 75 % of 25 points.", zh="完成 75%，得 25 分的 75%。"),
        "events": 3,
    }
    return ScoreLine(**{**told, **changes})


LINES = [
    line("savings", Words(en="Daily-average savings", zh="储蓄日均增量"), previous_target=Decimal(1800000)),
    line(
        "visits",
        Words(en="Customer visits", zh="客户走访"),
        unit=TIMES,
        flows=True,
        measured=Decimal(66),
        target=Decimal(60),
        completion=Decimal("1.1"),
        points=Decimal("27.5"),
        sentence=Words(en="110 % of the target earns 110 % of 25 points.", zh="完成 110%，得 25 分的 110%。"),
    ),
    line(
        "compliance",
        Words(en="Compliance", zh="合规操作"),
        indicator_class="compliance",
        unit=Words(en="breaches", zh="次"),
        measured=Decimal(0),
        target=None,
        completion=None,
        points=Decimal("25.25"),
        share=Decimal("31.25"),
        events=0,
        sentence=Words(en="Starts at 31.25 points; 6 taken off.", zh="基础 31.25 分，扣 6 分。"),
    ),
    line(
        "satisfaction",
        Words(en="Customer satisfaction", zh="客户满意度"),
        nature="qualitative",
        indicator_class="social-responsibility",
        scored=False,
        reason="not-rated",
        measured=None,
        target=Decimal(100),
        completion=None,
        points=None,
        share=Decimal(0),
        events=0,
        sentence=Words(en="", zh=""),
    ),
]


def grade(**changes: Any) -> Grade:
    told: dict[str, Any] = {
        "rm": "rm005",
        "name": "陈雨桐",
        "org": "east",
        "org_name": "城东支行",
        "scheme": "anshun-personal-rm",
        "effective": date(2026, 1, 1),
        "status": "graded",
        "score": Decimal("71.5"),
        "tier": "qualified",
        "tier_name": TIER_NAMES["qualified"],
        "coefficient": Decimal(1),
        "flags": ["no-certificate"],
    }
    return Grade(**{**told, **changes})


NEXT = NextTier(
    tier="good",
    name=TIER_NAMES["good"],
    points=Decimal("8.5"),
    asks=[Ask(what=Words(en="80 points", zh="总分 80"), is_met=False)],
    barred_by=[],
    ways=[
        Way(
            figure="savings",
            name=Words(en="Daily-average savings", zh="储蓄日均"),
            lines=["savings"],
            now=Decimal(1500000),
            to=Decimal(2180000),
            more=Decimal(680000),
            step=Decimal("0.01"),
            unit=Words(en="CNY", zh="元"),
            sentence=Words(en="Daily-average savings: 680,000 CNY more.", zh="储蓄日均：再增加 680,000 元。"),
        )
    ],
    pace=Pace(
        days=4,
        left=9,
        longest=260,
        raised=[
            Raised(
                figure="visits",
                name=Words(en="Customer visits", zh="客户走访"),
                more=Decimal(5),
                to=Decimal(71),
                unit=TIMES,
            )
        ],
        sentence=Words(en="4 more working days would be enough.", zh="再做 4 个工作日即可。"),
    ),
    out_of_reach=[
        OutOfReach(
            indicator="compliance",
            reason="undone",
            gain=Decimal(0),
            sentence=Words(en="Compliance: can't be undone.", zh="合规操作：无法抵消。"),
        )
    ],
)


def card(**changes: Any) -> Scorecard:
    told: dict[str, Any] = {
        "moment": moment(),
        "quarter": "2026Q3",
        "timezone": "Asia/Shanghai",
        "grade": grade(),
        "position": "marketing",
        "working_days": 61,
        "working_days_passed": 54,
        "working_days_in_quarter": 65,
        "points": Decimal(184),
        "lines": LINES,
        "gates": [
            Gate(
                gate="breach",
                name=Words(en="A breach", zh="违规一票否决"),
                clause="9",
                fired=False,
                cap_tier=None,
                coefficient=None,
            ),
            Gate(
                gate="complaints",
                name=Words(en="More than three complaints", zh="投诉三次以上"),
                clause="9.2",
                fired=True,
                cap_tier="qualified",
                coefficient=None,
            ),
        ],
        "minimum_working_days": 62,
        "minimum_clause": "8.1",
        "tiers": TIERS,
        "told": [
            Told(
                about="tier", sentence=Words(en="71.5 points reach the floor of 60.", zh="总分 71.5，达到起点 60 分。")
            )
        ],
        "next_tier": NEXT,
    }
    return Scorecard(**{**told, **changes})


def not_graded(status: str = "no-contract") -> Scorecard:
    ungraded = grade(status=status, score=None, tier=None, tier_name=None, coefficient=None, flags=[])
    return card(grade=ungraded, lines=[], gates=[], next_tier=None)


def action(number: int, **changes: Any) -> Action:
    told: dict[str, Any] = {
        "action_id": f"log:a{number}",
        "rm": "rm005",
        "name": "陈雨桐",
        "kind": "visit",
        "kind_name": Words(en="Visit", zh="走访"),
        "occurred_on": date(2026, 9, 14),
        "quantity": Decimal(2),
        "amount": Decimal(0),
        "customer": "C-77",
        "note": "回访 [新客户]",
        "reverses": None,
        "state": "recorded",
        "self_reported": True,
        "recorded_at": datetime(2026, 9, 14, 9, 30, tzinfo=UTC),
        "recorded_by": "rm005",
        "decided_at": None,
        "decided_by": None,
        "reason": None,
        "position": 12300 + number,
        "version": 1,
    }
    return Action(**{**told, **changes})


def check(rm: str, name: str, light: Light, pace: str, missing: list[Missing], waiting: int = 0) -> QuarterlyCheck:
    line = CheckedLine(
        indicator="visits", name=Words(en="Visits", zh="走访量"), unit=TIMES, rule="sum", flows=True,
        weight=Decimal(10), measured=Decimal(9), target=Decimal(22), expected=Decimal(18), forecast=Decimal(11),
        pace=Decimal(pace), light=light,
    )  # fmt: skip
    return QuarterlyCheck(
        rm=rm, name=name, org="east", org_name="城东支行", position="personal", status="graded", score=Decimal(71),
        tier="qualified", tier_name=TIER_NAMES["qualified"], light=light, pace=Decimal(pace), working_days=66,
        working_days_passed=54, left_on=None, waiting=waiting, silent_days=4,
        oldest_waiting=datetime(2026, 9, 15, 1, tzinfo=UTC) if waiting else None, missing=missing, lines=[line],
    )  # fmt: skip


CHECKS = [
    check("rm005", "陈雨桐", "red", "0.5", ["waiting", "silent"], 2),
    check("rm001", "王思远", "green", "1", []),
]


def unit_line(indicator: str, measured: int, expected: int, light: Light, people: int = 3) -> UnitLine:
    """A unit's progress in an indicator whose target is twice what is due."""
    pace = (Decimal(measured) / expected).quantize(Decimal("0.000001"))
    return UnitLine(
        scheme="anshun-personal-rm", effective=date(2026, 1, 1), indicator=indicator, people=people, weight=Decimal(30),
        measured=Decimal(measured), target=Decimal(2 * expected), expected=Decimal(expected),
        gap=Decimal(measured - expected), pace=pace, light=light,
    )  # fmt: skip


def unit_standing(org: str, light: Light, *lines: UnitLine, **changes: Any) -> UnitStanding:
    """How a unit of three stands, one of each light but `none`; `changes` for what is otherwise."""
    unit = next(unit for unit in UNITS if unit.org == org)
    told: dict[str, Any] = {
        "org": org, "parent": unit.parent, "level": unit.level, "name": unit.name, "units": 0, "people": 3,
        "own_people": 3, "graded": 2, "score": Decimal("72.333333"), "not_graded": {"no-contract": 1},
        "tiers": {"excellent": 1, "good": 0, "qualified": 1, "basically": 0, "unqualified": 0},
        "lights": {"red": 1, "amber": 1, "none": 0, "green": 1}, "light": light, "pace": Decimal("0.78"),
        "lines": list(lines),
    }  # fmt: skip
    return UnitStanding(**{**told, **changes})


SOUTH = unit_standing(
    "south", "red", unit_line("visits", 22, 40, "red"), unit_line("savings", 900000, 1000000, "amber")
)
EAST = unit_standing(
    "east", "green", unit_line("visits", 44, 40, "green"), unit_line("savings", 1000000, 1000000, "green")
)
HEAD = unit_standing(
    "head", "amber", unit_line("visits", 66, 80, "amber", 6), unit_line("savings", 1900000, 2000000, "green", 6),
    units=2, people=6, own_people=0, lights={"red": 2, "amber": 2, "none": 0, "green": 2},
)  # fmt: skip
MEASURED = [("visits", Words(en="Customer visits", zh="客户走访"), TIMES),
            ("savings", Words(en="Daily-average savings", zh="储蓄日均增量"), CNY)]  # fmt: skip


@dataclass
class SmallBank:
    """Answers as the client would; `sent` keeps the commands, `trouble` makes a method refuse, `refused` the
    decision on an entry."""

    person: Me = field(default_factory=me)
    scorecards: dict[str, Scorecard] = field(default_factory=lambda: {"rm005": card()})
    entries: list[Action] = field(default_factory=lambda: [action(2), action(1, state="counted", decided_by="boss")])
    sent: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    trouble: dict[str, ApiProblem] = field(default_factory=dict)
    refused: dict[str, tuple[int, str]] = field(default_factory=dict)
    measures: list[LineMeasure] = field(default_factory=list)
    versions: list[SchemeVersion] = field(default_factory=lambda: [VERSION])
    differences: SchemeDifferences = FIRST
    history: list[LoggedEvent] = field(default_factory=list)
    values_seen: bool = True
    awarded: Awards | None = None
    known: Mapping[str, Who] = field(default_factory=dict)
    """Who stands behind ids; of others only the id is known."""
    rows: list[tuple[int, bool, str, str, str, str, str]] = field(default_factory=lambda: STANDINGS)
    sides: list[FairnessSide] = field(default_factory=list)
    others: list[Board] = field(default_factory=list)
    """Boards of schemes beside the usual ones."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """What a leaderboard says otherwise than usual."""
    left_at: datetime | None = None
    played: list[SeasonOf] = field(default_factory=list)
    changes: list[ChangedStanding] = field(default_factory=list)
    """What changed on a closed board since its close."""

    def _ask(self, name: str, **told: Any) -> None:
        self.sent.append((name, told))
        if name in self.trouble:
            raise self.trouble[name]

    def me(self) -> Me:
        self._ask("me")
        return self.person

    def inbox(self, limit: int = 50) -> Inbox:
        self._ask("inbox", limit=limit)
        return Inbox(moment=moment(), items=[], total=0)

    def name_people(self, ids: Sequence[str]) -> list[Who]:
        self._ask("name_people", ids=list(ids))
        return [self.known.get(one, Who(id=one, name=None, role=None, unit=None)) for one in ids]

    def list_units(self) -> list[Unit]:
        self._ask("list_units")
        return UNITS

    def quarterly_checks(self, quarter: str, limit: int = 50, **asked: Any) -> QuarterlyChecks:
        self._ask("quarterly_checks", quarter=quarter, limit=limit, **asked)
        found = [one for one in CHECKS if asked.get("light") in (None, one.light) and asked.get("rm") in (None, one.rm)]
        return QuarterlyChecks(
            moment=moment(past=bool(asked.get("as_of"))), quarter=quarter, working_days=66, working_days_passed=54,
            rules=[], people=len(CHECKS), lights={"red": 1, "amber": 0, "none": 0, "green": 1}, total=len(found),
            checks=[
                one if asked.get("lines", True) else one.model_copy(update={"lines": []})
                for one in found
                if one.rm != asked.get("after")
            ][:limit],
            after=found[limit - 1].rm if len(found) > limit and not asked.get("after") else None,
            lacking={"waiting": 1, "no-contract": 0, "no-certificate": 0, "silent": 1},
        )  # fmt: skip

    def organisation(
        self, quarter: str, scope: str = "head", part: TreePart = "children", **asked: Any
    ) -> Organisation:
        self._ask("organisation", quarter=quarter, scope=scope, part=part, **asked)
        unit = next(one for one in (HEAD, EAST, SOUTH) if one.org == scope)
        rows = [SOUTH, EAST] if unit is HEAD else []
        return Organisation(
            moment=moment(past=bool(asked.get("as_of"))), quarter=quarter, scope=scope, part=part,
            path=[UNITS[0]] + [one for one in UNITS[1:] if one.org == scope],
            working_days=66, working_days_passed=54, rules=[],
            indicators=[UnitIndicator(scheme="anshun-personal-rm", effective=date(2026, 1, 1), indicator=indicator,
                                      scheme_name=VERSION.name, name=name, unit=unit, rule="sum")
                        for indicator, name, unit in MEASURED],
            tier_names=TIER_NAMES, unit=unit, rows=rows, total=len(rows), lagging=rows[:1],
        )  # fmt: skip

    def fairness(self, quarter: str, scope: str = "head", by: By = "score", **asked: Any) -> Fairness:
        self._ask("fairness", quarter=quarter, scope=scope, by=by, **asked)
        return Fairness(
            moment=moment(past=bool(asked.get("as_of"))), quarter=quarter, scope=scope, scope_name="总行", by=by,
            least=8, sides=self.sides,
        )  # fmt: skip

    def leaderboard(self, period: str, scope: str | None = None, by: str = "score", **rest: Any) -> Leaderboard:
        self._ask("leaderboard", period=period, scope=scope, by=by, **rest)
        if by == "savings":
            raise ApiProblem(422, "Something is not right yet", "deposit measures are never ranked", [])
        every = [*boards(), *self.others]
        if by not in [one.by for one in every] or (by == "score" and period.startswith("2026-")):
            raise ApiProblem(422, "Something is not right yet", "name a board", [])
        if any(one.by == by and one.level for one in every):
            return self._teams(period, by, rest.get("around"))
        rows = [standing(row, self.values_seen or row[2] == rest.get("around")) for row in self.rows]
        place = next((n for n, row in enumerate(rows) if row.rm == rest.get("around")), None)
        unit = next(unit for unit in UNITS if unit.org == (scope or "head"))
        return Leaderboard(
            moment=moment(past=bool(rest.get("as_of"))),
            quarter=period if "Q" in period else "2026Q3",
            period=period,
            scope=unit.org,
            scope_name=unit.name,
            by=by,
            unit=TIMES if by == "visits" else POINTS,
            tie_rule=Words(en="Equal values share a rank.", zh="同值并列名次。"),
            boards=every,
            ranked=5,
            unranked=1,
            standings=rows,
            around=[] if place is None else rows[max(0, place - 2) : place + 3],
            tiers={"excellent": 3, "good": 1, "qualified": 1, "basically": 0, "unqualified": 0},
            tier_names=TIER_NAMES,
            moved_since=date(2026, 9, 8),
        ).model_copy(update=self.told)

    def _teams(self, period: str, by: str, around: str | None) -> Leaderboard:
        """Two outlets: the one in the south before the one in the east."""
        rows = [
            Standing(rank=n, tied=False, rm=None, name=unit.name, org=unit.org, org_name=unit.name, tier=None,
                     tier_name=None, value=Decimal(value), movement=moved, people=3)
            for n, (unit, value, moved) in enumerate(((UNITS[2], "88.2", 1), (UNITS[1], "87", -1)), start=1)
        ]  # fmt: skip
        return Leaderboard(
            moment=moment(), quarter="2026Q3", period=period, scope="head", scope_name="总行", by=by, unit=POINTS,
            tie_rule=Words(en="Equal values share a rank.", zh="同值并列名次。"), boards=[*boards(), *self.others],
            ranked=2, unranked=0, standings=rows, around=rows if around in ("east", "south") else [],
            tiers={}, moved_since=date(2026, 9, 8),
        )  # fmt: skip

    def closed_leaderboard(self, period: str, **asked: Any) -> ClosedBoard:
        self._ask("closed_leaderboard", period=period, **asked)
        board = self.leaderboard(period, as_of="0900", **asked)
        return ClosedBoard(closed_at=900, board=board, now=moment(), changes=self.changes)

    def seasons(self) -> list[SeasonOf]:
        self._ask("seasons")
        return self.played

    def board_choices(self, rm: str) -> BoardChoices:
        self._ask("board_choices", rm=rm)
        return BoardChoices(rm=rm, left_at=self.left_at, alias=None, alias_shown=False)

    def leaderboard_history(self, period: str, by: str = "score", **rest: Any) -> LeaderboardHistory:
        self._ask("leaderboard_history", period=period, by=by, **rest)
        rows = [standing(row, self.values_seen or row[2] == rest.get("around")) for row in self.rows]
        return LeaderboardHistory(
            moment=moment(past=bool(rest.get("as_of"))),
            quarter=period,
            scope="head",
            by=by,
            unit=POINTS,
            days=[date(2026, 9, 6), date(2026, 9, 13), TODAY],
            ranked_within="scope",
            traces=[
                Trace(rm=one.rm, name=one.name, values=[None, one.value, one.value], ranks=[None, 6 - n, one.rank])
                for n, one in enumerate(rows, start=1)
            ],
            overtakers=6 if rest.get("around") else 0,
            overtaken_by=[Overtaker(rm="rm004", name="刘一鸣", rank=4, rank_before=5)] if rest.get("around") else [],
        )

    def grades(self, quarter: str, **rest: Any) -> Grades:
        self._ask("grades", quarter=quarter, **rest)
        waiting = not_graded().grade.model_copy(update={"name": "周未签"})
        found = [waiting] if rest.get("status") == "ungraded" else [grade(), waiting]
        return Grades(quarter=quarter, moment=moment(), grades=found)

    def list_events(self, **asked: Any) -> LoggedEvents:
        self._ask("list_events", **asked)
        after = self.history[-1].position if self.history else None
        return LoggedEvents(
            moment=moment(past=bool(asked.get("as_of"))), events=self.history, after=after, before=None, sealed=7,
            digest="ab" * 32,
        )  # fmt: skip

    def read_event(self, position: int, as_of: str | None = None) -> EventInFull:
        self._ask("read_event", position=position, as_of=as_of)
        seal = Seal(
            number=3, position=1_001, recorded_at=datetime(2026, 9, 14, 16, tzinfo=UTC), first=1, last=1_000,
            count=1_000, digest="cd" * 32, chained="ab" * 32,
        )  # fmt: skip
        event = next(one for one in self.history if one.position == position)
        return EventInFull(moment=moment(), event=event, seal=seal, of_stream=2)

    def setup(self) -> Setup:
        self._ask("setup")
        counts = {"orgs": 3, "rms": 0, "scheme": 1}
        steps = [SetupStep(what=what, needed=what not in ("customers", "measures"), count=counts.get(what, 0))
                 for what in get_args(SetupWhat)]  # fmt: skip
        return Setup(moment=moment(), steps=steps)

    def template(self, what: SetupWhat, format: str = "csv") -> bytes:
        self._ask("template", what=what, format=format)
        return b""

    def list_schemes(self, **rest: Any) -> list[SchemeVersion]:
        self._ask("list_schemes", **rest)
        return self.versions

    def read_scheme(self, scheme: str, effective: date, **rest: Any) -> Scheme:
        self._ask("read_scheme", scheme=scheme, effective=effective, **rest)
        version = next(one for one in self.versions if (one.scheme, one.effective) == (scheme, effective))
        told = SchemeFinding(severity="warning", rule="tests", line=7, key="indicators.visits.shape", message=MENDED)
        return Scheme(
            version=version, text="", kinds=KINDS, tiers=TIERS, clauses=scheme_words.clauses(EXAMPLE),
            entries=scheme_words.entries(EXAMPLE),
            findings=[told] if version.state == "proposed" else [],
        )  # fmt: skip

    def scheme_differences(self, scheme: str, effective: date, **rest: Any) -> SchemeDifferences:
        self._ask("scheme_differences", scheme=scheme, effective=effective, **rest)
        return self.differences

    def scheme_changes(self, scheme: str, effective: date, **rest: Any) -> SchemeChanges:
        self._ask("scheme_changes", scheme=scheme, effective=effective, **rest)
        better = grade(score=Decimal("81.5"), tier="good", tier_name=TIER_NAMES["good"], coefficient=Decimal("1.1"))
        return SchemeChanges(
            scheme=scheme, effective=effective, digest="d", by="finance", moment=moment(),
            quarters=[QuarterOfChanges(quarter="2026Q3", graded=6, changed=1, rescored=2)],
            changes=[GradeChange(quarter="2026Q3", changed="grade", before=grade(), after=better)],
        )  # fmt: skip

    def approve_scheme(self, scheme: str, effective: date, digest: str) -> SchemeReceipt:
        return self._scheme_decided("approve_scheme", scheme, effective, digest)

    def withdraw_scheme(self, scheme: str, effective: date, digest: str) -> SchemeReceipt:
        return self._scheme_decided("withdraw_scheme", scheme, effective, digest)

    def _scheme_decided(self, name: str, scheme: str, effective: date, digest: str) -> SchemeReceipt:
        self._ask(name, scheme=scheme, effective=effective, digest=digest)
        self.versions = [one for one in self.versions if one.digest != digest]
        return SchemeReceipt(position=9, outcome="accepted", scheme=scheme, effective=effective, digest=digest)

    def scorecard(self, rm: str, quarter: str, **rest: Any) -> Scorecard:
        self._ask("scorecard", rm=rm, quarter=quarter, **rest)
        return self.scorecards.get(rm) or card(grade=grade(rm=rm, name=f"{rm}"))

    def awards(self, rm: str, **rest: Any) -> Awards:
        self._ask("awards", rm=rm, **rest)
        return self.awarded or won_by(rm)

    def points(self, rm: str, quarter: str, **rest: Any) -> Points:
        self._ask("points", rm=rm, quarter=quarter, **rest)
        return points_of(rm, quarter, rest.get("after"))

    def line_events(self, rm: str, quarter: str, indicator: str, **rest: Any) -> LineEvents:
        self._ask("line_events", rm=rm, quarter=quarter, indicator=indicator, **rest)
        return LineEvents(
            moment=moment(),
            rm=rm,
            quarter=quarter,
            indicator=indicator,
            events=[] if self.measures else [entry(n) for n in (9, 5, 2)],
            measures=self.measures,
            total=3,
            after=None,
        )

    def list_rms(self, scope: str | None = None, search: str | None = None, limit: int | None = None) -> list[Person]:
        self._ask("list_rms", scope=scope, search=search, limit=limit)
        rows = [standing(row) for row in STANDINGS]
        people = [
            Person(rm=one.rm, name=one.name, org=one.org, org_name=one.org_name, position="marketing", left_on=None)
            for one in rows
        ]
        return [one for one in people if (search or "") in f"{one.name} {one.rm} {one.org_name}"][:limit]

    def list_actions(
        self, state: str | None = None, rm: str | None = None, after: str | None = None, limit: int = 50, **rest: Any
    ) -> Actions:
        self._ask("list_actions", state=state, rm=rm, after=after, limit=limit, **rest)
        kind, last = rest.get("kind"), rest.get("to_day")
        found = [
            one
            for one in self.entries
            if state in (None, one.state)
            and rm in (None, one.rm)
            and kind in (None, one.kind)
            and (last is None or one.recorded_at.date() <= last)
        ]
        left = [one for one in found if after is None or one.position < int(after)]
        more = str(left[limit - 1].position) if len(left) > limit else None
        oldest = min((one.recorded_at for one in found), default=None)
        return Actions(moment=moment(), actions=left[:limit], total=len(found), after=more, oldest=oldest)

    def worklog(
        self, rm: str, from_day: date, to_day: date, source: str | None = None, state: str | None = None,
        after: int | None = None, limit: int = 100, as_of: str | None = None,
    ) -> Worklog:  # fmt: skip
        self._ask("worklog", rm=rm, from_day=from_day, to_day=to_day, source=source, state=state, limit=limit)
        found = [one for one in self.entries if one.rm == rm and from_day <= one.occurred_on <= to_day]
        kept = [one for one in found if state in (None, one.state) and source in (None, origin(one))]
        page = sorted(kept, key=lambda one: (one.occurred_on, one.position), reverse=True)
        return Worklog(
            moment=moment(),
            rm=rm,
            name="陈雨桐",
            from_day=from_day,
            to_day=to_day,
            days=[work_day(from_day + timedelta(days=n), found) for n in range((to_day - from_day).days + 1)],
            kinds=[kind for kind in KINDS if kind.kind in {one.kind for one in found}],
            sources=dict(Counter(map(origin, found))),
            actions=page[:limit],
            total=len(page),
            after=page[limit - 1].position if len(page) > limit else None,
        )

    def catch_up(self) -> None:
        self._ask("catch_up")

    def record_action(self, **told: Any) -> Receipt:
        self._ask("record_action", **told)
        return Receipt(action_id="log:a9", position=12346, outcome="accepted")

    def correct_action(self, action_id: str, **told: Any) -> Receipt:
        return self._decide("correct_action", action_id, "voided", **told)

    def decide_actions(self, actions: Sequence[str], decision: Verdict, reason: str | None = None) -> BatchReceipt:
        self._ask("decide_actions", actions=list(actions), decision=decision, reason=reason)
        results = [self._decided(number, one, decision) for number, one in enumerate(actions, start=1)]
        taken = [one.outcome for one in results].count("accepted")
        rejected = len(results) - taken
        return BatchReceipt(accepted=taken, duplicates=0, rejected=rejected, position=12347, results=results)

    def _decided(self, number: int, action_id: str, decision: Verdict) -> LineReceipt:
        late = {one.action_id: (409, "this action was decided") for one in self.entries if one.state != "recorded"}
        if fault := (late | self.refused).get(action_id):
            errors = [FieldFault(pointer="", detail=fault[1])]
            return LineReceipt(line=number, status=fault[0], outcome="rejected", errors=errors)
        self._become(action_id, "counted" if decision == "verify" else "rejected")
        return LineReceipt(line=number, status=200, outcome="accepted", action_id=action_id, position=12347)

    def void_action(self, action_id: str, reason: str) -> Receipt:
        return self._decide("void_action", action_id, "voided", reason=reason)

    def _decide(self, name: str, action_id: str, state: str, **told: Any) -> Receipt:
        self._ask(name, action_id=action_id, **told)
        self._become(action_id, state)
        return Receipt(action_id=action_id, position=12347, outcome="accepted")

    def _become(self, action_id: str, state: str) -> None:
        self.entries = [
            one.model_copy(update={"state": state}) if one.action_id == action_id else one for one in self.entries
        ]


def origin(entry: Action) -> str:
    return entry.action_id.split(":")[0]


def work_day(day: date, entries: list[Action]) -> WorkDay:
    counts = [
        KindCount(kind=one.kind, state=one.state, actions=1, quantity=one.quantity, amount=one.amount)
        for one in entries
        if one.occurred_on == day
    ]
    return WorkDay(day=day, works=day.weekday() < 5, counts=counts)


def delivered(position: int, stands: bool) -> LineMeasure:
    return LineMeasure(
        position=position,
        measure_id=f"measure:dw:{position}",
        value=Decimal("1234567.5"),
        as_of=date(2026, 8, position),
        stands=stands,
        recorded_at=datetime(2026, 8, position, 9, tzinfo=UTC),
        by="cli",
        source="dw",
    )


def entry(position: int) -> LineEvent:
    return LineEvent(
        position=position,
        action_id=f"crm:d{position}",
        kind="deposit",
        kind_name=Words(en="Deposit", zh="存款"),
        occurred_on=date(2026, 8, position),
        recorded_at=datetime(2026, 8, position, 9, tzinfo=UTC),
        recorded_by="crm",
        decided_at=datetime(2026, 8, position, 10, tzinfo=UTC) if position == 9 else None,
        decided_by="boss" if position == 9 else None,
        source="crm",
        customer="C-77",
        quantity=Decimal(1),
        amount=Decimal(500000),
        count=-1 if position == 5 else 1,
        value=Decimal(-500000 if position == 5 else 500000),
    )
