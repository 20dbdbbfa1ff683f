"""How a figure comes about, in words: one sentence per rule of a measure."""

from collections.abc import Iterable
from decimal import Decimal

from domain.money import plain
from domain.scheme import Measure
from domain.shapes.words import Told, figure, joined
from domain.wording.names import Names

ONE = Decimal(1)
SINGLE: dict[str, Told] = {
    "count": ("number of entries", "笔数"),
    "distinct-customers": ("number of different customers", "不同客户数"),
    "rating": ("rated by people in the quarterly review", "由季度考核评分"),
    "ready": ("delivered ready by the bank's warehouse", "由数据仓库提供"),
}
OF: dict[tuple[str, str], Told] = {
    ("sum", "amount"): ("sum of the amounts", "金额合计"),
    ("sum", "quantity"): ("sum of the quantities", "数量合计"),
    ("sum", "counted"): ("sum of amounts and quantities, as each kind counts", "按各工作类型的计量口径合计"),
    ("last", "amount"): ("amount of the last entry", "最近一笔金额"),
    ("last", "quantity"): ("quantity of the last entry", "最近一笔数量"),
    ("maximum", "amount"): ("greatest amount of an entry", "单笔最大金额"),
    ("maximum", "quantity"): ("greatest quantity of an entry", "单笔最大数量"),
    ("daily-average", "amount"): ("daily average of the amounts", "金额日均"),
    ("daily-average", "quantity"): ("daily average of the quantities", "数量日均"),
    ("day-balance", "amount"): ("balance of the amounts", "金额余额"),
    ("day-balance", "quantity"): ("balance of the quantities", "数量余额"),
}


DAYS: dict[str, Told] = {
    "before-quarter": ("as the quarter began", "季初"),
    "before-year": ("as the year began", "年初"),
    "quarter-first-day": ("at the end of the quarter's first day", "季度首日末"),
    "year-first-day": ("at the end of the year's first day", "年度首日末"),
    "last-day": ("at the quarter's end", "季末"),
}


def measure_words(measure: Measure, names: Names) -> Told:
    """One measure, whole."""
    en, zh = _rule(measure, names)
    if measure.on is not None:
        day = f"at the end of {measure.on}", f"{measure.on} 日末"
        day = DAYS.get(str(measure.on), day)
        en, zh = f"{en}; {day[0]}", f"{zh}；{day[1]}"
    if measure.over_base:
        return f"{en}; less the base of the contract", f"{zh}；减责任书基数"
    return en, zh


def _rule(measure: Measure, names: Names) -> Told:
    match measure.rule:
        case "ratio":
            return _ratio(measure, names)
        case "difference":
            (top, top_zh), (bottom, bottom_zh) = names.of(measure.top or ""), names.of(measure.bottom or "")
            return f"{top} less {bottom}", f"{top_zh}减{bottom_zh}"
        case "mean":
            return _mean(measure, names)
        case "votes":
            parts = _weighted(measure.levels.items(), names)
            return (
                f"mean of the votes, each counted as: {parts[0]}; who does not know is left out",
                f"测评票按以下分值平均：{parts[1]}；弃权不计入",
            )
        case rule:
            what = SINGLE.get(rule) or OF.get((rule, measure.of or ""), (rule, rule))
            en, zh = _of_kinds(measure, names)
            return (f"{what[0]}: {en}", f"{what[1]}：{zh}") if en else what


def _of_kinds(measure: Measure, names: Names) -> Told:
    """Which kinds go in, each with its factor where that is not 1."""
    parts = [_factored(measure, measure.plus, names)] if measure.plus else []
    if measure.minus:
        en, zh = _factored(measure, measure.minus, names)
        parts.append((f"less {en}", f"减{zh}"))
    if measure.sets:
        en, zh = _factored(measure, measure.sets, names)
        each = ("", "") if len(measure.sets) == 1 else (", which add up", "，各自相加")
        parts.append((f"balances stated by {en}{each[0]}", f"余额以{zh}为准{each[1]}"))
    return joined(parts, ", ", "，")


def _factored(measure: Measure, kinds: Iterable[str], names: Names) -> Told:
    told = []
    for kind in kinds:
        (en, zh), factor = names.of(kind), measure.factors.get(kind, ONE)
        times = "" if factor == ONE else f" × {plain(factor)}"
        told.append((f"{en}{times}", f"{zh}{times}"))
    return joined(told)


def _ratio(measure: Measure, names: Names) -> Told:
    (top, top_zh), (bottom, bottom_zh) = names.of(measure.top or ""), names.of(measure.bottom or "")
    times = "" if measure.times == ONE else f" × {plain(measure.times)}"
    zero = ("no figure", "无数值") if measure.when_zero is None else (figure(measure.when_zero),) * 2
    return (
        f"{top} / {bottom}{times}; where {bottom} is 0: {zero[0]}",
        f"{top_zh} ÷ {bottom_zh}{times}；{bottom_zh}为 0 时：{zero[1]}",
    )


def _mean(measure: Measure, names: Names) -> Told:
    en, zh = _weighted(measure.weights.items(), names)
    en, zh = f"mean by weight of {en}; what is missing is left out", f"按权重平均：{zh}；缺项不计入"
    if measure.weakest:
        below, most = figure(measure.weakest.below), figure(measure.weakest.most)
        en, zh = f"{en}; where one lies below {below}, at most {most}", f"{zh}；任一项低于 {below} 时最高 {most}"
    return en, zh


def _weighted(parts: Iterable[tuple[str, Decimal]], names: Names) -> Told:
    named = [(names.of(name), plain(weight)) for name, weight in parts]
    return joined((f"{en} {weight}", f"{zh} {weight}") for (en, zh), weight in named)
