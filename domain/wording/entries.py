"""The entries of a scheme in words, fact by fact: one table per entry of the language, a row per key.

Longer than 300 lines because the words of the language stand together; a test holds its tables against the entries.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from domain.money import plain
from domain.scheme import Gate, Indicator, Kind, Quota, Scheme, Section, Tier, Words
from domain.scheme_file.entries import (
    UNSTATED,
    UNSTATED_REVIEW,
    Anchor,
    Appraisal,
    CoefficientBand,
    CoefficientOfScore,
    Entry,
    Multiplier,
    NamedMeasure,
    QuarterlyCheck,
    RampUp,
    ReviewRules,
    Rounding,
    Step,
)
from domain.scheme_file.game_entries import UNSTATED_BOARDS, UNSTATED_GAME
from domain.shapes.ranks import WHOLE
from domain.shapes.shape import Stated
from domain.shapes.words import Told, figure, in_points, joined, percent
from domain.wording.game import GAME_TABLES
from domain.wording.measures import measure_words
from domain.wording.names import Names, amount, told
from domain.wording.rows import COMMON, NAME, POINTS, Row, Table, codes, keyed, number

Sort = Literal[
    "scheme", "rounding", "appraisal", "quarterly-check", "review", "clause", "kind", "measure", "section", "indicator",
    "multiplier", "gate", "tier", "quota", "coefficient", "game", "claw-back", "season", "level", "streak", "badge",
    "boards", "board",
]  # fmt: skip
"""What an entry is, in the order in which they are told."""
SORTS: dict[Sort, Told] = {
    "scheme": ("Scheme", "考核办法"),
    "rounding": ("Rounding", "取整规则"),
    "appraisal": ("Who is graded", "考核对象"),
    "quarterly-check": ("Quarterly check", "季度检查"),
    "review": ("Quarterly review", "季度绩效考核"),
    "clause": ("Clause", "条款"),
    "kind": ("Kind of action", "工作类型"),
    "measure": ("Measure", "计量"),
    "section": ("Section", "分项"),
    "indicator": ("Indicator", "指标"),
    "multiplier": ("Multiplier", "连乘系数"),
    "gate": ("Condition", "限制条件"),
    "tier": ("Tier", "等次"),
    "quota": ("Quota", "等次比例"),
    "coefficient": ("Coefficient by score", "按分数的绩效系数"),
    "game": ("Points of the game", "激励积分规则"),
    "claw-back": ("Claw-back of points", "积分收回"),
    "season": ("Season", "赛季"),
    "level": ("Level", "积分级别"),
    "streak": ("Streak", "连续记录"),
    "badge": ("Badge", "徽章"),
    "boards": ("Leaderboards", "业绩榜规则"),
    "board": ("Leaderboard", "业绩榜"),
}


class Fact(NamedTuple):
    """What one key of an entry says."""

    key: str
    label: Told
    words: Told


class Passage(NamedTuple):
    """One entry of a scheme in words; `clause` is None where it stands on none."""

    sort: Sort
    id: str
    clause: str | None
    name: Told
    facts: tuple[Fact, ...]
    entry: Entry


CLASSES: dict[str, Told] = {
    "compliance": ("compliance", "合规经营"),
    "risk": ("risk", "风险管理"),
    "efficiency": ("efficiency", "经营效益"),
    "transformation": ("transformation", "发展转型"),
    "social-responsibility": ("social responsibility", "社会责任"),
}


def _positions(one: Scheme, _: Names) -> Told:
    named = sorted(set(one.positions) - {"*"})
    parts = [(", ".join(named), "、".join(named))] if named else []
    if "*" in one.positions:
        parts.append(("every position that no other scheme names", "其他办法未指定的所有岗位"))
    return joined(parts, "; ", "；")


def _units(one: Scheme, _: Names) -> Told:
    named = sorted(set(one.units))
    return (", ".join(named), "、".join(named)) if named else ("the whole bank", "全行")


SCHEME: Table = {
    "en": NAME,
    "positions": Row(("positions", "适用岗位"), _positions),
    "units": Row(("units", "适用机构"), _units),
    "regulation": codes(("checked against", "合规校验依据"), "regulation", {
        "china": ("the rules of China's regulators", "中国监管规定"),
        "none": ("no regulator's rules", "不校验监管规定"),
    }),
}  # fmt: skip
ROUNDING: Table = {
    "points": Row(("each line", "每项得分"), lambda one, _: _multiple(one.points)),
    "half": codes(("a half", "恰为一半时"), "half", {
        "up": ("goes away from zero", "四舍五入"), "even": ("goes to the even multiple", "向偶数取整"),
    }),
    "section": Row(("each section", "每个分项"), lambda one, _: _multiple(one.section)),
    "score": Row(("the score", "总分"), lambda one, _: _multiple(one.score)),
    "tier": codes(("tiers look at", "评定等次依据"), "tier", {
        "exact": ("the score before its last rounding", "总分末次取整之前的值"),
        "rounded": ("the rounded score", "取整后的总分"),
    }),
}  # fmt: skip


def _multiple(unit: Decimal | None) -> Told:
    if unit is None:
        return "not rounded again", "不再取整"
    return f"rounded to {plain(unit)}", f"取整到 {plain(unit)}"


def _ramp_up(one: Appraisal, _: Names) -> Told | None:
    return joined((_ramped(each) for each in one.ramp_up), ", ", "、") if one.ramp_up else None


def _ramped(one: RampUp) -> Told:
    part = percent(one.part)
    return f"quarter {one.quarter} of service: {part}", f"任职第 {one.quarter} 季：{part}"


APPRAISAL: Table = COMMON | {
    "minimum_working_days": Row(
        ("graded from", "最低出勤"),
        lambda one, _: (f"{one.minimum_working_days} working days in the quarter on", (
            f"当季 {one.minimum_working_days} 个工作日")),
    ),
    "without_target": codes(("an indicator without a target", "未约定目标的指标"), "without_target", {
        "spread": ("its weight is spread over the others", "权重由其他指标分摊"),
        "zero": ("counts as 0", "按 0 分计"), "full": ("counts as fully reached", "按满分计"),
    }),
    "targets": codes(("targets of who served a part of the quarter", "任职不满一季者的目标"), "targets", {
        "whole": ("asked in full", "全额"), "working-days": ("in proportion to working days", "按工作日折算"),
        "calendar-days": ("in proportion to calendar days", "按日历日折算"),
        "full-months": ("in proportion to full months", "按整月折算"),
    }),
    "ramp_up": Row(("targets of newcomers", "新任职者的目标"), _ramp_up),
}  # fmt: skip
QUARTERLY_CHECK: Table = COMMON | {
    "green": Row(("green", "绿灯"), lambda one, _: _at_this_pace(one.green)),
    "amber": Row(("amber", "黄灯"), lambda one, _: _at_this_pace(one.amber)),
    "silent_days": Row(
        ("called silent", "视为缺日志"),
        lambda one, _: (f"after {one.silent_days} working days without an own entry", (
            f"连续 {one.silent_days} 个工作日无本人记录")),
    ),
}  # fmt: skip


def _days(label: Told, field: str, since: Told) -> Row:
    """A deadline of the review, in working days after what begins it."""

    def words(one: ReviewRules, _: Names) -> Told:
        days: int = getattr(one, field)
        return (
            f"within {days} working {'day' if days == 1 else 'days'} of {since[0]}",
            f"{since[1]}后 {days} 个工作日内",
        )

    return Row(label, words)


def _interview(one: ReviewRules, names: Names) -> Told:
    if not one.interview:
        return "asked for no tier", "不要求"
    tiers = joined(map(names.tier, one.interview), ", ", "、")
    return f"on record before it is final: {tiers[0]}", f"须有面谈记录方可终定的等次：{tiers[1]}"


def _escalated(one: ReviewRules, _: Names) -> Told:
    days = f"{one.escalate_days} working {'day' if one.escalate_days == 1 else 'days'}"
    return f"{days} late, it waits for the next superior as well", f"逾期 {one.escalate_days} 个工作日，同时转上一级"


REVIEW: Table = COMMON | {
    "rate_days": _days(("rated and submitted", "评分并提交"), "rate_days", ("opening", "启动")),
    "approve_days": _days(("approved or returned", "审批或退回"), "approve_days", ("submission", "提交")),
    "answer_days": _days(("acknowledged or appealed", "确认或申诉"), "answer_days", ("approval", "审批")),
    "decide_days": _days(("appeal decided", "申诉裁定"), "decide_days", ("the appeal", "提出申诉")),
    "escalate_days": Row(("past its deadline", "逾期升级"), _escalated),
    "pays": codes(("pays", "用于发放"), "pays", {
        "same-quarter": ("the quarter that it grades", "本考核季度的绩效"),
        "next-quarter": ("the quarter after it", "下一季度的绩效"),
    }),
    "interview": Row(("interview", "绩效面谈"), _interview),
    "all_rated": codes(("others of the group", "同组人员"), "all_rated", {
        True: ("all must be rated before a grade is final", "全部完成评分后方可终定"),
        False: ("need not be rated before a grade is final", "不要求全部完成评分"),
    }),
    "quota_met": codes(("quotas", "等次比例"), "quota_met", {
        True: ("must be met before a grade is final", "符合比例后方可终定"),
        False: ("need not be met before a grade is final", "终定前不作要求"),
    }),
    "least_votes": Row(
        ("votes told", "测评结果公布"),
        lambda one, _: (f"from {one.least_votes} people on", f"满 {one.least_votes} 人参与方公布"),
    ),
}  # fmt: skip


def _at_this_pace(part: Decimal) -> Told:
    return f"from {percent(part)} of the target on, at this pace", f"按当前进度预计达目标 {percent(part)} 起"


KIND: Table = COMMON | {
    "unit": Row(("unit", "单位"), lambda one, _: told(one.unit)),
    "counted": codes(("counted by", "计量口径"), "counted", {
        "quantity": ("quantity", "数量"), "amount": ("amount", "金额"),
    }),
    "reported": codes(("reported by", "由谁报送"), "reported", {
        "self": ("the relationship manager", "客户经理本人"),
        "fed": ("the bank's systems", "银行系统"),
    }),
    "counts": codes(("counts", "何时计入"), "counts", {
        "verified": ("once a second person has verified it", "经他人核实后"), "at-once": ("at once", "立即"),
    }),
    "daily_limit": number(
        ("daily limit", "每日上限"), "daily_limit", (" a day earn points of the game", "（计激励积分）"),
    ),
    "points": Row(
        ("points of the game", "激励积分"),
        lambda one, _: (f"{plain(one.points)} each", f"每单位 {plain(one.points)} 分") if one.points else None,
    ),
    "certificate": Row(
        ("earned by", "得分资格"),
        lambda one, _: ("whoever has a certificate on that day", "当日持有资格证书者") if one.certificate else None,
    ),
    "repeats": Row(
        ("doing it again", "重复"),
        lambda one, _: (
            None if one.repeats else ("earns as much: it is done without a customer", "不减分（不涉及具体客户）")
        ),
    ),
}  # fmt: skip


def _unit(one: Indicator | NamedMeasure, names: Names) -> Told | None:
    return names.unit_of(one)


UNIT = Row(("unit", "单位"), _unit)
DEPOSIT = Row(
    ("deposits", "存款"),
    lambda one, _: ("a measure of deposits: never ranked", "存款类，不排名") if one.deposit else None,
)
MEASURED = Row(("measured as", "计量方法"), lambda one, names: measure_words(one.measure, names))
OF_DEPOSITS = keyed(deposit=DEPOSIT)
MEASURE: Table = COMMON | {"measure": MEASURED, "unit": UNIT} | OF_DEPOSITS


def _points(one: Indicator, names: Names) -> Told:
    return one.shape.rule(Stated(told(names.scheme.unit_of(one)), one.weight))


def _weight(one: Indicator, _: Names) -> Told:
    if one.shape.outside:
        return "none: beside the 100", "无（百分之外）"
    return in_points(one.weight), f"{plain(one.weight)} 分"


def _target(one: Indicator, names: Names) -> Told | None:
    if one.target is not None:
        en, zh = amount(one.target, names.unit_of(one))
        return f"{en}, unless the contract says otherwise", f"{zh}，责任书另有约定的除外"
    return ("as agreed in the contract", "按责任书约定") if one.shape.columns().needs_target else None


def _anchors(one: Indicator, _: Names) -> Told | None:
    return joined(map(_anchor, one.anchors), "; ", "；") if one.anchors else None


def _anchor(one: Anchor) -> Told:
    return f"from {figure(one.at)} on: {one.en}", f"{figure(one.at)} 分起：{one.zh}"


UNRATED: dict[str, Told] = {
    "spread": ("its weight is spread over the others", "权重由其他指标分摊"),
    "zero": ("counts as 0", "按 0 分计"),
}
CARRIED = Row(
    ("shortfall", "未完成部分"),
    lambda one, _: ("asked of the next quarter of the year as well", "结转本年下一季度") if one.carried else None,
)
OF_SALES = keyed(
    sale=Row(
        ("sold for others", "代理销售"),
        lambda one, _: ("the seller must be qualified", "销售人员须具备资格") if one.sale else None,
    )
)
INDICATOR: Table = COMMON | {
    "weight": Row(("weight", "权重"), _weight),
    "shape": Row(("points", "计分"), _points),
    "measure": MEASURED,
    "target": Row(("target", "目标"), _target),
    "carried": CARRIED,
    "unit": UNIT,
    "unrated": Row(("without a figure", "无数值时"), lambda one, _: UNRATED[one.unrated] if one.unrated else None),
    "anchors": Row(("a rating stands for", "评分标准"), _anchors),
    "indicator_class": codes(("class", "类别"), "indicator_class", CLASSES),
    "nature": codes(("nature", "性质"), "nature", {
        "quantitative": ("quantitative", "定量"), "qualitative": ("qualitative", "定性"),
    }),
    "section": Row(("section", "所属分项"), lambda one, names: names.of(one.section) if one.section else None),
} | OF_DEPOSITS | OF_SALES  # fmt: skip
SECTION: Table = COMMON | {
    "weight": number(("weight", "权重"), "weight", POINTS),
    "least": number(("never below", "最低计"), "least", POINTS),
    "most": number(("never above", "最高计"), "most", POINTS),
    "minimum": number(("minimum", "最低要求"), "minimum", POINTS),
    "cap_tier": Row(
        ("below the minimum", "低于最低要求时"),
        lambda one, names: _at_best(one.cap_tier, names) if one.cap_tier else None,
    ),
}


def _at_best(tier: str, names: Names) -> Told:
    en, zh = names.tier(tier)
    return f"at best {en}", f"最高为{zh}"


WHEN = Row(("when", "条件"), lambda one, names: names.condition(one.when) if one.when else None)
MULTIPLIER: Table = COMMON | {
    "when": WHEN,
    "times": Row(
        ("the score is", "总分"), lambda one, _: (f"multiplied by {plain(one.times)}", f"乘以 {plain(one.times)}")
    ),
}


def _zero(one: Gate, names: Names) -> Told | None:
    return names.several(one.zero) if one.zero else None


THEN: dict[str, Told] = {
    "not-gradable": ("no grade is given", "不予评定等次"),
    "held": ("the grade is held until somebody has decided", "等次暂缓，待作出决定"),
}
GATE: Table = COMMON | {
    "when": WHEN,
    "cap_tier": Row(("tier", "等次"), lambda one, names: _at_best(one.cap_tier, names) if one.cap_tier else None),
    "coefficient": Row(
        ("coefficient", "绩效系数"),
        lambda one, _: _coefficient_at_most(one) if one.coefficient is not None else None,
    ),
    "zero": Row(("earn nothing", "不计分"), _zero),
    "then": Row(("grade", "评定"), lambda one, _: THEN[one.then] if one.then else None),
}


def _coefficient_at_most(one: Gate) -> Told:
    value = plain(one.coefficient or Decimal(0))
    return f"at most {value}", f"最高 {value}"


def _steps(one: Tier, _: Names) -> Told | None:
    return joined(map(_step, one.steps)) if one.steps else None


def _step(one: Step) -> Told:
    floor, coefficient = plain(one.floor), plain(one.coefficient)
    return f"from {floor} points on {coefficient}", f"{floor} 分起 {coefficient}"


TIER: Table = {
    "en": NAME,
    "floor": Row(
        ("from", "起始分"),
        lambda one, _: None if one.floor is None else (f"{plain(one.floor)} points on", f"{plain(one.floor)} 分"),
    ),
    "when": WHEN,
    "coefficient": number(("coefficient", "绩效系数"), "coefficient"),
    "steps": Row(("coefficients of its steps", "档内系数"), _steps),
}


def _part(one: Quota, side: Literal["at_most", "at_least"]) -> Told | None:
    part: Decimal | None = getattr(one, side)
    return None if part is None else (percent(part), percent(part))


QUOTA: Table = COMMON | {
    "tier": Row(("tier", "等次"), lambda one, names: names.tier(one.tier)),
    "at_most": Row(("at most in it or a better one", "该等次及以上最多"), lambda one, _: _part(one, "at_most")),
    "at_least": Row(("at least in it or a worse one", "该等次及以下最少"), lambda one, _: _part(one, "at_least")),
    "within": Row(
        ("of the people graded in", "参评范围"),
        lambda one, _: (f"each {one.within}", f"每个 {one.within}") if one.within else WHOLE,
    ),
    "heads": codes(("heads are rounded", "人数取整"), "heads", {
        "floor": ("down", "向下"), "ceiling": ("up", "向上"),
    }),
    "smallest": Row(
        ("exempt", "免除"),
        lambda one, _: (f"groups of fewer than {one.smallest}", f"不足 {one.smallest} 人的范围"),
    ),
    "ties": codes(("equals at the edge", "临界并列者"), "ties", {
        "keep": ("all keep their tier", "均保留原等次"), "fall": ("all fall", "均下调"),
    }),
}  # fmt: skip


def _bands(one: CoefficientOfScore, _: Names) -> Told:
    return joined(map(_band, one.bands), "; ", "；")


def _band(band: CoefficientBand) -> Told:
    begins, ends = band.begins, band.ends
    if begins is not None and ends is not None:
        en, zh = f"{plain(begins)} to {plain(ends)} points", f"{plain(begins)} 至 {plain(ends)} 分"
    elif begins is not None:
        en, zh = f"from {plain(begins)} points on", f"{plain(begins)} 分起"
    else:
        en, zh = f"up to {plain(ends or Decimal(0))} points", f"{plain(ends or Decimal(0))} 分以下"
    gives = plain(band.gives)
    if band.until is None:
        return f"{en}: {gives}", f"{zh}：{gives}"
    until = plain(band.until)
    return f"{en}: {gives} to {until} in proportion", f"{zh}：{gives} 至 {until}，按比例"


COEFFICIENT: Table = COMMON | {
    "bands": Row(("coefficient", "绩效系数"), _bands),
    "edges": codes(("an edge belongs to", "分界归属"), "edges", {
        "from": ("the band that begins there", "从该分起的一档（含下限）"),
        "to": ("the band that ends there", "到该分止的一档（含上限）"),
    }),
    "rounding": Row(("coefficient", "系数取整"), lambda one, _: _multiple(one.rounding)),
}  # fmt: skip
CLAUSE_WORDS: Table = {"en": Row(("words", "内容"), lambda one, _: (one.en, one.zh))}

TABLES: dict[type[Entry], Table] = {
    Scheme: SCHEME, Rounding: ROUNDING, Appraisal: APPRAISAL, QuarterlyCheck: QUARTERLY_CHECK, ReviewRules: REVIEW,
    Words: CLAUSE_WORDS, Kind: KIND, NamedMeasure: MEASURE, Section: SECTION, Indicator: INDICATOR,
    Multiplier: MULTIPLIER, Gate: GATE, Tier: TIER, Quota: QUOTA, CoefficientOfScore: COEFFICIENT, **GAME_TABLES,
}  # fmt: skip


def passages(scheme: Scheme) -> Iterator[Passage]:
    """Every entry of a scheme in words, in the order of the file."""
    names = Names(scheme)
    yield _passage(names, "scheme", scheme.scheme, scheme)
    yield _passage(names, "rounding", "", scheme.rounding, SORTS["rounding"])
    yield _passage(names, "appraisal", "", scheme.appraisal)
    if scheme.quarterly_check is not UNSTATED:
        yield _passage(names, "quarterly-check", "", scheme.quarterly_check)
    if scheme.review is not UNSTATED_REVIEW:
        yield _passage(names, "review", "", scheme.review)
    for clause, words in scheme.clauses.items():
        yield _passage(names, "clause", clause, words)._replace(clause=clause)
    for kind, one in scheme.kinds.items():
        yield _passage(names, "kind", kind, one)
    for name, measure in scheme.measures.items():
        yield _passage(names, "measure", name, measure)
    yield from (_passage(names, "section", one.id, one) for one in scheme.sections)
    yield from (_passage(names, "indicator", one.id, one) for one in scheme.indicators)
    yield from (_passage(names, "multiplier", one.id, one) for one in scheme.multipliers)
    yield from (_passage(names, "gate", one.id, one) for one in scheme.gates)
    yield from (_passage(names, "tier", one.id, one) for one in scheme.tiers)
    yield from (_passage(names, "quota", one.id, one) for one in scheme.quotas)
    if scheme.coefficient:
        yield _passage(names, "coefficient", "", scheme.coefficient)
    if scheme.game is not UNSTATED_GAME:
        yield _passage(names, "game", "", scheme.game)
    yield from (_passage(names, "claw-back", one.id, one) for one in scheme.claw_backs)
    yield from (_passage(names, "season", one.id, one) for one in scheme.seasons)
    of = scheme.seasons[0].clause if scheme.seasons else None  # a level is by the points of a season
    yield from (_passage(names, "level", one.id, one)._replace(clause=of) for one in scheme.levels)
    yield from (_passage(names, "streak", one.id, one) for one in scheme.streaks)
    yield from (_passage(names, "badge", one.id, one) for one in scheme.badges)
    if scheme.boards is not UNSTATED_BOARDS:
        yield _passage(names, "boards", "", scheme.boards)
    yield from (_passage(names, "board", one.id, one) for one in scheme.board)


def _passage(names: Names, sort: Sort, id: str, entry: Any, name: Told | None = None) -> Passage:
    found = ((key, row.label, row.words(entry, names)) for key, row in TABLES[type(entry)].items())
    facts = tuple(Fact(key, label, words) for key, label, words in found if words is not None)
    return Passage(sort, id, getattr(entry, "clause", None), name or (entry.en, entry.zh), facts, entry)
