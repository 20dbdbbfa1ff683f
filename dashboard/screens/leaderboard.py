"""The leaderboard: who stands where in a quarter, in any unit of the tree, by anything that may be ranked."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import streamlit as st

from api.client import ApiProblem, Client
from dashboard import charts, filters, notices
from dashboard.desk import Desk
from dashboard.screens import podium
from dashboard.words import STATUSES
from projections.answers import Board, Leaderboard, SchemeVersion, Standing, Tier

LIMIT = 200
ROWS_SHOWN = 14
SCORE_PLACES = 2
ROW_HEIGHT = 34


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    st.title(say("Leaderboard"), anchor=False)
    if not desk.me.quarters:
        notices.state(
            say("No quarter has begun"), say("The board fills with the first figures of a quarter."), "hourglass_top"
        )
        return
    controls = st.container(horizontal=True, vertical_alignment="bottom", key="filters")
    with controls:
        quarter, scope = filters.quarter(desk), filters.unit(desk)
    by_place = controls.container(width="stretch")
    with controls:
        as_of = filters.as_of(desk)
    board, refusal = ask(desk, quarter, scope, as_of)
    with by_place:
        choose_board(desk, board, told=refusal is None)
    notices.left_out(desk)
    st.caption(heading(desk, board), help=notices.position(desk, board.moment))
    if refusal:
        st.info(notices.plain(refusal), icon=":material/gavel:")
    if not board.standings:
        notices.state(say("Nobody is ranked here yet"), say("Who has no score has no rank."), "leaderboard")
        notes(desk, board, as_of)
        return
    tiers = tier_names(desk, board)
    podium.show(desk, board, tiers)
    left, right = st.columns([2.15, 1], gap="medium")
    with left.container(border=True):
        table(desk, board, tiers)
    with right:
        aside(desk, board, tiers, as_of)


def ask(desk: Desk, quarter: str, scope: str, as_of: str | None) -> tuple[Leaderboard, str | None]:
    """The board that the address names; where the rule forbids that one, the board by score and the reason."""
    by = str(st.query_params.get("by") or st.session_state.get("kept-by") or "score")

    def board(by: str) -> Leaderboard:
        return desk.client.leaderboard(quarter, scope=scope, by=by, limit=LIMIT, around=desk.me.rm, as_of=as_of)

    try:
        return board(by), None
    except ApiProblem as trouble:
        if trouble.status != notices.UNPROCESSABLE or by == "score":
            raise
        shown = board("score")
        rule = next((one.refusal for one in shown.boards if one.by == by), None)
        return shown, desk.say.of(rule) if rule else None


def choose_board(desk: Desk, board: Leaderboard, told: bool) -> None:
    """What to rank by: whatever this quarter's schemes allow."""
    names = {one.by: desk.say.of(one.name) for one in board.boards if one.refusal is None}
    names.setdefault(board.by, board.by)
    filters.choice("by", desk.say("Ranked by"), list(names), board.by, names.__getitem__, told)


def heading(desk: Desk, board: Leaderboard) -> str:
    """How many are ranked, and where in the log this holds."""
    say = desk.say
    counts = say(
        "{ranked} ranked, {unranked} without a rank",
        ranked=say.number(board.ranked),
        unranked=say.number(board.unranked),
    )
    state = say("the quarter is running") if charts.is_running(board) else say("the quarter is over")
    return f"**{notices.plain(board.scope_name)}** · {counts} · {state} · {notices.moment(desk, board.moment)}"


def tier_names(desk: Desk, board: Leaderboard) -> dict[str, str]:
    """The tiers of the published schemes, best first, with their names: a tier may stand empty on this board."""
    names = {
        tier.tier: desk.say.of(tier.name)
        for version in newest(desk.client.list_schemes())
        for tier in published_tiers(desk.client, version.scheme, version.effective, version.digest)
    }
    return names | {tier: tier for tier in board.tiers if tier not in names}


def newest(versions: Sequence[SchemeVersion]) -> list[SchemeVersion]:
    """The last version of each scheme."""
    latest = {one.scheme: one for one in sorted(versions, key=lambda one: one.effective)}
    return list(latest.values())


