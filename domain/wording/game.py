"""The rules of the game in words, fact by fact: points, claw-backs, levels, streaks, badges and leaderboards."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from domain.money import plain
from domain.scheme_file.entries import Entry
from domain.scheme_file.game_entries import (
    Badge,
    Board,
    Boards,
    ClawBack,
    Game,
    GameLevel,
    Season,
    Streak,
    looked_at,
)
from domain.shapes.words import Told, counted, figure, joined, percent
from domain.wording.names import Names
from domain.wording.rows import COMMON, NAME, Row, Table, codes

PERIODS: dict[str, Told] = {
    "day": ("day", "日"), "week": ("week", "周"), "month": ("month", "月"), "quarter": ("quarter", "季度"),
    "season": ("season", "赛季"), "year": ("year", "年"),
}  # fmt: skip
TIES: dict[str, Told] = {
    "standard": ("share the best of their places: 1, 2, 2, 4", "并列取最前名次，后续空位：1、2、2、4"),
    "modified": ("share the last of their places: 1, 3, 3, 4", "并列取最后名次，前面空位：1、3、3、4"),
    "dense": ("share a place, and none is left out: 1, 2, 2, 3", "并列同名次，后续不空位：1、2、2、3"),
    "ordinal": ("stand in the order in which they got there: 1, 2, 3, 4", "按先达到者在前：1、2、3、4"),
    "fractional": ("share the mean of their places: 1, 2.5, 2.5, 4", "并列取平均名次：1、2.5、2.5、4"),
}
LOOKED: dict[str, Told] = {"score": ("score", "得分"), "points": ("points of the game", "激励积分")}


def _kinds(field: str) -> Any:
    def words(one: Any, names: Names) -> Told | None:
        kinds: Sequence[str] = getattr(one, field)
        return names.several(kinds) if kinds else None

    return words


def _repeats(one: Game, _: Names) -> Told | None:
    if not one.repeats:
        return None
    en, zh = (mark.join(map(percent, one.repeats)) for mark in (", ", "、"))
    return f"{en} in turn, the last for all further ones", f"依次计 {zh}，此后均按最后一档"


GAME: Table = COMMON | {
    "limit_by": codes(("a day's limit is filled by", "每日上限占用"), "limit_by", {
        "act": ("what was done on it", "按工作发生日"), "record": ("what was recorded on it", "按登记日"),
    }),
    "repeats": Row(("the same again with one customer earns", "对同一客户重复同类工作"), _repeats),
    "repeats_within": Row(
        ("the same again is counted by", "重复次数统计"),
        lambda one, _: (PERIODS[one.repeats_within][0], f"按{PERIODS[one.repeats_within][1]}") if one.repeats else None,
    ),
}  # fmt: skip


def _takes(one: ClawBack, names: Names) -> Told:
    return names.several(one.takes) if one.takes else ("everything that earns points", "全部得分工作")


CLAW_BACK: Table = COMMON | {
    "on": Row(("where there is", "触发情形"), _kinds("on")),
    "takes": Row(("takes back the points of", "收回积分范围"), _takes),
    "of": codes(("of", "收回对象"), "of", {
        "customer": ("what was done with the same customer", "对同一客户的工作"),
        "rm": ("all that the relationship manager did", "该客户经理的全部工作"),
    }),
    "days": Row(
        ("done", "追溯期"),
        lambda one, _: (
            f"on that day or in the {one.days} days before it" if one.days else "on that day",
            f"当日及此前 {one.days} 日" if one.days else "当日",
        ),
    ),
}  # fmt: skip
SEASON: Table = COMMON | {
    "begins": Row(("from", "开始"), lambda one, _: (f"{one.begins}", f"{one.begins}")),
    "until": Row(("until", "结束"), lambda one, _: (f"{one.until}, included", f"{one.until}（含）")),
}
LEVEL: Table = {
    "en": NAME,
    "at": Row(
        ("from", "起始积分"),
        lambda one, _: (f"{figure(one.at)} points in the season on", f"本赛季 {figure(one.at)} 分起"),
    ),
}
STREAK: Table = COMMON | {
    "kinds": Row(("kept by", "计入工作"), _kinds("kinds")),
    "least": Row(
        ("on each working day", "每个工作日"),
        lambda one, _: (f"at least {figure(one.least)}", f"至少 {figure(one.least)}"),
    ),
    "missed": codes(("a missed working day", "漏一个工作日"), "missed", {
        "ends": ("ends it", "连续记录中断"),
        "freezes": ("uses up a freeze, without one it ends", "消耗一次冻结，无冻结则中断"),
        "never-twice": ("is forgiven once, two running end it", "可谅解一次，连漏两日则中断"),
    }),
    "held": Row(
        ("freezes held", "冻结持有"),
        lambda one, _: (f"at most {one.held}, none at first", f"最多 {one.held} 次，初始为 0") if one.held else None,
    ),
    "each": Row(
        ("a freeze is earned by", "冻结获得"),
        lambda one, _: (f"{one.each} kept days", f"每坚持 {one.each} 日得一次") if one.each else None,
    ),
    "frozen": codes(("a frozen day (leave, rotation, a freeze used)", "冻结日（请假、轮岗、使用冻结）"), "frozen", {
        "skips": ("does not lengthen it", "不计入天数"), "counts": ("lengthens it", "计入天数"),
    }),
}  # fmt: skip
OF: dict[str, Told] = {
    "quantity": ("in all", "数量合计"), "actions": ("times", "次数"), "customers": ("customers", "客户数"),
    "amount": ("CNY in all", "金额合计（元）"),
}  # fmt: skip


def _count(one: Badge, names: Names) -> Told | None:
    if one.count is None:
        return None
    kinds, (en, zh) = names.several(one.count.kinds), OF[one.count.of]
    least = one.count.at_least
    return f"{kinds[0]}: at least {counted(least, en)}", f"{kinds[1]}：{zh}达到 {figure(least)}"


WITHIN: dict[str, Told] = {
    "quarter": ("one quarter", "一个季度内"), "season": ("one season", "一个赛季内"), "year": ("one year", "一年内"),
    "ever": ("all the time since joining", "任职以来"),
}  # fmt: skip


def _within(one: Badge, _: Names) -> Told | None:
    return WITHIN[one.within] if one.within else None


def _without(one: Badge, names: Names) -> Told | None:
    if not one.without:
        return None
    en, zh = names.several(one.without)
    return f"{en}; decided once the period is over", f"{zh}；期满后评定"


def _streak(one: Badge, names: Names) -> Told | None:
    if one.streak is None:
        return None
    of = one.streak.of
    en, zh = next(((each.en, each.zh) for each in names.scheme.streaks if each.id == of), (of, of))
    return f"{en}: {one.streak.days} days", f"{zh}：{one.streak.days} 日"


def _measure(one: Badge, names: Names) -> Told | None:
    rule = one.measure
    if rule is None:
        return None
    en, zh = names.of(rule.of)
    if rule.completion is not None:
        part = percent(rule.completion)
        return f"completion of {en} at least {part} in a quarter", f"当季{zh}完成率达到 {part}"
    least = figure(rule.at_least or Decimal(0))
    return f"{en} at least {least} in a quarter", f"当季{zh}达到 {least}"


def _rank(one: Badge, names: Names) -> Told | None:
    if one.rank is None:
        return None
    (en, zh), first, level = ranked_words(one.rank.by, names), one.rank.first, one.rank.level
    where = (f"the own {level}", f"所在 {level} ") if level else ("the bank", "全行")
    places = ("first", "第一") if first == 1 else (f"among the first {first}", f"前 {first} 名")
    return (
        f"{places[0]} in {where[0]} by {en} at the close of a quarter",
        f"季度结束时{zh}在{where[1]}{places[1]}",
    )


def ranked_words(by: str, names: Names) -> Told:
    """What a board or a place in it is by."""
    how, of = looked_at(by)
    en, zh = LOOKED.get(of or how) or names.of(of or by)
    if how == "completion":
        return f"completion of {en}", f"{zh}完成率"
    return (f"improvement of the {en}", f"{zh}进步") if how == "improved" else (en, zh)


BADGE: Table = COMMON | {
    "icon": Row(("drawn as", "图案"), lambda one, _: (one.icon, one.icon)),
    "count": Row(("won by", "获得条件"), _count),
    "within": Row(("within", "统计期"), _within),
    "without": Row(("without any", "且无"), _without),
    "streak": Row(("won by", "获得条件"), _streak),
    "measure": Row(("won by", "获得条件"), _measure),
    "rank": Row(("won by", "获得条件"), _rank),
}


def _bands(field: str, unit: Told) -> Any:
    def words(one: Boards, _: Names) -> Told | None:
        begins: Sequence[Decimal | int] = getattr(one, field)
        if not begins:
            return None
        en, zh = (mark.join(figure(Decimal(each)) for each in begins) for mark in (", ", "、"))
        return f"bands begin at {en} {unit[0]}", f"以 {zh} {unit[1]}分档"

    return words


BOARDS: Table = COMMON | {
    "ties": codes(("equals", "并列"), "ties", TIES),
    "others_see": codes(("others see of a person", "他人可见"), "others_see", {
        "tier": ("place, name and tier", "名次、姓名、等次区间"), "value": ("the figure as well", "名次、姓名及数值"),
    }),
    "lower_half": codes(("the lower half", "后半段人员"), "lower_half", {
        "hidden": ("is not named to peers", "不向同事公布姓名"), "named": ("is named to all", "公布姓名"),
    }),
    "neighbours": Row(
        ("named around oneself", "本人前后可见"),
        lambda one, _: (f"{one.neighbours} on either side", f"前后各 {one.neighbours} 人"),
    ),
    "alias_outside": Row(
        ("outside the own unit", "本机构以外"),
        lambda one, _: (f"a person appears under an alias outside the own {one.alias_outside}", (
            f"在所属 {one.alias_outside} 以外以化名显示")) if one.alias_outside else None,
    ),
    "tenure": Row(("by tenure", "按任职年限"), _bands("tenure", ("years", "年"))),
    "portfolio": Row(("by portfolio", "按管户规模"), _bands("portfolio", ("premium customers", "户贵宾客户"))),
    "smallest_team": Row(
        ("the smallest team", "团队最少人数"),
        lambda one, _: (f"{one.smallest_team} people", f"{one.smallest_team} 人"),
    ),
}  # fmt: skip


def _by(one: Board, names: Names) -> Told | None:
    return ranked_words(one.by, names) if one.by else None


def _parts(one: Board, names: Names) -> Told | None:
    told = ((ranked_words(by, names), plain(weight)) for by, weight in one.parts.items())
    return joined((f"{en} {weight}", f"{zh} {weight}") for (en, zh), weight in told) if one.parts else None


def _periods(one: Board, _: Names) -> Told:
    return joined(PERIODS[each] for each in one.periods)


def _teams(one: Board, _: Names) -> Told:
    if one.teams is None:
        return "people", "个人"
    return (
        ("teams, by their mean per head", "团队，按人均")
        if one.teams == "mean"
        else ("teams, by their total", "团队，按合计")
    )


BOARD: Table = COMMON | {
    "by": Row(("ranks by", "排名依据"), _by),
    "parts": Row(("ranks by", "排名依据"), _parts),
    "periods": Row(("over", "周期"), _periods),
    "eligible": codes(("on it is", "入榜资格"), "eligible", {
        "all": ("everybody", "全体"), "gates-passed": ("who falls under no condition", "未触发任何限制条件者"),
    }),
    "teams": Row(("compares", "比较对象"), _teams),
    "level": Row(("teams are of each", "团队层级"), lambda one, _: (one.level, one.level) if one.level else None),
    "ties": Row(("equals", "并列"), lambda one, _: TIES[one.ties] if one.ties else None),
}  # fmt: skip
GAME_TABLES: dict[type[Entry], Table] = {
    Game: GAME, ClawBack: CLAW_BACK, Season: SEASON, GameLevel: LEVEL, Streak: STREAK, Badge: BADGE, Boards: BOARDS,
    Board: BOARD,
}  # fmt: skip
