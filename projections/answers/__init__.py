"""The shapes of answers: what a question returns, from the read model through the API to the screen and back.

Longer than 300 lines because it is the one page of what can be known.

Points, scores, coefficients, ratios and money are exact decimals (strings in JSON). Every answer about the log says at
which `position` it holds and which day is `today` there.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from domain.money import Exact


class Answer(BaseModel):
    """Frozen, so that a cached answer can be handed out twice."""

    model_config = ConfigDict(frozen=True)


class Words(Answer):
    """One text in both languages of the product."""

    en: str
    zh: str


class Moment(Answer):
    """Where in the log an answer holds: the last position it has seen, the bank's day there, and whether it is asked
    of the past (`as_of` given)."""

    position: int
    today: date
    past: bool


class Unit(Answer):
    """A node of the organisation tree; `depth` 0 is the root."""

    org: str
    parent: str | None
    level: str
    name: str
    depth: int


class Who(Answer):
    """Who stands behind an id: an RM's `name`, where the asker may read it; the role that its bearer has in which unit
    (None: in the whole bank). Nothing of it where nobody is known by the id."""

    id: str
    name: str | None
    role: str | None
    unit: str | None


class Person(Answer):
    """An RM as others may see them: who they are and where they serve now."""

    rm: str
    name: str
    org: str
    org_name: str
    position: str
    left_on: date | None


class Grade(Answer):
    """Where one RM stands in a quarter. `status` is `graded`, or why there is no grade; then score, tier and
    coefficient are None."""

    rm: str
    name: str
    org: str
    org_name: str
    scheme: str | None
    effective: date | None
    status: str
    score: Exact | None
    tier: str | None
    tier_name: Words | None
    coefficient: Exact | None
    flags: list[str]


class Grades(Answer):
    """The provisional grades of a quarter, by RM; `after` leads to the next page, and is None on the last one."""

    quarter: str
    moment: Moment
    provisional: Literal[True] = True
    grades: list[Grade]
    after: str | None = None


class ScoreLine(Answer):
    """One indicator of a scorecard: measured against target, what it earned, and the clause that priced it.

    `unit` is `CNY` or the scheme's word for a count. `scored` is False where the line was left out and its weight
    spread. `reason` says why, or why it counts as 0 or full: `not-rated`, `not-delivered`, `no-figure`, `no-target`,
    `nothing-due` (of the time served), `not-ranked`, `small-group` or `zeroed`. `share` is the weight after spreading.
    `sentence` says how the points came about. `steps` say it in full, where that is asked: the figure from what it is
    made of, spreading, the sentence, rounding, and what a condition took. `events` counts the log positions behind the
    line, and those behind each of the `parts` that its figure is made of. `amendment_reason` says why the target was
    amended, where it was, `amended_on` when, and `in_period` whether the quarter had begun by then. `most` is how many
    points a line beside the 100 can add or take off, and what another can earn where its rule gives less than its
    share. `cap` is the completion above which nothing more is earned, where the shape has one; `better` says whether
    more or less of the figure is; `flows` says that the figure grows with the days, so that half of the target is due
    when half of the quarter has passed.
    """

    indicator: str
    name: Words
    clause: str
    clause_text: Words
    indicator_class: str
    nature: Literal["quantitative", "qualitative"]
    unit: Words
    weight: Exact
    share: Exact
    scored: bool
    reason: str | None
    measured: Exact | None
    base: Exact | None
    target: Exact | None
    cap: Exact | None
    better: Literal["more", "less"] = "more"
    flows: bool
    previous_target: Exact | None
    carried: Exact | None = None
    place: int | None = None
    peers: int | None = None
    amendment_reason: str | None
    amended_on: date | None = None
    in_period: bool = False
    completion: Exact | None
    points: Exact | None
    most: Exact | None = None
    sentence: Words
    steps: list[Words] = []
    section: str | None = None
    parts: list["Part"] = []
    events: int


class Part(Answer):
    """A figure that a line's is made of, whose events can be asked for by its own name."""

    figure: str
    name: Words
    unit: Words
    events: int


