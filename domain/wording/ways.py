"""What would bring the next tier, in words: one figure alone, days of the own pace, and what is out of reach."""

from decimal import Decimal
from typing import Literal

from domain.money import canonical, plain
from domain.shapes.words import Told, counted, figure

Reason = Literal[
    "full",
    "too-little",
    "undone",
    "no-target",
    "nothing-due",
    "zeroed",
    "barred",
    "asks-more",
    "made-of",
    "ranked",
    "no-figure",
    "undecided",
    "outdone",
]
"""Why no figure of a line brings the tier."""
REASONS: dict[Reason, Told] = {
    "full": ("has all the points that it can have", "已得满分"),
    "too-little": ("can bring at most {gain} more, too few", "最多还可增加 {gain} 分，仍不够"),
    "undone": ("what has been recorded can't be undone by doing more", "已发生的无法靠多做工作抵消"),
    "no-target": ("earns nothing more without a target", "未约定目标，无法增分"),
    "nothing-due": (
        "earns nothing: of its target nothing is asked for the time served", "按任职时间无须完成目标，无法增分",
    ),
    "zeroed": ("a condition takes it its points", "被限制条件取消得分"),
    "barred": ("no figure lifts what bars the tier", "任何实绩都不能解除限制条件"),
    "asks-more": ("points alone are not enough: the tier asks for more", "仅增加得分不够，该等次还有其他要求"),
    "ranked": ("its points are by the place among others, who move, too", "按名次计分，取决于他人"),
    "no-figure": ("has no figure yet, and none alone would be enough", "暂无数值，单凭该项也不够"),
    "made-of": ("no single figure that it is made of is enough", "其任一组成项单独变动均不够"),
    "outdone": ("would be enough, but better scores stand before", "本可达到，但名额已由得分更高者占用"),
    "undecided": ("was not decided: more is not always better here", "未能判定：该项并非越多越好"),
}  # fmt: skip


def way_words(name: Told, unit: Told, now: Decimal | None, to: Decimal, of: Told | None) -> Told:
    """One figure that alone is enough; `of` is the line that it is a part of."""
    named = (f"{name[0]} (in {of[0]})", f"{name[1]}（{of[1]}）") if of else name
    reached = _amount(to, unit)
    if now is None:
        return f"{named[0]}: {reached[0]}; there is no figure yet.", f"{named[1]}：达到 {reached[1]}（暂无数值）。"
    more = _amount(canonical(abs(to - now)), unit)
    if to > now:
        return f"{named[0]}: {more[0]} more, {reached[0]} in all.", f"{named[1]}：再增加 {more[1]}，达到 {reached[1]}。"
    return f"{named[0]}: {more[0]} less, {reached[0]} in all.", f"{named[1]}：减少 {more[1]}，降至 {reached[1]}。"


def _amount(value: Decimal, unit: Told) -> Told:
    en = counted(value, unit[0]) if unit[0] else figure(value)
    return en, f"{figure(value)} {unit[1]}".rstrip()


def pace_words(days: int | None, left: int, longest: int) -> Told:
    """So many days of the own pace, and how many there are left."""
    if days is None and not left:
        return "The quarter is over: no working day is left.", "本季已结束，没有剩余工作日。"
    if days is None:
        return (
            f"At the own pace so far not even {longest} more working days would be enough.",
            f"按目前自身进度，再做 {longest} 个工作日也不够。",
        )
    more = "1 more working day" if days == 1 else f"{days} more working days"
    en, zh = f"{more} at the own average pace so far", f"按目前自身日均进度，再做 {days} 个工作日"
    if not left:
        return f"The quarter is over; {en} would have been enough.", f"本季已结束；{zh}本可达到。"
    remain = "1 is left" if left == 1 else f"{left} are left"
    if days > left:
        return f"{en} would be enough, but only {remain} in the quarter.", f"{zh}才够，但本季只剩 {left} 个工作日。"
    return (
        f"{en} {'is' if days == 1 else 'are'} enough; {remain} in the quarter.",
        f"{zh}即可；本季还剩 {left} 个工作日。",
    )


def out_of_reach_words(name: Told, reason: Reason, gain: Decimal) -> Told:
    """Why a line alone does not bring the tier."""
    en, zh = REASONS[reason]
    return f"{name[0]}: {en.format(gain=counted(gain, 'points'))}.", f"{name[1]}：{zh.format(gain=plain(gain))}。"
