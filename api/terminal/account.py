"""A scorecard told in sentences: how lines, score and grade came about, and what the next tier would take."""

from collections.abc import Iterator
from operator import attrgetter

from api.terminal.language import Language
from projections.answers import NextTier, Scorecard

TITLES: dict[str, tuple[str, str]] = {
    "lines": ("How each line came about", "各项得分的由来"),
    "grade": ("How the grade came about", "等次的由来"),
    "reach": ("What would reach {tier}", "如何达到{tier}"),
    "asked": ("It asks for", "要求"),
    "met": ("met", "已满足"),
    "unmet": ("not met", "未满足"),
    "barred": ("Nothing does while this holds: {conditions}", "以下条件存在时无法达到：{conditions}"),
    "compared": (
        "Whether it stands hangs on everybody's scores, too: {quotas}",
        "能否评上还取决于全体人员的得分：{quotas}",
    ),
    "alone": ("One of these alone is enough", "其他不变，达成其中任一项即可"),
    "not-alone": ("Not enough alone", "单独不够"),
}


def account(card: Scorecard, language: Language) -> Iterator[str]:
    """The sentences, line by line."""
    of = attrgetter(language.value)
    yield title("lines", language)
    for line in card.lines:
        yield f"  {of(line.name)}: {' '.join(map(of, line.steps or [line.sentence]))}"
    if card.told or card.sections:
        yield title("grade", language)
    for section in card.sections:
        yield f"  {of(section.name)}: {of(section.sentence)}"
    for told in card.told:
        yield f"  {of(told.sentence)}"
    if card.next_tier:
        yield from _reach(card.next_tier, language)


def title(name: str, language: Language, **values: str) -> str:
    """A head, or a word of one."""
    return TITLES[name][language is Language.ZH].format(**values)


def _reach(better: NextTier, language: Language) -> Iterator[str]:
    of = attrgetter(language.value)
    yield title("reach", language, tier=of(better.name))
    for ask in better.asks:
        met = title("met" if ask.is_met else "unmet", language)
        yield f"  {title('asked', language)}: {of(ask.what)} ({met})"
    if better.barred_by:
        yield f"  {title('barred', language, conditions='; '.join(map(of, better.barred_by)))}"
    yield from (f"  {of(words)}" for words in better.taken)
    if better.compared and not better.is_closed:
        yield f"  {title('compared', language, quotas='; '.join(map(of, better.compared)))}"
    if better.barred_by and not better.ways and not (better.pace and better.pace.days):
        return
    if better.pace:
        yield f"  {of(better.pace.sentence)}"
    for head, each in (("alone", better.ways), ("not-alone", better.out_of_reach)):
        if each:
            yield f"  {title(head, language)}:"
            yield from (f"    {of(one.sentence)}" for one in each)