class Gate(Answer):
    """A condition of the scheme that limits the grade: `when` in words, and `fired` says whether it holds. `zero` names
    the lines whose points it takes; `then` says that it leaves no grade, or holds it."""

    gate: str
    name: Words
    clause: str
    fired: bool
    cap_tier: str | None
    coefficient: Exact | None
    when: Words = Words(en="", zh="")
    zero: list[Words] = []
    then: str | None = None


class Tier(Answer):
    """One grade of the scheme, best first: from a score on, on a condition (`when`, in words `condition`), or both."""

    tier: str
    name: Words
    floor: Exact | None
    when: str | None = None
    condition: Words | None = None
    coefficient: Exact


class SectionTotal(Answer):
    """What the lines of a section come to; below its `minimum` no tier better than `cap_tier` is left. `share` is its
    weight after spreading, the sum of its scored lines', and `spread` says what went out or came in, where any did.
    `sentence` says how its points came about."""

    section: str
    name: Words
    clause: str
    weight: Exact
    share: Exact
    spread: Words | None = None
    points: Exact
    minimum: Exact | None
    cap_tier: str | None
    is_below: bool
    sentence: Words


class Multiplier(Answer):
    """What the score is multiplied by while a condition holds."""

    multiplier: str
    name: Words
    clause: str
    times: Exact
    holds: bool
    when: Words


class Told(Answer):
    """One sentence of how a grade came about."""

    about: Literal["score", "tier", "coefficient"]
    sentence: Words


class NextTier(Answer):
    """What the next better tier asks, and what would bring it.

    `points` is what the score lacks of its floor, None where it has none. `ways` are figures each of which alone is
    enough, all else unchanged; `pace` are days of the RM's own average pace. `barred_by` names the conditions and
    sections that leave no better tier just now. `out_of_reach` says of each other line why it is not enough.
    `compared` names the quotas by which others decide, too, whether the tier stands; what was moved down by one has no
    ways. `taken` says which of them leave nobody there, or only those whose scores are better: then no way is promised
    that they would take back, and where nobody is left there is none.
    """

    tier: str
    name: Words
    points: Exact | None
    asks: list["Ask"]
    barred_by: list[Words]
    ways: list["Way"]
    pace: "Pace | None"
    out_of_reach: list["OutOfReach"]
    compared: list[Words] = []
    taken: list[Words] = []
    is_closed: bool = False


class Ask(Answer):
    """A floor or a condition of a tier, and whether it is met."""

    what: Words
    is_met: bool


class Way(Answer):
    """A figure that alone is enough for the tier, once it is `to`: `more` than now, less where negative (None without a
    figure now). `step` less is not enough. `lines` are the indicators that it counts in."""

    figure: str
    name: Words
    lines: list[str]
    now: Exact | None
    to: Exact
    more: Exact | None
    step: Exact
    unit: Words
    sentence: Words


class Pace(Answer):
    """The fewest working days of the own average pace so far that are enough, raising every figure that grows by the
    day and can still win points (`raised`); None in `days` where `longest` are not. `left` are the quarter's own
    working days to come."""

    days: int | None
    left: int
    longest: int
    raised: list["Raised"]
    sentence: Words


class Raised(Answer):
    """A figure raised by days of the own pace."""

    figure: str
    name: Words
    more: Exact
    to: Exact
    unit: Words


class OutOfReach(Answer):
    """A line of which no figure alone is enough, and why; `gain` are the points that it could still win at most."""

    indicator: str
    reason: str
    gain: Exact
    sentence: Words


class Scorecard(Answer):
    """One RM's quarter in full.

    `working_days` are those the RM serves in the quarter, less absences; `working_days_passed` are the quarter's that
    are over, of `working_days_in_quarter`. Whoever serves fewer than `minimum_working_days` is not graded, by
    `minimum_clause`; both are None without a scheme. `paid_by_score`: the coefficient is that of a table of scores,
    whatever the tier. `scheme_name` is what the scheme is called. Where it is asked, `sections`, `multipliers` and
    `told` say how score, tier and coefficient came about, and `next_tier` what a better one would take.
    """

    moment: Moment
    quarter: str
    grade: Grade
    position: str
    working_days: int
    working_days_passed: int
    working_days_in_quarter: int
    minimum_working_days: int | None
    minimum_clause: str | None
    points: Exact
    paid_by_score: bool = False
    scheme_name: Words | None = None
    lines: list[ScoreLine]
    gates: list[Gate]
    tiers: list[Tier]
    sections: list[SectionTotal] = []
    multipliers: list[Multiplier] = []
    told: list[Told] = []
    next_tier: NextTier | None


