"""The entries of a scheme file: kinds, indicators, gates and tiers, each field with what would be right in it.

Longer than 300 lines because the entries of the language stand together.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

from domain.calendar import Quarter
from domain.scheme_file.faults import Right, TextLike, decimal_text
from domain.shapes import AnyShape
from domain.shapes.ranks import Level, Smallest

RESERVED = {"and", "or", "not", "score", "points", "certified"}
"""Words of conditions, and what a leaderboard ranks by beside indicators: no kind or indicator may be called so."""
AMOUNT_UNIT = ("CNY", "元")

Weight = decimal_text("0.000001", "100", 6, "15")
English = Annotated[str, TextLike('the English words, like "Visit"', r"(?s)\s*\S.*")]
Chinese = Annotated[str, TextLike('the Chinese words, like "走访"', r"(?s)\s*\S.*")]
ClauseId = Annotated[str, TextLike('the clause it stands on, like "8.2"', r"\S.{0,31}")]
Name = Annotated[
    str, TextLike("an id of a-z, 0-9 and _, beginning with a letter, at most 32 long", r"[a-z][a-z0-9_]{0,31}")
]
Slug = Annotated[
    str, TextLike("an id of a-z, 0-9 and -, beginning with a letter, at most 32 long", r"[a-z][a-z0-9-]{0,31}")
]
Flag = Annotated[StrictBool, Right("true or false, without quotes")]
Condition = TextLike('a condition, like "breach >= 1 or complaint > 3"', r"(?s).+")
Coefficient = decimal_text("0", "10", 6, "1.2")
Score = decimal_text("0", "1000", 6, "90")
QuotaPart = decimal_text("0", "1", 6, "0.2")
RoundedTo = decimal_text("0.000001", "1", 6, "0.01")
Times = decimal_text("0", "10", 3, "1.1")
Weighting = decimal_text("0", "1000000", 6, "0.5")
ReviewDays = Annotated[StrictInt, Field(ge=1, le=60), Right("a whole number of working days, 1 to 60, like 5")]
MeasureName = Annotated[str | None, Right("the name of one of [measures]")]
KindList = Annotated[tuple[str, ...], Right('a list of kinds, like ["deposit"]')]
IndicatorClass = Literal["compliance", "risk", "efficiency", "transformation", "social-responsibility"]


class Entry(BaseModel):
    """Frozen, and no key beside the known ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Entry):
    """One text in both languages: a name, a unit, or a clause in our own words."""

    en: English
    zh: Chinese


class Rounding(Entry):
    """How each line's points are rounded, once; what is rounded again says so. `tier` says whether a tier looks at the
    exact score or at the rounded one."""

    points: Annotated[Decimal, RoundedTo]
    half: Literal["up", "even"]
    section: Annotated[Decimal | None, RoundedTo] = None
    score: Annotated[Decimal | None, RoundedTo] = None
    tier: Literal["exact", "rounded"] = "exact"


class RampUp(Entry):
    """In which quarter of service (1: the one that somebody joined in) which part of each target is asked."""

    quarter: Annotated[StrictInt, Field(ge=1, le=8), Right("a whole number, 1 for the quarter of joining, 8 at most")]
    part: Annotated[Decimal, decimal_text("0.01", "1", 4, "0.5")]


class Appraisal(Entry):
    """Who is graded at all, what becomes of an indicator without a target, and how much of each target is asked of who
    was not there all quarter, or is new."""

    clause: ClauseId
    en: English
    zh: Chinese
    minimum_working_days: Annotated[
        StrictInt, Field(ge=0, le=92), Right("a whole number of working days in a quarter, 0 to 92, like 30")
    ]
    without_target: Literal["spread", "zero", "full"]
    targets: Literal["whole", "working-days", "calendar-days", "full-months"] = "whole"
    ramp_up: Annotated[tuple[RampUp, ...], Right('a list like [{ quarter = 1, part = "0.5" }]')] = ()


