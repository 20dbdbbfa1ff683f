"""A review of one RM under a shipped scheme, scored by the models, as the notice is made from it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import domain
from domain.result import Result
from domain.scheme import Scheme, read_scheme
from domain.shapes import Line
from projections.answers import Moment, Words
from projections.answers.reviews import (
    Evidence,
    FinalGrade,
    LateFacts,
    ResultCard,
    ResultGate,
    ResultLine,
    Review,
    ReviewResult,
    ReviewRow,
    State,
    Stated,
    Text,
)
from projections.trial import TrialLine, score
from projections.tried import Figure, Tried

QUARTER, FACTS_AT = "2026Q4", 8_412
AT = datetime(2027, 1, 18, 6, 3, tzinfo=UTC)
MEASURED = {
    "breach": 1, "conduct": 1, "logs_agree": 2, "paperwork": 1, "new_customers": 46, "care": 88, "savings": 1_812_400,
    "wealth": 3_420_000, "premium": 61_500, "cards": 74, "active_cards": 55, "ebanking_customers": 63,
    "cross_selling": 31, "disbursements": 900_000, "corporate_accounts": 2, "visits": 82, "calls": 870, "complaints": 1,
    "good_cases": 2, "reports": 15, "plans_made": 6, "plans_due": 7, "satisfaction": 92, "training_sessions": 2,
    "inspection": 90,
}  # fmt: skip
TARGETS = {
    "new_customers": 40, "savings": 1_500_000, "wealth": 3_000_000, "cards": 60, "active_cards": 60,
    "ebanking_customers": 60, "cross_selling": 30, "disbursements": 1_000_000, "calls": 900,
}  # fmt: skip


def shipped() -> Scheme:
    path = Path(domain.__file__).parent / "schemes/anshun-personal-rm/2026-10-01.toml"
    scheme = read_scheme(path.read_text(encoding="utf-8"))
    assert isinstance(scheme, Scheme)
    return scheme


def reviewed(
    state: State = "approved", name: str = "Yue Lin", comment: str = "Steady care of the customers.",
    scheme: Scheme | None = None,
) -> Review:  # fmt: skip
    """The review in a state, approved on 18 January 2027."""
    scheme = scheme or shipped()
    figures = {
        one: Figure(Decimal(value), Decimal(TARGETS[one]) if one in TARGETS else None)
        for one, value in MEASURED.items()
    }  # fmt: skip
    [trial] = score(scheme, {"rm017": Tried(certified=True, figures=figures)})
    tier = next((one for one in scheme.tiers if one.id == trial.tier), None)
    result = Result(
        "rm017", "riverside", "personal-rm", scheme.scheme, scheme.effective, trial.status, trial.score, trial.tier,
        trial.coefficient, trial.model_dump_json(include={"lines", "gates"}), FACTS_AT, 8_500,
    )  # fmt: skip
    card = ResultCard(
        status=trial.status, score=trial.score, tier=trial.tier,
        tier_name=Words(en=tier.en, zh=tier.zh) if tier else None, coefficient=trial.coefficient, facts_at=FACTS_AT,
        digest=result.digest,
    )  # fmt: skip
    full = ReviewResult(
        card=card, rated_at=8_500, lines=[line_of(scheme, one) for one in trial.lines],
        gates=[
            ResultGate(
                gate=one.id, name=Words(en=one.en, zh=one.zh), clause=one.clause, fired=one.id in trial.gates,
                cap_tier=one.cap_tier, coefficient=one.coefficient,
            )
            for one in scheme.gates
        ],
    )  # fmt: skip
    is_final = state == "final"
    stated = [stood("final", card, "hr-4", 9_020)] if is_final else []
    stated += [stood("approved", card, "dept-2", 8_700), stood("submitted", card, "head-1", 8_600)]
    final = FinalGrade(
        rm="rm017", quarter=QUARTER, round=1, position=9_020, at=AT, by="hr-4", on_behalf_of=None, org="riverside",
        post="personal-rm", scheme=scheme.scheme, effective=scheme.effective, result=full, rated_by="head-1",
        approved_by="dept-2", decided_by=None, answer="acknowledged",
    )  # fmt: skip
    said = Text(text=comment, digest="0" * 64, by="head-1", on_behalf_of=None, at=AT, position=8_590)
    row = ReviewRow(
        rm="rm017", name=name, org="riverside", org_name="Riverside outlet", post="personal-rm", supervisor="head-1",
        quarter=QUARTER, scheme=scheme.scheme, effective=scheme.effective, state=state, round=1, version=9,
        facts_at=FACTS_AT, cutoff_on=date(2027, 1, 31), due_on=None if is_final else date(2027, 1, 25), days_left=5,
        waits_for=None if is_final else "answer", whose=None if is_final else "rm", rated=2, to_rate=2, commented=True,
        late=0, result=card, provisional=card, rated_by="head-1", submitted_by="head-1", approved_by="dept-2",
        decided_by=None, answer="acknowledged" if state in ("acknowledged", "final") else None,
        reopening_proposed_by=None,
    )  # fmt: skip
    late = LateFacts(
        facts_at=FACTS_AT, cutoff_on=date(2027, 1, 31), until=None, facts=[], total=0, too_late=[], total_too_late=0,
        at_facts=card, now=card, moves=False,
    )  # fmt: skip
    return Review(
        moment=Moment(position=9_100, today=date(2027, 1, 20), past=False), row=row, result=full, ratings=[],
        comment=said, returned=None, appeal=None, decision=None, reopening=None, stated=stated,
        finals=[final] if is_final else [], late=late, missing=[], steps=[],
        evidence=Evidence(kinds=[], inspections=[], interviews=[], votes=[], voters=0, least_votes=3),
    )  # fmt: skip


def stood(what: Literal["submitted", "approved", "final"], card: ResultCard, by: str, position: int) -> Stated:
    return Stated(what=what, round=1, card=card, by=by, on_behalf_of=None, at=AT, position=position)


def line_of(scheme: Scheme, line: TrialLine) -> ResultLine:
    one = next(each for each in scheme.indicators if each.id == line.indicator)
    unit = scheme.unit_of(one)
    figures: dict[str, Any] = line.model_dump(exclude={"indicator", "reason", "share"})
    en, zh = one.shape.sentence(Line(unit_en=unit.en, unit_zh=unit.zh, share=line.share, reason=line.reason, **figures))
    return ResultLine(
        indicator=one.id, name=Words(en=one.en, zh=one.zh), unit=Words(en=unit.en, zh=unit.zh), clause=one.clause,
        nature=one.nature, weight=one.weight, share=line.share, scored=line.points is not None, reason=line.reason,
        base=None, sentence=Words(en=en, zh=zh), **figures,
    )  # fmt: skip
