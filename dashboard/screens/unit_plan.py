"""What a unit has done of the plan so far: its own indicators, and where those below it lag."""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import partial
from html import escape

import streamlit as st

from dashboard import filters, lights, meters
from dashboard.charts import Option
from dashboard.desk import Desk
from dashboard.meters import Mark
from dashboard.unit_charts import Cell, matrix, part, plan_bars
from dashboard.words import Say
from domain.money import canonical
from projections.answers import Organisation, UnitIndicator, UnitLine, UnitStanding, Words

ALL = "all"
CHARTED = 20
"""Of many units, those furthest behind are drawn."""
COARSE, FINE = Decimal(100_000), Decimal(10)
"""Sums from here on are written to the hundred, or to a whole one: the files hold them exactly."""


def is_about(line: UnitLine, indicator: UnitIndicator) -> bool:
    """Whether a line is of an indicator: the same of another scheme version is another one."""
    return key_of(line) == key_of(indicator)


def key_of(one: UnitLine | UnitIndicator) -> str:
    """Names an indicator of a scheme version in the address and in charts."""
    return f"{one.scheme}.{one.effective}.{one.indicator}"


def names_of(found: Organisation, say: Say) -> dict[str, str]:
    """The indicators by their keys; where two schemes have one of a name, with the scheme."""
    names = [say.of(one.name) for one in found.indicators]
    return {
        key_of(one): name if names.count(name) == 1 else f"{name} ({say.of(one.scheme_name)})"
        for one, name in zip(found.indicators, names, strict=True)
    }


def about(value: Decimal) -> Decimal:
    """A sum as it is read: half up to the hundred, to a whole one, or to two decimals, by its size."""
    step = Decimal(100) if abs(value) >= COARSE else Decimal(1) if abs(value) >= FINE else Decimal("0.01")
    return canonical((value / step).to_integral_value(ROUND_HALF_UP) * step)


def is_whole(*values: Decimal | None) -> bool:
    """Whether a measure is told in whole pieces, as cards and visits are."""
    return all(value is not None and value == value.to_integral_value() for value in values)


def due(measured: Decimal | None, expected: Decimal, target: Decimal) -> Decimal:
    """What is due by now as people can do it: a piece that is due in part is due; of a target in parts of a piece, as
    a short time of service leaves it, a tenth."""
    if not is_whole(measured):
        return expected
    step = Decimal(1) if is_whole(target) else Decimal("0.1")
    return canonical((expected / step).to_integral_value(ROUND_CEILING) * step)


def card(desk: Desk, found: Organisation) -> None:
    """Each indicator of the unit against what is due by now."""
    say = desk.say
    with st.container(border=True, key="unit-plan"):
        st.header(say("Plan so far"), anchor=False)
        units = {key_of(one): one for one in found.indicators}
        lines = sorted(found.unit.lines, key=lambda line: (line.pace is None, line.pace))
        if not lines:
            st.markdown(f":gray[{say('No indicator of these adds up over people.')}]")
            return
        st.html(f'<div class="plan-lines">{"".join(row(desk, line, units[key_of(line)]) for line in lines)}</div>')
        st.caption(say("The mark is what is due by now, the end of the bar the target of the quarter."))


def row(desk: Desk, line: UnitLine, indicator: UnitIndicator) -> str:
    """One indicator: how much of what is due by now, and how much is short or ahead."""
    say = desk.say
    name, unit = say.of(indicator.name), indicator.unit
    expected = due(line.measured, line.expected, line.target)
    gap = apart(line.measured - expected, unit, say)
    text = meters.words(name, part(line.pace, say).replace(" ", meters.NO_BREAK), aside=gap)
    label = say(
        "{name}: {measured} done, {expected} due by now, target {target}",
        name=name,
        measured=say.amount(about(line.measured), unit),
        expected=say.amount(about(expected), unit),
        target=say.amount(about(line.target), unit),
    )
    if line.amended:
        told = say("targets changed since they were agreed: {n}", n=say.number(line.amended))
        text, label = text + meters.note(f"◆ {told}", ""), f"{label}; {told}"
    bar = meters.meter(line.measured, label, line.target, [Mark(line.expected, "due")], lights.TONES[line.light])
    return f'<div title="{escape(label)}">{text}{bar}</div>'