class Standing(Answer):
    """One row of a leaderboard: a person, or of a board of teams a unit, which has no `rm`.

    `value` is None where the asker may not see it. Who is shown under an alias has no `rm`, and no `org` either.
    `mean_rank` is the rank where equals share the mean of theirs; `rank` is then the first of these. `movement` is how
    many places up (down: negative) since the board's `moved_since`; `is_new` says that they had no rank then. Where the
    board has no such day, nobody moved as far as is known; where it has, a movement is None if the asker may not see
    the former rank, as of the lower half. `people` are those of a team.
    """

    rank: int
    mean_rank: Exact | None = None
    tied: bool
    rm: str | None
    name: str
    org: str | None
    org_name: str
    tier: str | None
    tier_name: Words | None
    value: Exact | None
    movement: int | None = None
    is_new: bool = False
    people: int | None = None


LooksAt = Literal["score", "points", "measured", "completion", "improved", "weighed"]
"""What a board ranks: `weighed` are several parts, each by the part of the others whom somebody is not behind."""
TieRule = Literal["standard", "modified", "dense", "ordinal", "fractional"]
PeriodKind = Literal["week", "month", "quarter", "season", "year"]


class Board(Answer):
    """Something that can be ranked in a period; `refusal` says why not, where the rule forbids it. `teams` are the
    units of a `level`, by the mean per head or the total of their people; `clause` is the scheme's."""

    by: str
    name: Words
    unit: Words
    refusal: Words | None
    looks_at: LooksAt = "score"
    eligible: Literal["all", "gates-passed"] = "all"
    teams: Literal["mean", "total"] | None = None
    level: str | None = None
    clause: str | None = None


class Alike(Answer):
    """People of one position, of a band of years of service or of customers, who can be compared among each other:
    `among` is how they are asked for. `own` marks those of the RM that a board is around."""

    among: str
    name: Words
    own: bool = False


class Leaderboard(Answer):
    """The ranks of a period within a unit of the tree. `around` is an RM's own rank with neighbours.
    `unranked` counts those who have no score and so no rank. `moved_since` is the day, seven days before (of a week,
    the day before), at whose end the board is compared with this one; None where nobody was ranked then, or where that
    is not worked out yet. `quarter` is the one whose appraisal says who is on the board, in which unit and tier.
    Of a unit or of people alike to whom a peer does not belong (`is_own`) nobody is named to them, nor tiers counted.
    Where peers don't see all, `lower_half` is hidden but for so many `neighbours` on either side of one's own row;
    `clause` is where the scheme of most people says so."""

    moment: Moment
    moved_since: date | None = None
    period: str = ""
    kind: PeriodKind = "quarter"
    period_name: Words = Words(en="", zh="")
    from_day: date | None = None
    until_day: date | None = None
    quarter: str
    scope: str
    scope_name: str
    by: str
    unit: Words
    ties: TieRule = "standard"
    tie_rule: Words
    boards: list[Board]
    among: str | None = None
    alike: list[Alike] = []
    ranked: int
    unranked: int
    standings: list[Standing]
    around: list[Standing]
    tiers: dict[str, int]
    tier_names: dict[str, Words] = {}
    lower_half: Literal["hidden", "named"] = "named"
    is_own: bool = True
    neighbours: int = 0
    clause: str | None = None


class SeasonOf(Answer):
    """A season of a scheme, and the log position at which its last day was closed; None while it is not over."""

    season: str
    name: Words
    scheme: str
    clause: str
    from_day: date
    until_day: date
    closed_at: int | None


class ChangedStanding(Answer):
    """Whose place or figure is another by what came to be known after the close; None where they have none."""

    rm: str | None
    org: str | None
    name: str
    rank_then: int | None
    rank_now: int | None
    value_then: Exact | None
    value_now: Exact | None


class ClosedBoard(Answer):
    """A board as it stood at `closed_at`, when the last day of its period was closed; that never changes. `changes` are
    what is otherwise by what is known `now`, among the first of both and as far as who asks sees both places."""

    closed_at: int
    board: Leaderboard
    now: Moment
    changes: list[ChangedStanding]


