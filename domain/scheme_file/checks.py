"""What the entries of a scheme file must be to one another: every check yields a key and what would be right there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, TypeVar

from domain.money import plain
from domain.scheme_file.conditions import read_condition
from domain.scheme_file.entries import (
    AMOUNT_UNIT,
    RESERVED,
    Entry,
    Gate,
    Indicator,
    Kind,
    Measure,
    QuarterlyCheck,
    Tier,
    Words,
)
from domain.scheme_file.faults import Document, Path, nearest

E = TypeVar("E", bound=Entry)
Findings = Iterator[tuple[Path, str]]
OVER_ACTIONS = {"sum", "last", "daily-average"}
"""The rules that need to know whether they are of the amount or of the quantity."""


@dataclass(frozen=True)
class Entries:
    """The entries that could be read, by id or by place in the file; `document` holds the others as they stand."""

    document: Document
    clauses: dict[str, Words]
    kinds: dict[str, Kind]
    indicators: dict[int, Indicator]
    gates: dict[int, Gate]
    tiers: dict[int, Tier]
    quarterly_check: QuarterlyCheck | None

    def named(self, section: str, key: str = "id") -> dict[int, Any]:
        """One key of every entry of a list in the file, readable or not."""
        return {n: one[key] for n, one in enumerate(listed(self.document, section)) if key in one}

    def kind_ids(self) -> list[str]:
        kinds = self.document.data.get("kinds")
        return list(kinds) if isinstance(kinds, dict) else []

    def indicator_ids(self) -> list[str]:
        return [one for one in self.named("indicators").values() if isinstance(one, str)]

    def tier_ids(self) -> list[str]:
        return [one for one in self.named("tiers").values() if isinstance(one, str)]


def listed(document: Document, section: str) -> list[dict[str, Any]]:
    """The tables of a list in the file; nothing where it is something else."""
    value = document.data.get(section)
    return value if isinstance(value, list) and all(isinstance(one, dict) for one in value) else []


def read_entries(document: Document) -> Entries:
    """Read every entry on its own, so that one mistake hides no other."""
    return Entries(
        document,
        _read_named(document, "clauses", Words),
        _read_named(document, "kinds", Kind),
        _read_list(document, "indicators", Indicator),
        _read_list(document, "gates", Gate),
        _read_list(document, "tiers", Tier),
        _read_table(document, "quarterly_check", QuarterlyCheck),
    )


def _read_table(document: Document, section: str, model: type[E]) -> E | None:
    """A table that a file may leave out; what is no table is told by its head."""
    value = document.data.get(section)
    return document.read(model, (section,), value) if isinstance(value, dict) else None


def _read_named(document: Document, section: str, model: type[E]) -> dict[str, E]:
    value = document.data.get(section, {})
    if not isinstance(value, dict):
        document.fault((section,), f"write each entry as a table [{section}.<id>]")
        return {}
    read = {key: document.read(model, (section, key), one) for key, one in value.items()}
    return {key: one for key, one in read.items() if one is not None}


def _read_list(document: Document, section: str, model: type[E]) -> dict[int, E]:
    if not listed(document, section) and (section in document.data or section != "gates"):
        document.fault((section,), f"write each entry as a table [[{section}]]")
    read = {n: document.read(model, (section, n), one) for n, one in enumerate(listed(document, section))}
    return {n: one for n, one in read.items() if one is not None}


def ids_are_unique(entries: Entries) -> Findings:
    """Within a list; and across kinds and indicators, which share the names of conditions."""
    for section in ("indicators", "gates", "tiers"):
        seen: set[Any] = set()
        for n, one in entries.named(section).items():
            if str(one) in seen:
                yield (section, n, "id"), f"give it an id of its own: `{one}` stands above already"
            seen.add(str(one))
    kinds = set(entries.kind_ids())
    for n, one in entries.named("indicators").items():
        if isinstance(one, str) and one in kinds:
            yield (
                ("indicators", n, "id"),
                f"give it another id: `{one}` is a kind already, and a condition couldn't tell them apart",
            )


def names_can_stand_in_conditions(entries: Entries) -> Findings:
    """Ids of kinds are keys of the file, so no field has looked at them yet."""
    for kind in entries.kind_ids():
        if kind in RESERVED or not kind.isascii() or not kind.islower() or not kind.isidentifier() or len(kind) > 32:
            yield ("kinds", kind), "give the kind an id of a-z, 0-9 and _, beginning with a letter, at most 32 long"
    for n, one in entries.named("indicators").items():
        if isinstance(one, str) and one in RESERVED:
            yield ("indicators", n, "id"), f"give it another id: `{one}` has a meaning of its own"


def clauses_are_known(entries: Entries) -> Findings:
    """Every clause that an entry cites has its text under [clauses]."""
    cited: list[tuple[Path, Entry]] = [(("kinds", key), kind) for key, kind in entries.kinds.items()]
    cited += [(("indicators", n), one) for n, one in entries.indicators.items()]
    cited += [(("gates", n), one) for n, one in entries.gates.items()]
    cited += [(("quarterly_check",), one) for one in (entries.quarterly_check,) if one]
    clauses = entries.document.data.get("clauses")
    known = clauses if isinstance(clauses, dict) else {}
    for path, entry in cited:
        clause = getattr(entry, "clause", None)
        if clause not in known:
            yield (
                (*path, "clause"),
                f'add a table [clauses."{clause}"] with `en` and `zh`, or cite one that stands there',
            )


def amounts_are_in_yuan(entries: Entries) -> Findings:
    """A kind counted by amount has one possible unit."""
    for key, kind in entries.kinds.items():
        if kind.counted == "amount" and (kind.unit.en, kind.unit.zh) != AMOUNT_UNIT:
            yield ("kinds", key, "unit"), 'an amount is in yuan: unit = { en = "CNY", zh = "元" }'


def weights_add_up(entries: Entries) -> Findings:
    """To 100, over all indicators whose weight can be read."""
    weights = list(entries.named("indicators", "weight").values())
    try:
        total = sum((Decimal(one) for one in weights if isinstance(one, str)), Decimal(0))
    except InvalidOperation:
        return
    if weights and all(isinstance(one, str) for one in weights) and total != 100:
        last = max(entries.named("indicators", "weight"))
        yield ("indicators", last, "weight"), f"make the weights add up to 100: they add up to {plain(total)}"


def measures_fit(entries: Entries) -> Findings:
    """Each rule has the keys that it needs, and only kinds of this file."""
    for n, one in entries.indicators.items():
        path: Path = ("indicators", n, "measure")
        for finding in _rule_findings(one):
            yield path, finding
        for key in ("plus", "minus", "sets"):
            for kind in getattr(one.measure, key):
                if kind not in entries.kind_ids():
                    yield (*path, key), f"`{kind}` is no kind of this file; {nearest(kind, entries.kind_ids())}"
        if len(set(one.measure.kinds)) < len(one.measure.kinds):
            yield path, "name each kind once in a measure"


def _rule_findings(one: Indicator) -> Iterator[str]:
    match one.measure.rule:
        case "rating":
            if one.measure.kinds or one.measure.of or one.measure.over_base:
                yield 'a rating comes from a review: write { rule = "rating" } alone'
        case "ready":
            if one.measure.kinds or one.measure.of:
                yield 'a ready measure comes from the warehouse: write { rule = "ready" } or add over_base = true'
            if one.unit is None:
                yield 'add `unit` to the indicator: what the warehouse counts in, like { en = "CNY", zh = "元" }'
        case _:
            yield from _counting_findings(one.measure)


def _counting_findings(measure: Measure) -> Iterator[str]:
    if not (measure.plus or measure.sets):
        yield 'add `plus`: the kinds that it counts, like plus = ["deposit"]'
    if measure.rule in OVER_ACTIONS and not measure.of:
        yield f'add `of`: "amount" or "quantity", which a {measure.rule} is taken over'
    if measure.rule not in OVER_ACTIONS and measure.of:
        yield f"leave out `of`: {measure.rule} counts actions or customers"
    if measure.sets and measure.rule != "daily-average":
        yield "leave out `sets`: only a daily-average knows kinds that state a balance"
    if measure.minus and measure.rule in {"distinct-customers", "last"}:
        yield f"leave out `minus`: nothing can be subtracted from {measure.rule}"


def natures_fit(entries: Entries) -> Findings:
    """Qualitative means rated in a review; what may have no figure says what happens then."""
    for n, one in entries.indicators.items():
        rated = one.measure.rule == "rating"
        if rated is not (one.nature == "qualitative"):
            right = 'make `nature` "qualitative"' if rated else 'make `measure` { rule = "rating" }'
            yield ("indicators", n, "nature"), f"{right}: what is rated is qualitative, and nothing else is"
        if one.may_be_unrated and one.unrated is None:
            yield ("indicators", n), 'add `unrated`: "spread" or "zero", what happens while it has no figure'
        if rated and one.target is None and one.shape.needs_target:
            yield ("indicators", n), 'add `target`: the best possible rating, like "100"'
        if not one.may_be_unrated and one.unrated is not None:
            yield (
                ("indicators", n, "unrated"),
                f"leave out `unrated`: where nothing was recorded, {one.measure.rule} is 0",
            )


def shapes_fit(entries: Entries) -> Findings:
    """A floor lies below its cap."""
    for n, one in entries.indicators.items():
        if one.shape.kind == "completion" and one.shape.floor >= one.shape.cap:
            yield ("indicators", n, "shape", "floor"), "put `floor` below `cap`"


def gates_fit(entries: Entries) -> Findings:
    """A gate does something, to a tier of this file, by a condition over kinds and indicators of this file."""
    names = entries.kind_ids() + entries.indicator_ids()
    for n, gate in entries.gates.items():
        if gate.cap_tier is None and gate.coefficient is None:
            yield ("gates", n), "add `cap_tier`, `coefficient` or both: what happens where the condition holds"
        if gate.cap_tier is not None and gate.cap_tier not in entries.tier_ids():
            yield (
                ("gates", n, "cap_tier"),
                f"`{gate.cap_tier}` is no tier of this file; {nearest(gate.cap_tier, entries.tier_ids())}",
            )
        condition = read_condition(gate.when)
        if isinstance(condition, str):
            yield ("gates", n, "when"), condition
            continue
        for name in sorted({term.measure for terms in condition for term in terms} - set(names)):
            yield ("gates", n, "when"), f"`{name}` is no kind or indicator of this file; {nearest(name, names)}"


def tiers_have_no_hole(entries: Entries) -> Findings:
    """Floors fall from tier to tier down to 0, so that every score lies in exactly one."""
    floors = entries.named("tiers", "floor")
    if not all(isinstance(one, str) for one in floors.values()):
        return
    try:
        numbers = {n: Decimal(one) for n, one in floors.items()}
    except InvalidOperation:
        return
    for (_, above), (n, floor) in pairwise(numbers.items()):
        if floor >= above:
            yield (
                ("tiers", n, "floor"),
                f"put it below {plain(above)}, the floor of the tier above: best first, without overlap",
            )
    if numbers and list(numbers.values())[-1] > 0:
        last = max(numbers)
        yield ("tiers", last, "floor"), 'make the last floor "0": lower scores would be in no tier'


def coefficients_do_not_rise(entries: Entries) -> Findings:
    """A worse tier never pays better: a cap on the tier would raise pay."""
    tiers = list(entries.tiers.items())
    for (_, above), (n, tier) in pairwise(tiers):
        if tier.coefficient > above.coefficient:
            yield ("tiers", n, "coefficient"), f"at most {plain(above.coefficient)}, as the better tier above has it"


def thresholds_fit(entries: Entries) -> Findings:
    """Amber begins below green, so that all three lights can be told apart."""
    check = entries.quarterly_check
    if check and check.amber >= check.green:
        yield ("quarterly_check", "amber"), f"put `amber` below {plain(check.green)}, from which on a line is green"


CHECKS: tuple[Callable[[Entries], Findings], ...] = (
    ids_are_unique,
    names_can_stand_in_conditions,
    clauses_are_known,
    amounts_are_in_yuan,
    weights_add_up,
    measures_fit,
    natures_fit,
    shapes_fit,
    gates_fit,
    tiers_have_no_hole,
    coefficients_do_not_rise,
    thresholds_fit,
)
