"""A bank of answers about reviews, longer than 300 lines because every answer is written out: seven reviews of 2026Q2,
each in another state, which the commands move on as the API would."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from api.client import ApiProblem
from api.receipts import FieldFault, Noted, ReviewLine, ReviewReceipt, ReviewsReceipt
from projections.answers import OpenSession, Words
from projections.answers.reviews import (
    STATES,
    AnchorLine,
    Delegation,
    Distribution,
    Evidence,
    Inbox,
    InboxItem,
    Inspection,
    Interview,
    KindCount,
    LateFact,
    LateFacts,
    Leniency,
    Preview,
    QuarterProgress,
    QuotaStanding,
    RatingLine,
    Relation,
    Requirement,
    ResultCard,
    ResultGate,
    ResultLine,
    Review,
    ReviewList,
    ReviewResult,
    ReviewRow,
    State,
    StateCount,
    Stated,
    Step,
    Text,
    TierCount,
    Waits,
    Whose,
)
from tests.dashboard.small_bank import CNY, POINTS, TIER_NAMES, TIMES, SmallBank, moment

QUARTER = "2026Q2"
WHEN = datetime(2026, 7, 8, 2, tzinfo=UTC)
NEXT: dict[State, tuple[Waits | None, Whose | None]] = {
    "open": ("rate", "supervisor"), "reopened": ("rate", "supervisor"), "returned": ("rate", "supervisor"),
    "rated": ("submit", "supervisor"), "submitted": ("approve", "approver"), "approved": ("answer", "rm"),
    "acknowledged": ("finalise", "hr"), "appealed": ("decide", "approver"), "decided": ("finalise", "hr"),
    "final": (None, None),
}  # fmt: skip
MINE = {"supervisor": ("rate", "submit"), "approver": ("approve", "decide"), "hr": ("finalise",), "rm": ("answer",)}
PEOPLE: list[tuple[str, str, State, int]] = [
    ("rm005", "陈雨桐", "open", -2), ("rm001", "王思远", "rated", 1), ("rm002", "李婉清", "returned", 3),
    ("rm003", "张子涵", "submitted", 2), ("rm004", "刘一鸣", "approved", 4), ("rm006", "周未签", "appealed", 7),
    ("rm007", "何静宜", "acknowledged", 9), ("rm008", "孙立诚", "final", 0),
]  # fmt: skip
"""Who, in which state, with so many working days left."""
ANCHORS = [
    AnchorLine(
        at=Decimal(95), text=Words(en="Needs are met before customers ask", zh="主动满足客户需求，客户向他人推荐")
    ),
    AnchorLine(
        at=Decimal(80), text=Words(en="Contacted as planned, needs noted in the log", zh="按计划联系，需求记入日志")
    ),
    AnchorLine(
        at=Decimal(60), text=Words(en="Files are kept; contact when customers call", zh="档案齐全，仅在客户来电时联系")
    ),
    AnchorLine(at=Decimal(0), text=Words(en="Not contacted, or files are missing", zh="不联系客户，或客户档案缺失")),
]
INDICATORS = [
    ("satisfaction", Words(en="Customer satisfaction", zh="客户满意度"), Decimal(10)),
    ("conduct", Words(en="Work as the branch found it", zh="支行检查情况"), Decimal(15)),
]
RATED = {"satisfaction": Decimal(86), "conduct": Decimal(90)}


def text(words: str, by: str = "boss") -> Text:
    return Text(text=words, digest="ab" * 32, by=by, on_behalf_of=None, at=WHEN, position=900)


def line(indicator: str, name: Words, weight: Decimal, **changes: Any) -> ResultLine:
    told: dict[str, Any] = {
        "indicator": indicator, "name": name, "unit": POINTS, "clause": "3.2", "nature": "quantitative",
        "weight": weight, "share": weight, "scored": True, "reason": None, "measured": None, "target": None,
        "base": None, "completion": None, "points": None,
    }  # fmt: skip
    return ResultLine(**{**told, **changes})


FIGURES = [
    line(
        "savings",
        Words(en="Daily-average savings", zh="储蓄日均增量"),
        Decimal(25),
        unit=CNY,
        measured=Decimal(1500000),
        target=Decimal(2000000),
        completion=Decimal("0.75"),
        points=Decimal("18.75"),
    ),
    line(
        "visits",
        Words(en="Customer visits", zh="客户走访"),
        Decimal(20),
        unit=TIMES,
        measured=Decimal(66),
        target=Decimal(60),
        completion=Decimal("1.1"),
        points=Decimal(22),
    ),
    line(
        "funds",
        Words(en="Wealth products sold to premium customers", zh="向优质客户销售的理财产品"),
        Decimal(15),
        unit=CNY,
        measured=Decimal(820000),
        target=Decimal(900000),
        completion=Decimal("0.911111"),
        points=Decimal("13.67"),
    ),
    line("cards", Words(en="Credit cards", zh="信用卡"), Decimal(5), unit=TIMES, scored=False, reason="no-target"),
    line(
        "breaches",
        Words(en="Compliance", zh="合规操作"),
        Decimal(10),
        unit=TIMES,
        measured=Decimal(1),
        points=Decimal(8),
    ),
]


@dataclass
class Case:
    """One review of the bank of answers."""

    rm: str
    name: str
    state: State
    days: int
    version: int = 3
    ratings: dict[str, Decimal] = field(default_factory=dict)
    comment: str | None = None
    late: int = 0
    reason: str | None = None
    appeal: str | None = None
    decision: str | None = None


def cases() -> dict[str, Case]:
    """The reviews as they stand at first."""
    found = {}
    for rm, name, state, days in PEOPLE:
        case = Case(rm, name, state, days)
        if state != "open":
            case.ratings, case.comment = dict(RATED), "走访扎实，理财销售需加强。"
        found[rm] = case
    found["rm002"].reason = "请补充一季度检查整改情况"
    found["rm006"].appeal = "检查中的问题已在当季整改，扣分依据不足"
    found["rm005"].late = 2
    return found


@dataclass
class ReviewBank(SmallBank):
    """Answers about reviews; `stale` makes the next rating come too late."""

    reviews: dict[str, Case] = field(default_factory=cases)
    stale: bool = False
    opened: bool = True
    delegated: list[Delegation] = field(default_factory=list)
    seen: int = 0

    # Shapes

    def result(self, case: Case, tried: Mapping[str, Decimal] | None = None) -> ReviewResult:
        """What the ratings come to: a tenth or so of each beside the figures."""
        ratings = {**case.ratings, **(tried or {})}
        lines = list(FIGURES)
        for indicator, name, weight in INDICATORS:
            value = ratings.get(indicator)
            points = None if value is None else value * weight / 100
            changes: dict[str, Any] = {"nature": "qualitative", "measured": value, "target": Decimal(100)}
            changes |= {"points": points, "completion": None if value is None else value / 100}
            changes |= {"scored": value is not None, "reason": "not-rated" if value is None else None}
            lines.append(line(indicator, name, weight, **changes))
        score = sum((one.points for one in lines if one.points is not None), Decimal(0))
        tier = "excellent" if score >= 90 else "good" if score >= 80 else "qualified"
        card = ResultCard(
            status="graded", score=score, tier=tier, tier_name=TIER_NAMES[tier], coefficient=Decimal("1.1"),
            facts_at=800, digest=f"{score}".encode().hex().ljust(64, "0"),
        )  # fmt: skip
        complaint = ResultGate(
            gate="complaints",
            name=Words(en="More than three complaints", zh="投诉三次以上"),
            clause="9.2",
            fired=case.rm == "rm002",
            cap_tier="qualified",
            coefficient=None,
        )
        return ReviewResult(card=card, rated_at=900 + case.version, lines=lines, gates=[complaint])

    def row(self, case: Case) -> ReviewRow:
        waits_for, whose = NEXT[case.state]
        result = self.result(case).card
        final = case.state == "final"
        return ReviewRow(
            rm=case.rm, name=case.name, org="east", org_name="城东支行", post="marketing", supervisor="boss",
            quarter=QUARTER, scheme="anshun-personal-rm", effective=date(2026, 1, 1), state=case.state, round=1,
            version=case.version, facts_at=800, cutoff_on=date(2026, 7, 20),
            due_on=None if final else date(2026, 7, 20), days_left=None if final else case.days,
            waits_for=waits_for, whose=whose, rated=len(case.ratings), to_rate=2, commented=case.comment is not None,
            late=case.late, result=result if STATES.index(case.state) > 3 else None, provisional=result,
            rated_by="boss" if case.ratings else None, submitted_by=None, approved_by=None, decided_by=None,
            answer=None, reopening_proposed_by=None,
        )  # fmt: skip

    def _case(self, rm: str) -> Case:
        if rm not in self.reviews or not self.opened:
            detail = "name an RM and a quarter whose review was opened"
            raise ApiProblem(404, "Nothing is known under this name", detail)
        return self.reviews[rm]

    def _steps(self, case: Case) -> list[Step]:
        """What the person may do, and why not the rest."""
        role = self.person.role
        mine: dict[str, tuple[str, tuple[State, ...]]] = {
            "rate": ("supervisor", ("open", "rated", "returned", "reopened")),
            "accept-late-facts": ("supervisor", ("open", "rated", "returned", "reopened")),
            "interview": ("supervisor", ("open", "rated", "returned", "approved")),
            "submit": ("supervisor", ("rated",)),
            "approve": ("approver", ("submitted",)),
            "return": ("approver", ("submitted",)),
            "acknowledge": ("rm", ("approved",)),
            "appeal": ("rm", ("approved",)),
            "decide": ("approver", ("appealed",)),
            "finalise": ("hr", ("acknowledged", "decided")),
            "propose-reopening": ("hr", ("final",)),
        }
        told = []
        for step, (whose, states) in mine.items():
            allowed = role == whose and case.state in states
            reason = None if allowed else "ask somebody whose role and scope cover this"
            told.append(Step(step=step, allowed=allowed, code=None if allowed else "not-allowed", reason=reason))
        return told

    # Questions

    def list_reviews(self, quarter: str, limit: int = 50, **asked: Any) -> ReviewList:
        self._ask("list_reviews", quarter=quarter, limit=limit, **asked)
        rows = [self.row(case) for case in self.reviews.values()] if self.opened and quarter == QUARTER else []
        rows = [one for one in rows if (asked.get("search") or "") in one.name]
        if asked.get("waiting"):
            rows = [one for one in rows if one.waits_for in MINE.get(self.person.role, ())]
        states = [
            StateCount(state=state, reviews=sum(one.state == state for one in rows),
                       overdue=sum(one.state == state and (one.days_left or 0) < 0 for one in rows))
            for state in STATES
        ]  # fmt: skip
        shown = [one for one in rows if asked.get("status") in (None, one.state)]
        shown.sort(key=lambda one: (one.days_left is None, one.days_left or 0))
        return ReviewList(moment=moment(), quarter=quarter, states=states, reviews=shown[:limit], after=None)

    def read_review(self, rm: str, quarter: str) -> Review:
        self._ask("read_review", rm=rm, quarter=quarter)
        case = self._case(rm)
        result = self.result(case)
        stood = STATES.index(case.state) > 3
        facts = [
            LateFact(position=810 + n, topic="ActionVerified", recorded_at=WHEN, by="boss", kind="visit",
                     kind_name=Words(en="Visit", zh="走访"), occurred_on=date(2026, 6, 28 + n), indicator=None,
                     quantity=Decimal(2), amount=Decimal(0), value=None)
            for n in range(case.late)
        ]  # fmt: skip
        asks = [Requirement(rm=rm, name=case.name, what="interview", who_can=["supervisor"], indicators=[])]
        return Review(
            moment=moment(),
            row=self.row(case),
            result=result,
            ratings=[
                RatingLine(
                    indicator=indicator,
                    name=name,
                    clause="3.2.3",
                    weight=weight,
                    best=Decimal(100),
                    clause_text=Words(en="Looks after premium customers.", zh="维护优质客户。"),
                    unrated="spread",
                    anchors=ANCHORS,
                    value=case.ratings.get(indicator),
                    by="boss" if indicator in case.ratings else None,
                    at=WHEN,
                )
                for indicator, name, weight in INDICATORS
            ],
            comment=text(case.comment) if case.comment else None,
            returned=text(case.reason, "dept") if case.reason else None,
            appeal=text(case.appeal, case.rm) if case.appeal else None,
            decision=text(case.decision, "dept") if case.decision else None,
            reopening=None,
            stated=[
                Stated(what="submitted", round=1, card=result.card, by="boss", on_behalf_of=None, at=WHEN, position=905)
            ]
            if stood
            else [],
            finals=[],
            late=LateFacts(
                facts_at=800,
                cutoff_on=date(2026, 7, 20),
                until=812 if case.late else None,
                facts=facts,
                total=case.late,
                too_late=[],
                total_too_late=0,
                at_facts=result.card,
                now=result.card,
                moves=False,
            ),
            missing=asks if case.state == "approved" else [],
            evidence=Evidence(
                kinds=[
                    KindCount(
                        kind="complaint",
                        name=Words(en="Complaint", zh="投诉"),
                        unit=TIMES,
                        entries=2,
                        quantity=Decimal(2),
                        amount=Decimal(0),
                        waiting=0,
                        in_gates=["complaints"],
                    ),
                    KindCount(
                        kind="visit",
                        name=Words(en="Visit", zh="走访"),
                        unit=TIMES,
                        entries=41,
                        quantity=Decimal(66),
                        amount=Decimal(0),
                        waiting=1,
                        in_gates=[],
                    ),
                    KindCount(
                        kind="fund",
                        name=Words(en="Wealth product sold", zh="理财销售"),
                        unit=CNY,
                        entries=9,
                        quantity=Decimal(9),
                        amount=Decimal(820000),
                        waiting=0,
                        in_gates=[],
                    ),
                ],
                inspections=[
                    Inspection(
                        inspector="检查组",
                        inspected_on=date(2026, 6, 12),
                        findings=1,
                        note=text("一份客户档案缺签名，当季已补"),
                    )
                ],
                interviews=[Interview(held_on=date(2026, 7, 6), note=text("谈了理财销售的差距"))],
                votes=[],
                voters=0,
                least_votes=3,
            ),
            steps=self._steps(case),
        )

    def preview_review(self, rm: str, quarter: str, ratings: Mapping[str, Decimal]) -> Preview:
        self._ask("preview_review", rm=rm, quarter=quarter, ratings=dict(ratings))
        return Preview(result=self.result(self._case(rm), ratings), moves=True)

    def grade_notice(self, rm: str, quarter: str, language: str) -> bytes:
        self._ask("grade_notice", rm=rm, quarter=quarter, language=language)
        return b"%PDF-"

    def inbox(self, limit: int = 50) -> Inbox:
        self._ask("inbox", limit=limit)
        rows = [self.row(case) for case in self.reviews.values()] if self.opened else []
        mine = [one for one in rows if one.waits_for in MINE.get(self.person.role, ())]
        mine = [one for one in mine if self.person.rm in (None, one.rm)]
        items = [
            InboxItem(row=one, step=one.waits_for, due_on=one.due_on, days_left=one.days_left)
            for one in mine
            if one.waits_for
        ]
        return Inbox(moment=moment(), items=items, total=len(items))

    def review_quarter(self, quarter: str, **asked: Any) -> QuarterProgress:
        self._ask("review_quarter", quarter=quarter, **asked)
        listed = self.list_reviews(quarter)
        self.sent.pop()
        number = sum(one.reviews for one in listed.states)
        return QuarterProgress(
            moment=moment(), quarter=quarter, opened_at=WHEN if number else None, opened_by="hr" if number else None,
            facts_at=800 if number else None, cutoff_on=date(2026, 7, 20) if number else None, served=8,
            reviews=number, unopened=8 - number, overdue=1 if number else 0, states=listed.states,
        )  # fmt: skip

    def review_distribution(self, quarter: str, scope: str | None = None) -> Distribution:
        self._ask("review_distribution", quarter=quarter, scope=scope)
        tiers = [TierCount(tier=tier, name=name, people=n, part=Decimal(n) / 8)
                 for (tier, name), n in zip(TIER_NAMES.items(), (3, 4, 1, 0, 0), strict=True)]  # fmt: skip
        return Distribution(
            moment=moment(), quarter=quarter, scope="east", scope_name="城东支行", people=8, provisional=2, tiers=tiers,
            ungraded=[],
            quotas=[
                QuotaStanding(
                    scheme="anshun-personal-rm", effective=date(2026, 1, 1), quota="best", clause="8.4", group=None,
                    name=Words(en="At most a fifth excellent", zh="优秀不超过两成"), group_name=None, tier="excellent",
                    tier_name=TIER_NAMES["excellent"], side="at-most", part=Decimal("0.2"), people=8, have=3, bound=1,
                    smallest=5, asks=True, met=False,
                )
            ],
            leniency=[
                Leniency(rated_by="boss", reviews=7, ratings=14, mean=Decimal("0.91"), mean_of_all=Decimal("0.8"),
                         difference=Decimal("0.11"), tiers=tiers)
            ],
        )  # fmt: skip

    # Steps

    def _moved(self, name: str, rm: str, state: State | None, version: int | None, **told: Any) -> ReviewReceipt:
        self._ask(name, rm=rm, version=version, **told)
        case = self._case(rm)
        if self.stale or (version is not None and version != case.version):
            self.stale = False
            case.version += 1
            raise ApiProblem(412, "It has moved on", "look at the review again: somebody changed it since")
        case.version += 1
        case.state = state or case.state
        self.seen += 1
        return ReviewReceipt(
            position=self.seen, outcome="accepted", rm=rm, quarter=QUARTER, state=case.state, version=case.version
        )

    def rate_review(
        self,
        rm: str,
        quarter: str,
        ratings: Mapping[str, Decimal],
        comment: str | None = None,
        version: int | None = None,
    ) -> ReviewReceipt:
        case = self._case(rm)
        receipt = self._moved("rate_review", rm, None, version, ratings=dict(ratings), comment=comment)
        case.ratings |= ratings
        case.comment = comment if comment is not None else case.comment
        if len(case.ratings) == len(INDICATORS) and case.comment and case.state == "open":
            case.state = "rated"
        return receipt.model_copy(update={"state": case.state})

    def accept_late_facts(self, rm: str, quarter: str, until: int, version: int | None = None) -> ReviewReceipt:
        self._case(rm).late = 0
        return self._moved("accept_late_facts", rm, None, version, until=until)

    def submit_review(self, rm: str, quarter: str, version: int | None = None) -> ReviewReceipt:
        return self._moved("submit_review", rm, "submitted", version)

    def approve_review(self, rm: str, quarter: str, version: int | None = None) -> ReviewReceipt:
        return self._moved("approve_review", rm, "approved", version)

    def return_review(self, rm: str, quarter: str, reason: str, version: int | None = None) -> ReviewReceipt:
        self._case(rm).reason = reason
        return self._moved("return_review", rm, "returned", version, reason=reason)

    def record_interview(
        self, rm: str, quarter: str, held_on: date, note: str, version: int | None = None
    ) -> ReviewReceipt:
        return self._moved("record_interview", rm, None, version, held_on=held_on, note=note)

    def acknowledge_review(self, rm: str, quarter: str, version: int | None = None) -> ReviewReceipt:
        return self._moved("acknowledge_review", rm, "acknowledged", version)

    def appeal_review(self, rm: str, quarter: str, reason: str, version: int | None = None) -> ReviewReceipt:
        self._case(rm).appeal = reason
        return self._moved("appeal_review", rm, "appealed", version, reason=reason)

    def decide_appeal(
        self,
        rm: str,
        quarter: str,
        outcome: str,
        reason: str,
        ratings: Mapping[str, Decimal] | None = None,
        version: int | None = None,
    ) -> ReviewReceipt:
        case = self._case(rm)
        case.ratings |= ratings or {}
        case.decision = reason
        return self._moved("decide_appeal", rm, "decided", version, outcome=outcome, ratings=dict(ratings or {}))

    def finalise_review(self, rm: str, quarter: str, version: int | None = None) -> ReviewReceipt:
        return self._moved("finalise_review", rm, "final", version)

    def propose_reopening(self, rm: str, quarter: str, reason: str, version: int | None = None) -> ReviewReceipt:
        return self._moved("propose_reopening", rm, None, version, reason=reason)

    def refuse_reopening(self, rm: str, quarter: str, version: int | None = None) -> ReviewReceipt:
        return self._moved("refuse_reopening", rm, None, version)

    def _many(self, name: str, state: State, versions: Mapping[str, int]) -> ReviewsReceipt:
        """All of them but those whom `refused` names."""
        self._ask(name, versions=dict(versions))
        results = []
        for rm in versions:
            if rm in self.refused:
                status, detail = self.refused[rm]
                fault = FieldFault(pointer="", detail=detail)
                results.append(ReviewLine(rm=rm, status=status, outcome="rejected", errors=[fault]))
                continue
            self.reviews[rm].state = state
            self.reviews[rm].version += 1
            results.append(ReviewLine(rm=rm, status=200, outcome="accepted", position=1))
        done = sum(one.outcome == "accepted" for one in results)
        self.seen += 1
        return ReviewsReceipt(
            accepted=done, duplicates=0, rejected=len(results) - done, position=self.seen, results=results
        )

    def submit_reviews(self, quarter: str, versions: Mapping[str, int]) -> ReviewsReceipt:
        return self._many("submit_reviews", "submitted", versions)

    def approve_reviews(self, quarter: str, versions: Mapping[str, int]) -> ReviewsReceipt:
        return self._many("approve_reviews", "approved", versions)

    def finalise_reviews(self, quarter: str, versions: Mapping[str, int]) -> ReviewsReceipt:
        return self._many("finalise_reviews", "final", versions)

    def open_review_quarter(self, quarter: str, cutoff_on: date, limit: int) -> ReviewsReceipt:
        self._ask("open_review_quarter", quarter=quarter, cutoff_on=cutoff_on, limit=limit)
        self.opened = sum(name == "open_review_quarter" for name, _ in self.sent) == 2  # half of them each time
        return ReviewsReceipt(accepted=4, duplicates=0, rejected=0, position=5, remaining=0 if self.opened else 4)

    # People

    def own_sessions(self) -> list[OpenSession]:
        self._ask("own_sessions")
        return []

    def list_delegations(self) -> list[Delegation]:
        self._ask("list_delegations")
        return self.delegated

    def delegate_duties(self, delegate: str, from_day: date, to_day: date) -> Noted:
        self._ask("delegate_duties", delegate=delegate, from_day=from_day, to_day=to_day)
        self.delegated.append(
            Delegation(person=self.person.subject, delegate=delegate, from_day=from_day, to_day=to_day)
        )
        return Noted(position=7, outcome="accepted")

    def end_delegation(self, delegate: str) -> Noted:
        self._ask("end_delegation", delegate=delegate)
        self.delegated = [one for one in self.delegated if one.delegate != delegate]
        return Noted(position=8, outcome="accepted")

    def list_relations(self) -> list[Relation]:
        self._ask("list_relations")
        return [Relation(person=self.person.subject, relative="rm004")]

    def declare_relation(self, relative: str, person: str | None = None) -> Noted:
        self._ask("declare_relation", relative=relative)
        return Noted(position=9, outcome="accepted")