class BoardMoved(Answer):
    """A board has changed: the log position it stands at, and the one at which it came to show what it shows."""

    position: int
    changed_at: int


class Trace(Answer):
    """One RM's way to their place: value and rank at the end of each day of the history; None where they had none.
    Each is None, too, where the asker may not see it, as former ranks in the lower half."""

    rm: str | None
    name: str
    values: list[Exact | None]
    ranks: list[int | None]


class LeaderboardHistory(Answer):
    """How the first of a board came there, best first, and an RM's own row where it is not among them.

    `days` are the ends of the quarter's weeks, and last the day at which the board holds. `ranked_within` says whether
    the ranks are those of the whole `scope`, or of those `shown` among each other, as in a bank too large to grade
    everybody in each past week. Where it is not `complete`, weeks are left out that are being worked out: ask again.
    `overtaken_by` are the first of those, `overtakers` in number, who have passed that RM
    since the board's `moved_since`.
    """

    moment: Moment
    quarter: str
    scope: str
    by: str
    unit: Words
    days: list[date]
    complete: bool = True
    ranked_within: Literal["scope", "shown"]
    traces: list[Trace]
    overtakers: int = 0
    overtaken_by: list["Overtaker"] = []


class Overtaker(Answer):
    """Who stands before an RM and stood behind them: the rank now and then, None where they had none."""

    rm: str | None
    name: str
    rank: int
    rank_before: int | None


Light = Literal["green", "amber", "red", "none"]
"""How a line, or an RM, stands against the part of the quarter that has passed; `none`: nothing can be said yet."""
Missing = Literal["waiting", "no-contract", "no-certificate", "silent"]


class CheckRule(Answer):
    """When a scheme calls a line green or amber (parts of the target, at this pace), and after how many working days
    without an own entry it calls an RM silent."""

    scheme: str
    effective: date
    name: Words
    clause: str
    clause_text: Words
    green: Exact
    amber: Exact
    silent_days: int


class CheckedLine(Answer):
    """An indicator with a target against the part of the quarter that has passed in the RM's own working days.

    `expected` is that part of the target, `forecast` what the line comes to at this pace, `pace` the forecast as a part
    of the target. What does not flow (`flows` is False: a daily average, a last value, a ready figure, a rating) stands
    as it is: all of its target is expected on each day. `forecast` and `pace` are None where nothing can be said yet.
    `previous_target` is what an amendment replaced on the day `amended_on`, `in_period` whether the quarter had begun.
    """

    indicator: str
    name: Words
    unit: Words
    rule: str
    flows: bool
    weight: Exact
    measured: Exact | None
    target: Exact
    expected: Exact
    forecast: Exact | None
    pace: Exact | None
    light: Light
    previous_target: Exact | None = None
    amended_on: date | None = None
    in_period: bool = False
    amendment_reason: str | None = None


class QuarterlyCheck(Answer):
    """Where one RM stands in a quarter, and what is `missing`.

    `pace` is the mean of the lines' paces by weight, each counted up to 100 %. `working_days_passed` are those of the
    RM's own `working_days` that are over. `waiting` entries of the quarter wait for verification, the first of
    them was recorded at `oldest_waiting`; on `silent_days` working days up to today the RM logged nothing of their own.
    Of who left in the quarter, on `left_on`, only the part of the targets is due that these days are of those planned.
    """

    rm: str
    name: str
    org: str
    org_name: str
    position: str
    status: str
    score: Exact | None
    tier: str | None
    tier_name: Words | None
    light: Light
    pace: Exact | None
    working_days: int
    working_days_passed: int
    left_on: date | None
    waiting: int
    oldest_waiting: datetime | None
    silent_days: int
    missing: list[Missing]
    lines: list[CheckedLine]


class QuarterlyChecks(Answer):
    """A page of quarterly checks, worst first: `after` leads to the next one, and is None on the last.

    `lights` and `lacking` count all RMs of the scope, `total` those that the question asked for.
    """

    moment: Moment
    quarter: str
    working_days: int
    working_days_passed: int
    rules: list[CheckRule]
    people: int
    lights: dict[Light, int]
    lacking: dict[Missing, int]
    total: int
    checks: list[QuarterlyCheck]
    after: str | None


