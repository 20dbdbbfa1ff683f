"""What the entries of a scheme file must be to one another: every check yields a key and what would be right there."""

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any

from domain.money import plain
from domain.scheme_file.conditions import read_condition
from domain.scheme_file.entries import AMOUNT_UNIT, RESERVED, Entry, Weight
from domain.scheme_file.faults import Path, decimal_of
from domain.scheme_file.game_checks import GAME_CHECKS
from domain.scheme_file.measure_checks import carried_targets_grow, measures_fit, natures_fit
from domain.scheme_file.mistyped import LISTS, nearest
from domain.scheme_file.peer_checks import deposits_are_not_ranked, quotas_fit
from domain.scheme_file.reading import GAME_LISTS, TABLES, Entries, Findings, dotted
from domain.scheme_file.review_checks import anchors_fit, interviews_fit

MOST_MULTIPLIERS = 4
CITING = ("kinds", "measures", "sections", "indicators", "multipliers", "gates", "quotas", *GAME_LISTS)
"""The lists whose entries stand on a clause; a level of the game, like a tier, stands on none."""
OF_THE_WHOLE = ("score", "certified")
"""What a condition may look at beside kinds, indicators and sections."""


def ids_are_unique(entries: Entries) -> Findings:
    """Within a list; and across kinds and indicators, which share the names of conditions."""
    for section in LISTS:
        seen: set[Any] = set()
        for n, one in entries.named(section).items():
            if str(one) in seen:
                yield (section, n, "id"), f"give it an id of its own: `{one}` stands above already"
            seen.add(str(one))
    named = dict.fromkeys(entries.kind_ids(), "kind")
    for name in entries.measure_ids():
        if name in named:
            yield ("measures", name), f"give it another name: `{name}` is a kind already"
        named.setdefault(name, "measure")
    for section, what in (("indicators", "indicator"), ("sections", "section")):
        for n, one in entries.named(section).items():
            if isinstance(one, str) and named.get(one, what) != what:
                right = (
                    f"give it another id: `{one}` is a {named[one]} already, and a condition couldn't tell them apart"
                )
                yield (section, n, "id"), right
            named.setdefault(str(one), what)


def limits_have_names_of_their_own(entries: Entries) -> Findings:
    """What brings a tier down is named in answers, be it a gate or a section below its minimum."""
    sections = set(map(str, entries.named("sections").values()))
    for n, one in entries.named("gates").items():
        if str(one) in sections:
            yield ("gates", n, "id"), f"give it another id: `{one}` is a section, and both can bring a tier down"


def names_can_stand_in_conditions(entries: Entries) -> Findings:
    """Ids of kinds are keys of the file, so no field has looked at them yet."""
    for section, what, ids in (("kinds", "kind", entries.kind_ids()), ("measures", "measure", entries.measure_ids())):
        for name in ids:
            if name in RESERVED or not re.fullmatch("[a-z][a-z0-9_]{0,31}", name):
                right = f"give the {what} an id of a-z, 0-9 and _, beginning with a letter, at most 32 long"
                yield (section, name), right
    for section in ("indicators", "sections"):
        for n, one in entries.named(section).items():
            if isinstance(one, str) and one in RESERVED:
                yield (section, n, "id"), f"give it another id: `{one}` has a meaning of its own"


def clauses_are_known(entries: Entries) -> Findings:
    """Every clause that an entry cites has its text under [clauses]."""
    cited: list[tuple[Path, Entry]] = []
    for name in CITING:
        cited += [((name, key), one) for key, one in getattr(entries, name).items() if hasattr(one, "clause")]
    cited += [((table,), one) for table in TABLES if (one := getattr(entries, table))]
    clauses = entries.document.data.get("clauses")
    known = {*(clauses if isinstance(clauses, dict) else ()), *(".".join(map(str, one)) for one in dotted(clauses))}
    for path, entry in cited:
        clause = getattr(entry, "clause", None)
        if clause not in known:
            yield (*path, "clause"), untold(clause)


def untold(clause: object) -> str:
    """What would be right where a clause is cited that has no text."""
    return f'add a table [clauses."{clause}"] with `en` and `zh`, or cite one that stands there'


def amounts_are_in_yuan(entries: Entries) -> Findings:
    """A kind counted by amount has one possible unit."""
    for key, kind in entries.kinds.items():
        if kind.counted == "amount" and (kind.unit.en, kind.unit.zh) != AMOUNT_UNIT:
            yield ("kinds", key, "unit"), 'an amount is in yuan: unit = { en = "CNY", zh = "元" }'


