"""The entries of a scheme file: kinds, indicators, gates and tiers, each field with what would be right in it."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from domain.scheme_file.faults import Right, TextLike, decimal_text
from domain.shapes import AnyShape

RESERVED = {"and", "or", "not", "score", "points"}
"""Words of conditions, and what a leaderboard ranks by beside indicators: no kind or indicator may be called so."""
AMOUNT_UNIT = ("CNY", "元")

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
Coefficient = decimal_text("0", "10", 6, "1.2")
Score = decimal_text("0", "1000", 6, "90")
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
    """How each line's points are rounded, once."""

    points: Annotated[Decimal, decimal_text("0.000001", "1", 6, "0.01")]
    half: Literal["up", "even"]


class Appraisal(Entry):
    """Who is graded at all, and what becomes of an indicator without a target."""

    clause: ClauseId
    en: English
    zh: Chinese
    minimum_working_days: Annotated[
        StrictInt, Field(ge=0, le=92), Right("a whole number of working days in a quarter, 0 to 92, like 30")
    ]
    without_target: Literal["spread", "zero"]


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

    @property
    def self_reported(self) -> bool:
        """Whether a person may record it; else only a bank's system or an import does."""
        return self.reported == "self"

    @property
    def counts_at_once(self) -> bool:
        """Whether it counts when recorded; else once a second person has verified it."""
        return self.counts == "at-once"


class Measure(Entry):
    """The rule by which actions of some kinds become one figure of a quarter, or who else gives that figure."""

    rule: Literal["sum", "count", "distinct-customers", "last", "daily-average", "rating", "ready"]
    of: Literal["amount", "quantity"] | None = None
    plus: KindList = ()
    minus: KindList = ()
    sets: KindList = ()
    over_base: Flag = False

    @property
    def flows(self) -> bool:
        """Whether the figure grows with the days; a balance, a last value and a ready figure stand where they stand."""
        return self.rule in ("sum", "count", "distinct-customers")

    @property
    def kinds(self) -> tuple[str, ...]:
        return self.plus + self.minus + self.sets


class Indicator(Entry):
    """What is scored: a measure, its weight, and the shape that turns it into points."""

    id: Name
    clause: ClauseId
    en: English
    zh: Chinese
    indicator_class: Annotated[IndicatorClass, Field(alias="class")]
    nature: Literal["quantitative", "qualitative"]
    weight: Annotated[Decimal, decimal_text("0.000001", "100", 6, "15")]
    deposit: Flag = False
    unit: Annotated[Words | None, Right('its unit in both languages, like { en = "points", zh = "分" }')] = None
    measure: Annotated[Measure, Right('a table like { rule = "sum", of = "amount", plus = ["fund"] }')]
    shape: Annotated[AnyShape, Right('a table like { kind = "completion", cap = "1.2", floor = "0" }')]
    target: Annotated[Decimal | None, decimal_text("0.001", "1000000000000", 3, "100")] = None
    unrated: Literal["spread", "zero"] | None = None

    @property
    def may_be_unrated(self) -> bool:
        """Whether it has no figure until one is given: a rating, a last value, a ready one. Others begin at 0."""
        return self.measure.rule in {"rating", "last", "ready"}


class Gate(Entry):
    """A condition that caps the tier, sets the coefficient, or both."""

    id: Slug
    clause: ClauseId
    en: English
    zh: Chinese
    when: Annotated[str, TextLike('a condition, like "breach >= 1 or complaint > 3"', r"(?s).+")]
    cap_tier: Annotated[str | None, Right('the best tier that it leaves, like "qualified"')] = None
    coefficient: Annotated[Decimal | None, Coefficient] = None


class Tier(Entry):
    """A grade: from which score on (inclusive), and its pay coefficient."""

    id: Slug
    en: English
    zh: Chinese
    floor: Annotated[Decimal, Score]
    coefficient: Annotated[Decimal, Coefficient]