class QuarterlyCheck(Entry):
    """When a quarterly check calls a line green or amber (of its target, at this pace), and after how many working days
    without an own entry an RM is called silent."""

    clause: ClauseId
    en: English
    zh: Chinese
    green: Annotated[Decimal, decimal_text("0.01", "2", 6, "0.95")] = Decimal("0.95")
    amber: Annotated[Decimal, decimal_text("0.01", "2", 6, "0.8")] = Decimal("0.8")
    silent_days: Annotated[
        StrictInt, Field(ge=1, le=60), Right("a whole number of working days without an own entry, 1 to 60, like 3")
    ] = 3


UNSTATED = QuarterlyCheck(
    clause="–", en="Not stated by the scheme: usual thresholds", zh="考核办法未规定，采用通用标准"
)
"""What holds where a scheme has no [quarterly_check]."""


class ReviewRules(Entry):
    """How people come to a final grade: working days for each step, what is asked before a grade is final, and which
    quarter's pay it decides. `interview` names the tiers that need an interview record. Votes of fewer than
    `least_votes` people are not told."""

    clause: ClauseId
    en: English
    zh: Chinese
    rate_days: ReviewDays = 10
    approve_days: ReviewDays = 5
    answer_days: ReviewDays = 5
    decide_days: ReviewDays = 10
    escalate_days: ReviewDays = 3
    pays: Literal["same-quarter", "next-quarter"] = "next-quarter"
    interview: Annotated[tuple[Slug, ...], Right('a list of tiers, like ["unqualified"]')] = ()
    all_rated: Flag = False
    quota_met: Flag = False
    least_votes: Annotated[StrictInt, Field(ge=1, le=100), Right("a whole number of people, 1 to 100, like 3")] = 3


UNSTATED_REVIEW = ReviewRules(
    clause="–", en="Not stated by the scheme: usual deadlines", zh="考核办法未规定，采用通用期限"
)
"""What holds where a scheme has no [review]."""


class Anchor(Entry):
    """What behaviour a rating from `at` on stands for."""

    at: Annotated[Decimal, decimal_text("0", "1000000", 3, "90")]
    en: English
    zh: Chinese


class Kind(Entry):
    """A kind of action: how it is counted, who reports it, when it counts, what it earns in the game."""

    clause: ClauseId
    en: English
    zh: Chinese
    unit: Annotated[Words, Right('its unit in both languages, like { en = "visits", zh = "次" }')]
    counted: Literal["quantity", "amount"]
    reported: Literal["self", "fed"]
    counts: Literal["verified", "at-once"]
    daily_limit: Annotated[Decimal | None, decimal_text("0.001", "1000000000", 3, "6")] = None
    points: Annotated[Decimal, decimal_text("0", "1000", 6, "2")] = Decimal(0)
    certificate: Flag = False
    repeats: Flag = True

    @property
    def self_reported(self) -> bool:
        """Whether a person may record it; else only a bank's system or an import does."""
        return self.reported == "self"

    @property
    def counts_at_once(self) -> bool:
        """Whether it counts when recorded; else once a second person has verified it."""
        return self.counts == "at-once"


BalanceDay = Literal["before-quarter", "before-year", "quarter-first-day", "year-first-day", "last-day"]
BALANCE_DAYS = (
    'a day without quotes, like 2025-12-31, or one of "before-quarter", "before-year" (as they begin), '
    '"quarter-first-day", "year-first-day", "last-day" (of the quarter), at whose end the balance is taken'
)


def _day_of_balance(value: object) -> object:
    if isinstance(value, datetime) or not (isinstance(value, date) or value in get_args(BalanceDay)):
        raise ValueError(BALANCE_DAYS)
    return value


class Weakest(Entry):
    """What keeps a mean down: where one of its parts lies below `below`, the mean is at most `most`."""

    below: Annotated[Decimal, decimal_text("-1000000", "1000000", 3, "60")]
    most: Annotated[Decimal, decimal_text("-1000000", "1000000", 3, "60")]