TreePart = Literal["children", "outlets"]
"""Which units below another are told: its own children, or every unit below it that has none."""


class UnitIndicator(Answer):
    """What a line of units is about: an indicator whose figures add up over people, under one scheme version."""

    scheme: str
    effective: date
    scheme_name: Words
    indicator: str
    name: Words
    unit: Words
    rule: str


class UnitLine(Answer):
    """A unit's progress in one indicator: what its people measured, their targets and what is due of these by now, each
    the sum over those `people` who have a target; `gap` is measured less expected.

    `pace` is what was measured as a part of what is due; with a base that grows along, what comes of it at this pace as
    a part of the target; None where nothing is due yet. `weight` is the sum of the weights that it has for its people.
    `amended` counts the people whose target was changed since it was agreed.
    """

    scheme: str
    effective: date
    indicator: str
    people: int
    amended: int = 0
    weight: Exact
    measured: Exact
    target: Exact
    expected: Exact
    gap: Exact
    pace: Exact | None
    light: Light


class UnitStanding(Answer):
    """How a unit of the tree stands in a quarter, by those who serve at or below it (`own_people`: in it itself).

    `score` is the mean of those graded, rounded half up to a millionth. `tiers` and `not_graded` count people, `lights`
    their quarterly checks. `pace` is the mean of the lines' paces by weight, each counted up to 100 %, and `light` what
    that comes to by the thresholds of the schemes. `units` lie directly below.
    """

    org: str
    parent: str | None
    level: str
    name: str
    units: int
    people: int
    own_people: int
    graded: int
    score: Exact | None
    tiers: dict[str, int]
    not_graded: dict[str, int]
    lights: dict[Light, int]
    light: Light
    pace: Exact | None
    lines: list[UnitLine]


class Organisation(Answer):
    """A unit in a quarter, the way to it from the top, and the first of the units below it, furthest behind first.

    `rows` are its children, or all its outlets, as `part` says, and `total` how many there are. `lagging` are up to
    three outlets behind the plan, wherever below they lie, the furthest first. `indicators` are those of the lines.
    """

    moment: Moment
    quarter: str
    scope: str
    part: TreePart
    path: list[Unit]
    working_days: int
    working_days_passed: int
    rules: list[CheckRule]
    indicators: list[UnitIndicator]
    tier_names: dict[str, Words]
    unit: UnitStanding
    total: int
    rows: list[UnitStanding]
    lagging: list[UnitStanding]


class Action(Answer):
    """One action as it stands: what, when, by whom, and what became of it.

    `state` is `recorded` (waits for verification), `counted`, `rejected` or `voided`; `replaced_by` is the action that
    was recorded in its place, where it was corrected. `counted` says which figure matters by the scheme of the RM's
    position and unit on that day, `unit` in what.
    """

    action_id: str
    rm: str
    name: str
    kind: str
    kind_name: Words
    occurred_on: date
    quantity: Exact
    amount: Exact
    customer: str | None
    note: str | None
    reverses: str | None
    state: Literal["recorded", "counted", "rejected", "voided"]
    self_reported: bool
    recorded_at: datetime
    recorded_by: str
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    position: int
    version: int
    replaced_by: str | None = None
    unit: Words | None = None
    counted: Literal["quantity", "amount"] | None = None


class KindCount(Answer):
    """Of one kind and state on one day: how many actions, and what they come to, what is taken back subtracted."""

    kind: str
    state: Literal["recorded", "counted", "rejected", "voided"]
    actions: int
    quantity: Exact
    amount: Exact


class WorkDay(Answer):
    """One calendar day of a work log; `works` says whether the RM served on a working day and was not absent."""

    day: date
    works: bool
    counts: list[KindCount]


class Worklog(Answer):
    """An RM's diary of a period, both days included: every day of it with its counts, and a page of its actions, the
    newest day first; `after` asks for the next page.

    The days count all that was recorded; `source` and `state` narrow the actions only, of which there are `total`.
    `kinds` are those that occur, as the RM's scheme has them, and `sources` say how many actions came from each.
    """

    moment: Moment
    rm: str
    name: str
    from_day: date
    to_day: date
    days: list[WorkDay]
    kinds: list["ActionKind"]
    sources: dict[str, int]
    actions: list[Action]
    total: int
    after: int | None