def deposits_are_marked(entries: Entries) -> Findings:
    """What is made of deposits is a measure of deposits, which no board ranks (S25)."""
    marked = {name for name, one in entries.measures.items() if one.deposit}
    for n, one in entries.indicators.items():
        if not one.deposit and (made := sorted(marked & one.measure.parts.keys())):
            yield ("indicators", n), f"add deposit = true: it is made of `{made[0]}`, a measure of deposits"


def weights_add_up(entries: Entries) -> Findings:
    """To 100, over all that lies within the 100."""
    total = sum((one.weight for one in entries.indicators.values() if not one.shape.outside), Decimal(0))
    if _weights_are_told(entries) and total != 100:
        last = max(entries.named("indicators", "weight"), default=0)
        yield ("indicators", last, "weight"), f"make the weights add up to 100: they add up to {plain(total)}"


def _weights_are_told(entries: Entries) -> bool:
    """Whether every indicator can be read and has its weight; before, a sum says nothing of the mistake."""
    return entries.are_read("indicators") and all(
        one.weight or one.shape.outside for one in entries.indicators.values()
    )


def shapes_fit(entries: Entries) -> Findings:
    """The keys of a shape agree, and what lies outside the 100 has no weight."""
    for n, one in entries.indicators.items():
        for key, right in one.shape.faults():
            yield ("indicators", n, "shape", key), right
        if one.shape.outside and one.weight:
            yield ("indicators", n, "weight"), f"leave out `weight`: a {one.shape.kind} lies outside the 100"
        if not one.shape.outside and not one.weight:
            yield ("indicators", n), f"add `weight`: {Weight.right}"


def sections_fit(entries: Entries) -> Findings:
    """The weights of a section's indicators add up to its own, and its bounds and minimum make sense."""
    ids = [one for one in entries.named("sections").values() if isinstance(one, str)]
    are_told = _weights_are_told(entries)
    weights = dict.fromkeys(ids, Decimal(0))
    for n, one in entries.indicators.items():
        if one.section in weights:
            weights[one.section] += one.weight
        elif one.section is not None and (ids or "sections" not in entries.document.data):
            are_told = False
            right = f"`{one.section}` is no section of this file; {nearest(one.section, ids)}"
            yield ("indicators", n, "section"), right
    for n, section in entries.sections.items():
        if are_told and weights[section.id] != section.weight:
            both = f"{plain(section.weight)}, the weight of `{section.id}`: they add up to {plain(weights[section.id])}"
            right = f"make the weights of its indicators add up to {both}"
            yield ("sections", n, "weight"), right
        if (section.minimum is None) is not (section.cap_tier is None):
            yield ("sections", n), "write `minimum` and `cap_tier` together: what a sum below the minimum leads to"
        if section.least is not None and section.most is not None and section.least > section.most:
            yield ("sections", n, "least"), "put `least` at or below `most`"
        yield from _tier_findings(entries, ("sections", n, "cap_tier"), section.cap_tier)


def multipliers_fit(entries: Entries) -> Findings:
    """Few enough to be counted exactly, and followed by a stated rounding."""
    if len(entries.multipliers) > MOST_MULTIPLIERS:
        yield ("multipliers", MOST_MULTIPLIERS), f"write at most {MOST_MULTIPLIERS} multipliers"
    rounding = entries.document.data.get("rounding")
    if entries.multipliers and isinstance(rounding, dict) and "score" not in rounding:
        yield ("rounding",), 'add `score`: how the score is rounded once it is multiplied, like "0.01"'


def gates_fit(entries: Entries) -> Findings:
    """A gate does something, to a tier and lines of this file."""
    for n, gate in entries.gates.items():
        if gate.cap_tier is None and gate.coefficient is None and not gate.zero and gate.then is None:
            yield (
                ("gates", n),
                "add `cap_tier`, `coefficient`, `zero` or `then`: what happens where the condition holds",
            )
        yield from _tier_findings(entries, ("gates", n, "cap_tier"), gate.cap_tier)
        for each in gate.zero:
            if entries.indicator_ids() and each not in entries.indicator_ids():
                right = f"`{each}` is no indicator of this file; {nearest(each, entries.indicator_ids())}"
                yield ("gates", n, "zero"), right


def _tier_findings(entries: Entries, path: Path, tier: str | None) -> Findings:
    if tier is not None and entries.tier_ids() and tier not in entries.tier_ids():
        yield path, f"`{tier}` is no tier of this file; {nearest(tier, entries.tier_ids())}"