def table(desk: Desk, board: Leaderboard, tiers: dict[str, str]) -> None:
    """All ranked, the value as a bar; the rule for ties below."""
    say = desk.say
    st.subheader(say("Ranking"), anchor=False)
    standings(desk, board, board.standings, tiers, say("Ranking of relationship managers"), "ranking", ROWS_SHOWN)
    st.caption(f":material/balance: {notices.plain(say.of(board.tie_rule))}")
    if opens_cards(desk):
        st.caption(f":material/touch_app: {say('A name opens the scorecard.')}")
    if board.ranked > len(board.standings):
        st.caption(say("The first {n} are shown; choose a smaller unit to see the others.", n=say.number(LIMIT)))


@st.cache_data(max_entries=100, show_spinner=False)
def published_tiers(_client: Client, scheme: str, effective: date, digest: str) -> list[Tier]:
    """What was published never changes, and everybody may read it: asked once a process."""
    return _client.read_scheme(scheme, effective).tiers


def standings(
    desk: Desk, board: Leaderboard, rows: Sequence[Standing], tiers: dict[str, str], alt: str, key: str, height: int
) -> None:
    """Rows of a board as a table; a name opens the card where it may be seen."""
    say, colours = desk.say, charts.badge_colours(list(tiers), charts.is_running(board))
    opens = opens_cards(desk)
    columns: dict[str, list[object]] = {
        "rank": [one.rank for one in rows],
        "name": [podium.shown_name(desk, one) for one in rows],
    }
    if all(one.value is not None for one in rows):
        columns["value"] = [charts.drawn(one.value or Decimal(0)) for one in rows]
    columns["tier"] = [[tiers.get(one.tier, one.tier)] if one.tier else [] for one in rows]
    columns["outlet"] = [one.org_name for one in rows]
    name = (
        st.column_config.ButtonColumn(
            say("Name"),
            type="tertiary",
            key=f"open-{key}",
            on_click=remember,
            args=(f"open-{key}", rows),
            alignment="left",
        )
        if opens
        else st.column_config.TextColumn(say("Name"), width=105)
    )
    st.dataframe(
        columns,
        hide_index=True,
        height="content" if len(rows) <= height else height * ROW_HEIGHT,
        column_config={
            "rank": st.column_config.NumberColumn(say("Rank"), width=56, format="%d"),
            "name": name,
            "value": st.column_config.ProgressColumn(
                value_head(desk, board),
                format=f"%,.{max(places(rows), SCORE_PLACES if board.by == 'score' else 0)}f",
                min_value=0,
                max_value=charts.drawn(
                    max((one.value or Decimal(0) for one in board.standings), default=Decimal(1)) or Decimal(1)
                ),
                width=150,
            ),
            "tier": st.column_config.MultiselectColumn(
                say("Tier"),
                options=list(tiers.values()),
                color=[charts.TIER_COLOURS[colours[tier]] for tier in tiers],
                width=chip_width(tiers),
            ),
            "outlet": st.column_config.TextColumn(say("Outlet"), width=150),
        },
        alt=alt,
        key=key,
    )
    if opens and (rm := st.session_state.pop("card-to-open", None)):
        st.switch_page(desk.pages["scorecard"], query_params={"rm": rm, "quarter": board.quarter})


def chip_width(tiers: dict[str, str]) -> int:
    """Wide enough for the longest tier's name; a Chinese character takes the room of two letters."""
    return 40 + max((sum(7 if char.isascii() else 14 for char in name) for name in tiers.values()), default=0)


def opens_cards(desk: Desk) -> bool:
    """Whether names lead to scorecards: an RM has only the own one, which stands in the menu."""
    return desk.me.rm is None and desk.may("scorecard")


def remember(key: str, rows: Sequence[Standing]) -> None:
    """Whose card the click asked for."""
    click = st.session_state[key]
    st.session_state["card-to-open"] = st.session_state["kept-rm"] = rows[click.row].rm