class Actions(Answer):
    """A page of actions; `after` asks for the next one (None at the end). Of all that were asked for there are `total`,
    the `oldest` recorded at that moment (None without any)."""

    moment: Moment
    actions: list[Action]
    total: int
    after: str | None
    oldest: datetime | None = None


class LineEvent(Answer):
    """One ledger entry behind a score line: which action moved it, who recorded the action and who decided on it.
    `value` is what it adds to the figure, in its unit and by its factor: those of a sum or a count add up to it; of a
    balance it is what is added to the balance. `count` is +1 where the action came to count, -1 where it stopped;
    `decided_by` is who made it so at `position`, None where it counted as it was recorded."""

    position: int
    action_id: str
    kind: str
    kind_name: Words
    occurred_on: date
    recorded_at: datetime
    recorded_by: str
    decided_at: datetime | None
    decided_by: str | None
    source: str
    customer: str | None
    quantity: Exact
    amount: Exact
    count: int
    value: Exact


class LineMeasure(Answer):
    """One ready measure behind a score line: what the bank's warehouse delivered as of a day, and when that was known;
    or, with `review` as its source, a rating: who gave it and when. `stands` says that no other one has replaced it."""

    position: int
    measure_id: str
    value: Exact
    as_of: date
    stands: bool
    recorded_at: datetime
    by: str
    source: str


class LineEvents(Answer):
    """A page of what stands behind one score line, newest position first: `events` of actions that are counted,
    `measures` that come ready and ratings, or both, where it is made of both. `total` is how many there are in all."""

    moment: Moment
    rm: str
    quarter: str
    indicator: str
    events: list[LineEvent]
    measures: list[LineMeasure]
    total: int
    after: int | None


class PortfolioCustomer(Answer):
    """A customer whose `post` (A or B) an RM holds, with the financial `assets` in CNY, and the log position that
    assigned it."""

    customer: str
    segment: str
    assets: Exact
    post: Literal["A", "B"]
    position: int


class Portfolio(Answer):
    """A page of the customers whom an RM looks after, by code; `after` asks for the next one (None at the end)."""

    moment: Moment
    rm: str
    customers: list[PortfolioCustomer]
    total: int
    after: str | None


class LoggedEvent(Answer):
    """One event of the raw history; `state` is its stored JSON, `texts` are the names, notes and reasons that it refers
    to by their digests. `rm_name` is the name of whom it concerns as it stands today, `kind` what that one's scheme
    says of the kind of an action."""

    position: int
    stream: str
    version: int
    type: str
    recorded_at: datetime
    by: str
    rm: str | None
    rm_name: str | None
    state: dict[str, object]
    texts: dict[str, str]
    kind: "ActionKind | None" = None


class Seal(Answer):
    """The seal over a block of the log: which positions it covers, how many events, their digest, and the digest of
    the chain up to there. `position` is where the seal itself stands."""

    number: int
    position: int
    recorded_at: datetime
    first: int
    last: int
    count: int
    digest: str
    chained: str


class LoggedEvents(Answer):
    """A page of the raw history in the order asked for. `after` asks for the next page, `before` for the one before
    (None where there is none). The log is sealed up to the position `sealed`, and `digest` stands for all of it."""

    moment: Moment
    events: list[LoggedEvent]
    after: int | None
    before: int | None
    sealed: int
    digest: str


class EventInFull(Answer):
    """One event, the seal over it (None while it is not sealed yet), and how many events its stream holds by now."""

    moment: Moment
    event: LoggedEvent
    seal: Seal | None
    of_stream: int


class ActionKind(Answer):
    """A kind of action that a scheme knows. `counted` says which figure matters: `quantity` or `amount`."""

    kind: str
    name: Words
    unit: Words
    counted: Literal["quantity", "amount"]
    self_reported: bool
    counts_at_once: bool
    daily_limit: Exact | None
    points: Exact
    clause: str


SchemeState = Literal["proposed", "coming", "in-force", "ended"]


