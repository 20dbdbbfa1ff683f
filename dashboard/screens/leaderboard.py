"""The leaderboard: who stands where in a quarter, in any unit of the tree, by anything that may be ranked."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import streamlit as st

from api.client import ApiProblem, Client
from dashboard import charts, filters, notices
from dashboard.desk import Desk
from domain.calendar import Quarter
from projections.answers import Board, Leaderboard, SchemeVersion, Standing, Tier, Words

LIMIT = 200
PODIUM = 3
ROWS_SHOWN = 14
ROW_HEIGHT = 34
MEDALS = {1: ':color[:material/trophy:]{foreground="#c9a227"}', 2: ":gray[:material/military_tech:]"}
MEDAL = ':color[:material/military_tech:]{foreground="#b07a4f"}'


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
        choose_board(desk, board)
    st.caption(heading(desk, board))
    if refusal:
        st.info(notices.plain(refusal), icon=":material/gavel:")
    if not board.standings:
        notices.state(say("Nobody is ranked here yet"), say("Who has no score has no rank."), "leaderboard")
        notes(desk, board)
        return
    tiers = tier_names(desk, board)
    podium(desk, board, tiers)
    left, right = st.columns([2.15, 1], gap="medium")
    with left.container(border=True):
        table(desk, board, tiers)
    with right:
        aside(desk, board, tiers)


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
        return shown, desk.say.of(rule) if rule else desk.say(trouble.detail)


def choose_board(desk: Desk, board: Leaderboard) -> None:
    """What to rank by: whatever this quarter's schemes allow."""
    names = {one.by: desk.say.of(one.name) for one in board.boards if one.refusal is None}
    names.setdefault(board.by, board.by)
    filters.choice("by", desk.say("Ranked by"), list(names), board.by, names.__getitem__)


def heading(desk: Desk, board: Leaderboard) -> str:
    """How many are ranked, and where in the log this holds."""
    say = desk.say
    counts = say(
        "{ranked} ranked, {unranked} without a rank",
        ranked=say.number(board.ranked),
        unranked=say.number(board.unranked),
    )
    state = say("the quarter is running") if is_running(board) else say("the quarter is over")
    return f"**{notices.plain(board.scope_name)}** · {counts} · {state} · {notices.moment(desk, board.moment)}"


def is_running(board: Leaderboard) -> bool:
    """Whether the quarter goes on: early in it nobody has reached a tier worth a colour on the podium."""
    return board.moment.today <= Quarter.parse(board.quarter).last_day


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


@st.cache_data(max_entries=100, show_spinner=False)
def published_tiers(_client: Client, scheme: str, effective: date, digest: str) -> list[Tier]:
    """What was published never changes, and everybody may read it: asked once a process."""
    return _client.read_scheme(scheme, effective).tiers


def podium(desk: Desk, board: Leaderboard, tiers: dict[str, str]) -> None:
    """The first three: first in the middle on a wide screen, first on top on a phone (the style sheet says so)."""
    first = board.standings[:PODIUM]
    with st.container(key="podium"):
        for place, (column, one) in enumerate(zip(st.columns(PODIUM, gap="medium"), first, strict=False), start=1):
            with column.container(border=True, key=f"podium-{place}", gap="xsmall"):
                step(desk, board, one, tiers)


def step(desk: Desk, board: Leaderboard, one: Standing, tiers: dict[str, str]) -> None:
    """One step of the podium."""
    medal = MEDALS.get(one.rank, MEDAL)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(
            f"{medal} **{desk.say.number(one.rank)} · {notices.plain(shown_name(desk, one))}**", width="content"
        )
        if one.tier:
            colour = "gray" if is_running(board) else charts.badge_colours(list(tiers)).get(one.tier, "gray")
            st.badge(tiers.get(one.tier, one.tier), color=colour)
    if one.value is None:
        st.caption(notices.plain(one.org_name))
    else:
        unit = notices.plain(desk.say.of(board.unit))
        st.metric(notices.plain(one.org_name), f"{desk.say.number(one.value)} :small[:gray[{unit}]]")


def shown_name(desk: Desk, one: Standing) -> str:
    """The name; one's own is marked."""
    return f"{one.name} ({desk.say('you')})" if one.rm == desk.me.rm else one.name


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


def standings(
    desk: Desk, board: Leaderboard, rows: Sequence[Standing], tiers: dict[str, str], alt: str, key: str, height: int
) -> None:
    """Rows of a board as a table; a name opens the card where it may be seen."""
    say, colours = desk.say, charts.badge_colours(list(tiers))
    opens = opens_cards(desk)
    columns: dict[str, list[object]] = {
        "rank": [one.rank for one in rows],
        "name": [shown_name(desk, one) for one in rows],
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
                f"{say.of(value_name(board))} ({say.of(board.unit)})",
                format=f"%,.{places(rows)}f",
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


def value_name(board: Leaderboard) -> Words | None:
    return next((one.name for one in board.boards if one.by == board.by), None)


def places(rows: Sequence[Standing]) -> int:
    """The decimals that write every value of the column exactly."""
    return max((max(0, -int(one.value.as_tuple().exponent)) for one in rows if one.value is not None), default=0)


def aside(desk: Desk, board: Leaderboard, tiers: dict[str, str]) -> None:
    """My own place, the tiers, and what is not ranked."""
    if board.around:
        with st.container(border=True):
            own_place(desk, board, tiers)
    with st.container(border=True):
        st.subheader(desk.say("Tiers"), anchor=False)
        spread(desk, board, tiers)
    notes(desk, board)


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
    name = notices.plain(shown_name(desk, one))
    value = "" if one.value is None else f" · {desk.say.amount(one.value, board.unit)}"
    line = f"{desk.say.number(one.rank)} · {name}{value}"
    st.markdown(f":primary-background[**{line}**]" if own else line)


def spread(desk: Desk, board: Leaderboard, tiers: dict[str, str]) -> None:
    """How many stand in each tier."""
    colours = charts.badge_colours(list(tiers))
    counts = [(tiers[tier], colours[tier], count) for tier in tiers for count in [board.tiers.get(tier, 0)]]
    option, text, height = charts.distribution(counts, desk.say)
    st.echarts_chart(option, height=height, alt=text, renderer="svg", key="tiers")


def notes(desk: Desk, board: Leaderboard) -> None:
    """What is not ranked and by which rule: a note, not an error."""
    refused = [one for one in board.boards if one.refusal is not None]
    if not refused:
        return
    with st.expander(desk.say("Not ranked, by rule"), icon=":material/gavel:"):
        for one in refused:
            st.markdown(note(desk, one))


def note(desk: Desk, board: Board) -> str:
    return f"**{notices.plain(desk.say.of(board.name))}**: {notices.plain(desk.say.of(board.refusal))}"