class Measure(Entry):
    """The rule by which actions of some kinds become one figure of a quarter, or who else gives that figure."""

    rule: Literal[
        "sum", "count", "distinct-customers", "last", "maximum", "daily-average", "day-balance", "rating", "ready",
        "ratio", "difference", "mean", "votes",
    ]  # fmt: skip
    of: Literal["amount", "quantity", "counted"] | None = None
    plus: KindList = ()
    minus: KindList = ()
    sets: KindList = ()
    factors: Annotated[dict[str, Annotated[Decimal, Weighting]], Right('a table like { card = "0.1" }')] = {}
    over_base: Flag = False
    on: Annotated[BalanceDay | date | None, Right(BALANCE_DAYS), BeforeValidator(_day_of_balance)] = None
    top: MeasureName = None
    bottom: MeasureName = None
    times: Annotated[Decimal, decimal_text("0.001", "1000000", 3, "100")] = Decimal(1)
    when_zero: Annotated[Decimal | None, decimal_text("-1000000", "1000000", 3, "0")] = None
    weights: Annotated[dict[str, Annotated[Decimal, Weighting]], Right('a table like { peers = "30" }')] = {}
    levels: Annotated[dict[str, Annotated[Decimal, Weighting]], Right('a table like { votes_good = "85" }')] = {}
    weakest: Annotated[Weakest | None, Right('a table like { below = "60", most = "60" }')] = None

    @property
    def flows(self) -> bool:
        """Whether the figure grows with the days; a balance, a last value and a ready figure stand where they stand."""
        return self.rule in ("sum", "count", "distinct-customers")

    @property
    def on_days(self) -> bool:
        """Whether it is made of the balances of days: of all that are averaged, or of one."""
        return self.rule in ("daily-average", "day-balance")

    @property
    def parts(self) -> dict[str, tuple[str, Decimal]]:
        """The measures that it is made of, each with its role and weight."""
        parts = {name: ("part", weight) for name, weight in (self.weights | self.levels).items()}
        return parts | {
            name: (role, Decimal(1)) for role, name in (("top", self.top), ("bottom", self.bottom)) if name is not None
        }

    @property
    def may_lack(self) -> bool:
        """Whether it has no figure until one is given: a rating, a last or greatest value, a ready one, and what is
        made of others. The rest begin at 0."""
        return self.rule in {"rating", "last", "maximum", "ready"} or self.derived

    def balance_day(self, quarter: Quarter) -> date:
        """The day of a quarter (that is over) at whose end a balance is taken."""
        year = Quarter(quarter.year, 1)
        days = {
            "before-quarter": quarter.first_day - timedelta(days=1), "before-year": year.first_day - timedelta(days=1),
            "quarter-first-day": quarter.first_day, "year-first-day": year.first_day,
        }  # fmt: skip
        stated = self.on if isinstance(self.on, date) else days.get(self.on or "", quarter.last_day)
        return min(stated, quarter.last_day)

    @property
    def derived(self) -> bool:
        """Whether it is made of other measures."""
        return self.rule in ("ratio", "difference", "mean", "votes")

    @property
    def kinds(self) -> tuple[str, ...]:
        return self.plus + self.minus + self.sets


class Indicator(Entry):
    """What is scored: a measure, its weight, and the shape that turns it into points. `carried`: what was missing of
    its target is asked of the next quarter of the year as well."""

    id: Name
    clause: ClauseId
    en: English
    zh: Chinese
    indicator_class: Annotated[IndicatorClass, Field(alias="class")]
    nature: Literal["quantitative", "qualitative"]
    weight: Annotated[Decimal, Weight] = Decimal(0)
    deposit: Flag = False
    sale: Flag = False
    unit: Annotated[Words | None, Right('its unit in both languages, like { en = "points", zh = "分" }')] = None
    measure: Annotated[Measure, Right('a table like { rule = "sum", of = "amount", plus = ["fund"] }')]
    shape: Annotated[AnyShape, Right('a table like { kind = "completion", cap = "1.2", floor = "0" }')]
    section: Annotated[Name | None, Right("the id of one of [[sections]]")] = None
    target: Annotated[Decimal | None, decimal_text("0.001", "1000000000000", 3, "100")] = None
    unrated: Literal["spread", "zero"] | None = None
    anchors: Annotated[tuple[Anchor, ...], Right('a list like [{ at = "90", en = "...", zh = "..." }]')] = ()
    carried: Flag = False

    @property
    def takes_target(self) -> bool:
        """Whether there is something to agree on: a target, or the base that its figure is over."""
        return not self.shape.targetless or self.measure.over_base

    @property
    def may_be_unrated(self) -> bool:
        """Whether it has no figure until one is given."""
        return self.measure.may_lack