class SchemeVersion(Answer):
    """A version of a scheme: `proposed`, and waiting for another person's approval; published and `coming`; `in-force`
    from `effective` on for one of its positions at least, or `ended`, because others took its place.

    It appraises its `positions` ("*": every one that no other scheme names) in its `units` and what lies below them;
    none stated is the whole bank. `by` put it in force, or proposed it where it waits. `position` is where the log says
    so.
    """

    scheme: str
    effective: date
    name: Words
    position: int
    digest: str
    positions: list[str]
    units: list[str] = []
    state: SchemeState
    by: str
    proposed_by: str | None = None


class SchemeClause(Answer):
    """A clause of the rule book, in the scheme's own words."""

    clause: str
    words: Words


class SchemeFact(Answer):
    """What one key of an entry says, with what it is called."""

    key: str
    label: Words
    words: Words


class CurveCorner(Answer):
    """A place of a drawn curve and the points there."""

    at: Exact
    points: Exact


class Curve(Answer):
    """The points of an indicator, drawn: corners from left to right, two at one place are a jump. `axis` says what `at`
    is: the figure in `unit`, its completion as a ratio, by how much the figure misses the target, or its place as a
    part of its peers."""

    axis: Literal["measured", "completion", "above-target", "below-target", "rank"]
    unit: Words
    corners: list[CurveCorner]


class SchemeEntry(Answer):
    """One entry of a scheme in words; `clause` is None where it stands on none. Indicators and sections have a weight,
    an indicator beside the 100 one of 0; only indicators have a class and a curve."""

    sort: str
    sort_name: Words
    id: str
    clause: str | None
    name: Words
    facts: list[SchemeFact]
    weight: Exact | None = None
    indicator_class: str | None = None
    curve: Curve | None = None


class SchemeFinding(Answer):
    """What the check says of a line and key of a scheme's text: an error keeps it from being published, a warning or a
    note does not. `rule` names the check."""

    severity: Literal["error", "warning", "note"]
    rule: str
    line: int
    key: str
    message: str


class Scheme(Answer):
    """One version of a scheme: its whole text as published, and the same in words, its clauses in their order and every
    entry with the clause that it stands on. Of one that waits for approval, `findings` are what the check says,
    and `warnings` the same in a line each."""

    version: SchemeVersion
    text: str
    kinds: list[ActionKind]
    tiers: list[Tier]
    clauses: list[SchemeClause] = []
    entries: list[SchemeEntry] = []
    warnings: list[str] = []
    findings: list[SchemeFinding] = []


class SchemeChange(Answer):
    """One difference between two versions: an entry that was added or dropped (then `key` is None), or one key of it.
    `says` is all of it in a sentence."""

    what: Literal["added", "dropped", "changed"]
    sort: str
    id: str
    clause: str | None
    name: Words
    key: str | None
    old: Words | None
    new: Words | None
    says: Words


class SchemeDifferences(Answer):
    """What a version changes against another one, by default the one before it; `old` is None where there is none.
    No change, and not the same text: only comments, order or spelling differ."""

    old: SchemeVersion | None
    new: SchemeVersion
    same_text: bool
    changes: list[SchemeChange]


class SchemeCheck(Answer):
    """What the check says of a scheme's text, in the order of its lines, and whether it may be published. Of targets it
    knows how many of the RMs lack one who would fall under it in the quarter."""

    is_publishable: bool
    quarter: str | None
    rms: int
    findings: list[SchemeFinding]


class GradeChange(Answer):
    """How one RM's quarter is graded now, and how it would be graded once a version is in force. `changed` is `score`
    where status, tier and coefficient stay."""

    quarter: str
    changed: Literal["grade", "score"]
    before: Grade
    after: Grade


class QuarterOfChanges(Answer):
    """A quarter that has begun: `graded` RMs would fall under the version, and `changed` of all would be graded
    otherwise than now; of `rescored` others the score alone would change. `ungraded` of the changed have no grade
    either way, for another reason."""

    quarter: str
    graded: int
    changed: int
    ungraded: int = 0
    rescored: int


class SchemeChanges(Answer):
    """Whom a version that waits for approval would change, in the quarters that have begun: how many RMs it would grade
    in each, how many would get another tier, status or coefficient, how many another score alone, and who. `digest`
    names the text that was looked at; `after` leads to the next page, and is None on the last one."""

    scheme: str
    effective: date
    digest: str
    by: str
    moment: Moment
    quarters: list[QuarterOfChanges]
    changes: list[GradeChange]
    after: str | None = None