def conditions_fit(entries: Entries) -> Findings:
    """A condition looks at what this file knows; one that decides on points themselves looks at figures alone."""
    for n, one in entries.multipliers.items():
        yield from _condition_findings(entries, ("multipliers", n, "when"), one.when, "what multiplies the score")
    for n, gate in entries.gates.items():
        decides = "what takes lines their points" if gate.zero else None
        yield from _condition_findings(entries, ("gates", n, "when"), gate.when, decides)
    for n, tier in entries.tiers.items():
        if tier.when is not None:
            yield from _condition_findings(entries, ("tiers", n, "when"), tier.when, None)


def _condition_findings(entries: Entries, path: Path, text: str, decides: str | None) -> Findings:
    condition = read_condition(text)
    if isinstance(condition, str):
        yield path, condition
        return
    sections = [one for one in entries.named("sections").values() if isinstance(one, str)]
    names = [*entries.kind_ids(), *entries.indicator_ids(), *entries.measure_ids(), *OF_THE_WHOLE]
    for term in sorted(
        {term for terms in condition for term in terms}, key=lambda term: (term.measure, str(term.part))
    ):
        known = names if term.part is None else entries.indicator_ids() + (sections if term.part == "points" else [])
        if term.measure not in known and entries.indicator_ids():
            what = "kind or indicator" if term.part is None else "indicator" + " or section" * (term.part == "points")
            yield path, f"`{term.measure}` is no {what} of this file; {nearest(term.measure, known)}"
        elif decides and (term.part == "points" or term.measure == "score"):
            yield path, f"look at figures only, not at points: {decides} comes before them"


def tiers_have_no_hole(entries: Entries) -> Findings:
    """Each but the last says whom it takes in; floors fall from tier to tier down to 0, so that every score has one."""
    for n, tier in list(entries.tiers.items())[:-1]:
        if tier.floor is None and tier.when is None:
            yield ("tiers", n), "add `floor` or `when`: only the last tier takes in whoever is left"
    for n, tier in list(entries.tiers.items())[-1:]:
        if tier.when is not None:
            yield ("tiers", n, "when"), "leave `when` out of the last tier: it takes in whoever no other does"
    floors = {n: decimal_of(one) for n, one in entries.named("tiers", "floor").items()}
    numbers = {n: one for n, one in floors.items() if one is not None}
    if len(numbers) < len(floors):
        return
    when = entries.named("tiers", "when")
    for (_, above), (n, floor) in pairwise((n, floor) for n, floor in numbers.items() if n not in when):
        if floor >= above:
            yield (
                ("tiers", n, "floor"),
                f"put it below {plain(above)}, the floor of the tier above: best first, without overlap",
            )
    if numbers and max(numbers) == len(entries.named("tiers")) - 1 and numbers[max(numbers)] > 0:
        last = max(numbers)
        yield ("tiers", last, "floor"), 'make the last floor "0": lower scores would be in no tier'


def coefficients_do_not_rise(entries: Entries) -> Findings:
    """A worse tier never pays better: a cap on the tier would raise pay."""
    tiers = list(entries.tiers.items())
    for (_, above), (n, tier) in pairwise(tiers):
        if tier.coefficient > above.coefficient:
            yield ("tiers", n, "coefficient"), f"at most {plain(above.coefficient)}, as the better tier above has it"
    for n, tier in tiers:
        rungs = [(tier.floor or Decimal(0), tier.coefficient), *((step.floor, step.coefficient) for step in tier.steps)]
        if any(low[0] >= high[0] or low[1] > high[1] for low, high in pairwise(rungs)):
            yield ("tiers", n, "steps"), "let floors rise from the tier's own on, and let no coefficient fall"
    for (_, above), (n, tier) in pairwise(tiers):
        if tier.steps and tier.steps[-1].coefficient > above.coefficient:
            right = f"let no step pay more than {plain(above.coefficient)}, as the better tier above has it"
            yield ("tiers", n, "steps"), right


def thresholds_fit(entries: Entries) -> Findings:
    """Amber begins below green, so that all three lights can be told apart."""
    check = entries.quarterly_check
    if check and check.amber >= check.green:
        yield ("quarterly_check", "amber"), f"put `amber` below {plain(check.green)}, from which on a line is green"


CHECKS: tuple[Callable[[Entries], Findings], ...] = (
    ids_are_unique,
    limits_have_names_of_their_own,
    names_can_stand_in_conditions,
    clauses_are_known,
    amounts_are_in_yuan,
    weights_add_up,
    deposits_are_marked,
    measures_fit,
    natures_fit,
    carried_targets_grow,
    deposits_are_not_ranked,
    shapes_fit,
    sections_fit,
    multipliers_fit,
    gates_fit,
    conditions_fit,
    tiers_have_no_hole,
    coefficients_do_not_rise,
    quotas_fit,
    thresholds_fit,
    interviews_fit,
    anchors_fit,
    *GAME_CHECKS,
)