def apart(gap: Decimal, unit: Words, say: Say) -> str:
    """How much is short, or ahead of what is due."""
    if not gap:
        return say("as much as is due")
    amount = say.amount(about(abs(gap)), unit)
    return say("{amount} short", amount=amount) if gap < 0 else say("{amount} ahead", amount=amount)


def by_row(desk: Desk, found: Organisation, rows: Sequence[UnitStanding]) -> None:
    """In what the units below lag: all indicators as a matrix, or one of them as bars against what is due by now."""
    say = desk.say
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
            st.header(say("Gaps by unit, against the plan so far"), anchor=False, width="content")
            names = names_of(found, say)
            with st.container(width=300):
                spoken = {ALL: say("All indicators"), **names}
                chosen = filters.choice("indicator", say("Indicator"), list(spoken), ALL, spoken.__getitem__)
        all_rows, rows = rows, rows[:CHARTED]
        orgs, key = [one.org for one in rows], f"{found.scope}-{found.part}"
        if chosen == ALL:
            cells = [(one.name, {key_of(line): Cell(line.pace, line.light) for line in one.lines}) for one in rows]
            option, text, height = matrix(cells, names, say)
            clickable(option, height, text, f"matrix-{key}", orgs, len(names))
        else:
            option, text, height = plan_bars(bars_of(found, rows, chosen, say), say)
            clickable(option, height, text, f"bars-{key}-{chosen}", orgs, 1)
        say_what_is_drawn(desk, all_rows)


def say_what_is_drawn(desk: Desk, rows: Sequence[UnitStanding]) -> None:
    """Below a chart of units, where it doesn't draw all of them."""
    if len(rows) > CHARTED:
        st.caption(desk.say("The {n} furthest behind are shown.", n=desk.say.number(CHARTED)))


def bars_of(found: Organisation, rows: Sequence[UnitStanding], chosen: str, say: Say) -> list[tuple[str, Cell, str]]:
    """Each unit in one indicator, with its figures in words."""
    unit = next(one.unit for one in found.indicators if key_of(one) == chosen)
    bars = []
    for one in rows:
        line = next((line for line in one.lines if key_of(line) == chosen), None)
        if line is None:
            bars.append((one.name, Cell(None, "none"), "–"))
            continue
        figures = say(
            "{part} ({measured} of {expected})",
            part=part(line.pace, say),
            measured=say.number(about(line.measured)),
            expected=say.amount(about(due(line.measured, line.expected, line.target)), unit),
        )
        bars.append((one.name, Cell(line.pace, line.light), figures))
    return bars


def clickable(option: Option, height: int, text: str, key: str, orgs: Sequence[str], per_row: int) -> None:
    """A chart of units: a click on what belongs to one leads there. `per_row` parts of it are told for each."""
    follow(option, height, text, key, per_row, lambda place: filters.keep("scope", orgs[place]))


def follow(option: Option, height: int, text: str, key: str, per_row: int, then: Callable[[int], None]) -> None:
    """A chart whose parts are clicked: `then` is told the row, before the page runs again."""
    st.echarts_chart(
        option, height=height, alt=text, renderer="svg", key=key, on_select=partial(_chosen, key, per_row, then)
    )


def _chosen(key: str, per_row: int, then: Callable[[int], None]) -> None:
    groups: Sequence[Mapping[str, Sequence[int]]] = st.session_state[key].selection.selected
    places = [place for group in groups for place in group["data_indices"]]
    if places:
        then(places[0] // per_row)