class Difference(Answer):
    """The first thing in which log, seals, texts and read model differ, in a sentence. `stream` and `topic` are those
    of what stands at `position` now, if anything."""

    says: str
    position: int | None
    stream: str | None
    topic: str | None


class VerifiedRun(Answer):
    """A payroll run that is the one of its manifest: each grade stands in the log, and follows from its facts still."""

    quarter: str
    run: int
    employees: int


class Verification(Answer):
    """What a verification found: how many events the log holds, up to which position they are `sealed` and the digest
    that stands for them, how many beyond it are `seals` and how many others are `unsealed` yet, and what differs first,
    if anything."""

    events: int
    seals: int
    unsealed: int
    sealed: int
    digest: str
    notes: list[str]
    difference: Difference | None
    run: VerifiedRun | None = None


class Progress(Answer):
    """How far the read model has followed the log."""

    position: int
    log_position: int
    lag: int
    today: date | None


SetupWhat = Literal["orgs", "rms", "scheme", "contracts", "plans", "customers", "actions", "measures"]


class SetupStep(Answer):
    """What is loaded in one step of setting a bank up, and how many of it there are; without `needed` the bank can
    appraise, too."""

    what: SetupWhat
    needed: bool
    count: int


class Setup(Answer):
    """The steps from an empty bank to the first grades, in order."""

    moment: Moment
    steps: list[SetupStep]


class BoardChoices(Answer):
    """What an RM chose about the leaderboards: off them since `left_at`, null where on them. The `alias` is null where
    there is none; it is not shown where it has become the name of somebody of the bank since."""

    rm: str
    left_at: datetime | None
    alias: str | None
    alias_shown: bool


class Me(Answer):
    """Who asks, and what they may see and do; nothing else while `must_change_password` stands. `operations` are names
    from the table of permissions; `quarter` is the newest in which somebody is graded, where pages open. At the log
    position `units_at` the tree changed last: who keeps it asks for it again only once that has moved. `rejected` are
    an RM's own actions that were rejected in the last seven days, at most 20; `scheme` is the one in force for an RM's
    position today."""

    subject: str
    name: str
    role: str
    scope: str | None
    scope_name: str | None
    rm: str | None
    operations: list[str]
    quarters: list[str]
    quarter: str | None
    today: date
    timezone: str
    kinds: list[ActionKind]
    units_at: int
    people: int
    pending: int
    rejected: list[Action]
    scheme: str | None = None
    must_change_password: bool = False


class UserAccount(Answer):
    """Somebody who signs in. `one_time`: the password was given out and has yet to be changed; `sessions` are open."""

    name: str
    role: str
    scope: str | None
    scope_name: str | None
    rm: str | None
    rm_name: str | None
    disabled: bool
    one_time: bool
    last_sign_in: datetime | None
    sessions: int


class Users(Answer):
    """A page of those who sign in, by name; `after` asks for the next one (None at the end)."""

    users: list[UserAccount]
    after: str | None


class OpenSession(Answer):
    """An open session: whose, since when, until when, from which address if known. `here` is the asker's own."""

    session: str
    name: str
    opened_at: datetime | None
    expires_at: datetime
    address: str | None
    here: bool


class MachineToken(Answer):
    """A machine's token, without its secret: `token` names it."""

    token: str
    subject: str
    role: str
    scope: str | None
    scope_name: str | None
    sources: list[str]
    created_at: datetime
    revoked: bool


class AccountChange(Answer):
    """What somebody did to a user, a session or a token, and the role, scope and RM that it got."""

    number: int
    changed_at: datetime
    changed_by: str
    change: str
    subject: str
    role: str | None
    scope: str | None
    scope_name: str | None
    rm: str | None


class Credential(Answer):
    """A user who can sign in now. `password` is the one-time password where the server made one: it is told only here,
    and only once."""

    name: str
    password: str | None


class NewToken(Answer):
    """A token with its `secret`, which is told only here, and only once."""

    token: str
    secret: str | None


class Ended(Answer):
    """How many sessions were ended."""

    ended: int