def value_head(desk: Desk, board: Leaderboard) -> str:
    """What is ranked with its unit, unless the name says the unit already."""
    name = desk.say.of(next((one.name for one in board.boards if one.by == board.by), None))
    unit = desk.say.of(board.unit)
    return name if name.lower() == unit.lower() else f"{name} ({unit})"


def places(rows: Sequence[Standing]) -> int:
    """The decimals that write every value of the column exactly."""
    return max((max(0, -int(one.value.as_tuple().exponent)) for one in rows if one.value is not None), default=0)


def aside(desk: Desk, board: Leaderboard, tiers: dict[str, str], as_of: str | None) -> None:
    """My own place, the tiers, who has no rank, and what is not ranked."""
    if board.around:
        with st.container(border=True):
            own_place(desk, board, tiers)
    with st.container(border=True):
        st.subheader(desk.say("Tiers"), anchor=False)
        spread(desk, board, tiers)
    notes(desk, board, as_of)


def own_place(desk: Desk, board: Leaderboard, tiers: dict[str, str]) -> None:
    """One's own rank between the neighbours."""
    say = desk.say
    own = next((one for one in board.around if one.rm == desk.me.rm), None)
    st.subheader(say("My place"), anchor=False)
    if own:
        tied = f" · {say('shared')}" if own.tied else ""
        st.markdown(
            f"**{say('Rank {rank} of {ranked}', rank=say.number(own.rank), ranked=say.number(board.ranked))}**{tied}"
        )
    for one in board.around:
        neighbour(desk, board, one)


def neighbour(desk: Desk, board: Leaderboard, one: Standing) -> None:
    """One line of the neighbourhood."""
    own = one.rm == desk.me.rm
    name = notices.plain(podium.shown_name(desk, one))
    value = "" if one.value is None else f" · {podium.shown_value(desk, board, one)} {desk.say.of(board.unit)}"
    line = f"{desk.say.number(one.rank)} · {name}{value}"
    st.markdown(f":primary-background[**{line}**]" if own else line)


def spread(desk: Desk, board: Leaderboard, tiers: dict[str, str]) -> None:
    """How many stand in each tier."""
    colours = charts.badge_colours(list(tiers), charts.is_running(board))
    counts = [(tiers[tier], colours[tier], count) for tier in tiers for count in [board.tiers.get(tier, 0)]]
    option, text, height = charts.distribution(counts, desk.say)
    st.echarts_chart(option, height=height, alt=text, renderer="svg", key="tiers")


def notes(desk: Desk, board: Leaderboard, as_of: str | None) -> None:
    """Who has no grade and so no rank, and which boards the rules forbid: notes, not errors."""
    if board.unranked and desk.may("grades"):
        without_grade(desk, board, as_of)
    refused = [one for one in board.boards if one.refusal is not None]
    if not refused:
        return
    with st.expander(desk.say("Not ranked, by rule"), icon=":material/gavel:"):
        for one in refused:
            st.markdown(note(desk, one))


def without_grade(desk: Desk, board: Leaderboard, as_of: str | None) -> None:
    """Who has no grade in this unit, by reason; the board may reach further than the asker's grades."""
    say = desk.say
    try:
        grades = desk.client.grades(board.quarter, scope=board.scope, as_of=as_of).grades
    except ApiProblem as trouble:
        if trouble.status != notices.FORBIDDEN:
            raise
        return
    reasons = dict.fromkeys(one.status for one in grades if one.status != "graded")
    if not reasons:
        return
    with st.expander(
        say("{n} without a grade", n=say.number(sum(one.status in reasons for one in grades))),
        icon=":material/person_off:",
    ):
        for reason in reasons:
            st.markdown(f"**{notices.plain(say.code(STATUSES, reason))}**")
            st.markdown(
                "\n".join(
                    f"- {notices.plain(f'{one.name} · {one.rm} · {one.org_name}')}"
                    for one in grades
                    if one.status == reason
                )
            )


def note(desk: Desk, board: Board) -> str:
    return f"**{notices.plain(desk.say.of(board.name))}**: {notices.plain(desk.say.of(board.refusal))}"