class NamedMeasure(Entry):
    """A figure that others are made of, or that conditions look at: measured like an indicator, and never scored."""

    clause: ClauseId
    en: English
    zh: Chinese
    unit: Annotated[Words | None, Right('its unit in both languages, like { en = "CNY", zh = "元" }')] = None
    deposit: Flag = False
    measure: Annotated[Measure, Right('a table like { rule = "sum", of = "amount", plus = ["fund"] }')]


class Section(Entry):
    """Some of the indicators, whose weights add up to `weight`: their sum is kept within `least` and `most`, and below
    `minimum` it leaves no better tier than `cap_tier`."""

    id: Name
    clause: ClauseId
    en: English
    zh: Chinese
    weight: Annotated[Decimal, Weight]
    least: Annotated[Decimal | None, decimal_text("-1000", "0", 6, "0")] = None
    most: Annotated[Decimal | None, Score] = None
    minimum: Annotated[Decimal | None, Score] = None
    cap_tier: Annotated[str | None, Right('the best tier that is left below the minimum, like "qualified"')] = None


class Multiplier(Entry):
    """What the score is multiplied by where a condition holds; several follow each other in their order."""

    id: Slug
    clause: ClauseId
    en: English
    zh: Chinese
    when: Annotated[str, Condition]
    times: Annotated[Decimal, Times]


class Gate(Entry):
    """A condition that caps the tier, sets the coefficient, takes lines their points, or bars or holds the grade."""

    id: Slug
    clause: ClauseId
    en: English
    zh: Chinese
    when: Annotated[str, Condition]
    cap_tier: Annotated[str | None, Right('the best tier that it leaves, like "qualified"')] = None
    coefficient: Annotated[Decimal | None, Coefficient] = None
    zero: Annotated[tuple[str, ...], Right('a list of indicators that then earn nothing, like ["fund"]')] = ()
    then: Literal["not-gradable", "held"] | None = None


class Step(Entry):
    """A step within a tier: from which score on, and its own coefficient."""

    floor: Annotated[Decimal, Score]
    coefficient: Annotated[Decimal, Coefficient]


class CoefficientBand(Entry):
    """From one score to the next: a coefficient, or one that changes to `until` at the end."""

    begins: Annotated[Decimal | None, Score, Field(alias="from")] = None
    ends: Annotated[Decimal | None, Score, Field(alias="to")] = None
    gives: Annotated[Decimal, Coefficient]
    until: Annotated[Decimal | None, Coefficient] = None


class CoefficientOfScore(Entry):
    """The pay coefficient by the score alone, where tiers don't give it."""

    clause: ClauseId
    en: English
    zh: Chinese
    edges: Literal["from", "to"]
    rounding: Annotated[Decimal, RoundedTo]
    bands: Annotated[
        tuple[CoefficientBand, ...],
        Field(min_length=2, max_length=50),
        Right('a list of at least two, like [{ to = "80", gives = "0.8" }, { from = "80", gives = "1" }]'),
    ]


class Quota(Entry):
    """Which part of a group of graded people may stand in a tier or a better one (`at_most`), or has to stand in it or
    a worse one (`at_least`), in whole heads. The lowest scores move down."""

    id: Slug
    clause: ClauseId
    en: English
    zh: Chinese
    tier: Annotated[str, Right('the id of one of [[tiers]], like "excellent"')]
    at_most: Annotated[Decimal | None, QuotaPart] = None
    at_least: Annotated[Decimal | None, QuotaPart] = None
    heads: Literal["floor", "ceiling"]
    ties: Literal["keep", "fall"]
    smallest: Smallest
    within: Level | None = None


class Tier(Entry):
    """A grade and its pay coefficient: from which score on (inclusive), or on which condition. The best that fits is
    given; the last needs neither. `steps` above its floor have coefficients of their own."""

    id: Slug
    en: English
    zh: Chinese
    floor: Annotated[Decimal | None, Score] = None
    when: Annotated[str | None, Condition] = None
    coefficient: Annotated[Decimal, Coefficient]
    steps: Annotated[tuple[Step, ...], Right('a list like [{ floor = "83", coefficient = "1.15" }]')] = ()
