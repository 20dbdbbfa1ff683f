"""The frame of the dashboard: who looks, in which language, and which screens that person has.

Streamlit runs this file from top to bottom at every touch; a screen never runs without it.
Longer than 300 lines because the whole menu stands here.
"""

import re
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import streamlit as st

from api.client import ApiProblem, Client
from dashboard import connection, filters, notices, opening, waiting
from dashboard.desk import Desk
from dashboard.screens import (
    account,
    audit,
    awards,
    checks,
    contracts,
    events,
    fairness,
    leaderboard,
    organisation,
    own_review,
    payroll,
    people,
    review_writing,
    reviews,
    scheme,
    scorecard,
    setup,
    verify,
    work_log,
)
from dashboard.words import LANGUAGES, ROLES, Say, language_of, msg
from projections.answers import Me

ASSETS = Path(__file__).parent / "assets"
HOME = "home"
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}


class Screen(NamedTuple):
    """One entry of the menu: shown to whom the operation is given."""

    operation: str
    show: Callable[[Desk], None]
    title: str
    icon: str
    help: str


SCREENS = {
    "leaderboard": Screen(
        "leaderboard",
        leaderboard.show,
        msg("Leaderboard"),
        ":material/leaderboard:",
        msg("Who stands where in a week, month, quarter, season or year, in any unit of the bank."),
    ),
    "scorecard": Screen(
        "scorecard",
        scorecard.show,
        msg("Scorecard"),
        ":material/id_card:",
        msg("One quarter line by line: measured, target, points, and the events behind each."),
    ),
    "record": Screen(
        "worklog",
        work_log.show,
        msg("Work log"),
        ":material/edit_calendar:",
        msg("What was done day by day, and what became of it; your own is entered here."),
    ),
    "awards": Screen(
        "awards",
        awards.show,
        msg("Awards"),
        ":material/trophy:",
        msg("Badges with the events behind each, the next ones, streaks, and points of the season."),
    ),
    "checks": Screen(
        "grades",  # an RM, too, may ask `quarterly_checks`, of the own quarter alone: there is no list for them
        checks.show,
        msg("Quarterly check"),
        ":material/rule:",
        msg("Who is on pace in the quarter, and what is missing."),
    ),
    "verify": Screen(
        "decide_actions",
        verify.show,
        msg("Verify"),
        ":material/fact_check:",
        msg("Entries of your relationship managers that wait for a second pair of eyes."),
    ),
    "contract": Screen(
        "read_contract",
        contracts.show,
        msg("Contract"),
        ":material/contract:",
        msg("The year's targets: drafted from the scheme, negotiated, signed by three; and the plan they add up to."),
    ),
    "review": Screen(
        "acknowledge_review",
        own_review.show,
        msg("My review"),
        ":material/workspace_premium:",
        msg("How your quarter was judged and why; acknowledge it, or appeal."),
    ),
    "reviews": Screen(
        "review_distribution",  # an RM may read reviews, too, of which there is one
        reviews.show,
        msg("Reviews"),
        ":material/rate_review:",
        msg("The quarter's reviews by state and deadline: rate, submit, approve, decide, make final."),
    ),
    "organisation": Screen(
        "organisation",
        organisation.show,
        msg("Organisation"),
        ":material/account_tree:",
        msg("Which unit lags, in what, and who: down the tree to one person."),
    ),
    "fairness": Screen(
        "fairness",
        fairness.show,
        msg("Fairness"),
        ":material/balance:",
        msg("Whether new people, an outlet or a position stand lower on the boards than the rest of the bank."),
    ),
    "payroll": Screen(
        "payroll_progress",
        payroll.show,
        msg("Payroll"),
        ":material/payments:",
        msg("Who has a final grade and who has none, and the runs that hand final grades to payroll by two people."),
    ),
    "scheme": Screen(
        "read_scheme",
        scheme.show,
        msg("Scheme"),
        ":material/menu_book:",
        msg("The rule book in plain words: what earns how much, what takes away, and what a version changed."),
    ),
    "events": Screen(
        "list_events",
        events.show,
        msg("Events"),
        ":material/history:",
        msg("The raw history of a person or a period, as the log keeps it."),
    ),
    "trail": Screen(
        "list_events",
        audit.show,
        msg("Audit trail"),
        ":material/policy:",
        msg("Any review or payroll run as the events that made it, and who read which card."),
    ),
    "people": Screen(
        "list_account_changes",  # auditors have this part of it alone
        people.show,
        msg("People"),
        ":material/group:",
        msg("Who signs in and with which rights, the tokens of machines, and who changed any of it."),
    ),
    "setup": Screen(
        "setup",
        setup.show,
        msg("Set up the bank"),
        ":material/checklist:",
        msg("What a new bank loads first, in order, with an empty file for each; and what is there already."),
    ),
}
# Where a role begins, unless on the first page of its menu.
FIRST = {"auditor": "events", "admin": "people"}
# The pages that have something to show before the first relationship manager is loaded.
OF_AN_EMPTY_BANK = ("setup", "people", "scheme", "events")
PAGE_NAME = re.compile("[A-Za-z0-9_-]{1,64}")


def main() -> None:
    """One run of the page."""
    st.set_page_config(page_icon="📊", layout="wide")
    st.html(ASSETS / "style.css")
    filters.begin()
    say = speak()
    st.set_page_config(page_title=say("RM Appraisal"))
    st.logo(logo(say), icon_image=(ASSETS / "mark.svg").read_text(), size="large")
    notices.lost_connection(say)
    notices.skip_link(say)
    client = connection.connect()
    if client is None:
        notices.sign_in(say)
        return
    review_writing.note()
    try:
        with st.spinner(say("Asking the bank …")):  # seen where the answer takes long, as just after a start
            me = client.me()
        show(client, me, say)
    except ApiProblem as trouble:
        notices.problem(trouble, say)


def speak() -> Say:
    """The language, settled before the menu is drawn: the address, the session, the browser, in this order."""
    language = filters.settled("lang", list(LANGUAGES), language_of(st.context.locale))
    return Say(language)


def show(client: Client, me: Me, say: Say) -> None:
    """The menu of this person and the screen that was asked for."""
    pages: dict[str, st.Page] = {}
    desk = Desk(client, me, say, pages)
    if me.must_change_password:
        asked = PAGE_NAME.fullmatch(asked_path())
        page = st.navigation(account.instead_of(asked[0] if asked else None, desk), position="hidden")
        whoami(desk)
        page.run()
        return
    allowed = [path for path, screen in SCREENS.items() if desk.may(screen.operation)]
    if not allowed:
        notices.state(
            say("Nothing to see here yet"), say("Your role works with the API, not with these pages."), "lock"
        )
        return
    shown = allowed if me.quarters else [path for path in allowed if path in OF_AN_EMPTY_BANK]
    home = kept_home(me, shown)
    at_the_root = None if opened_by_name(home) else home
    for path in shown:
        screen = SCREENS[path]
        pages[path] = st.Page(
            partial(screen.show, desk),
            title=menu_entry(desk, path, screen),
            icon=screen.icon,
            url_path=HOME if path == at_the_root else path,
            default=path == at_the_root,
            help=say(screen.help),
        )
    every = [*pages.values(), *elsewhere(desk, home, at_the_root), *closed(desk, allowed), *lost(desk)]
    page = st.navigation(every, expanded=True)  # else a menu of more than a dozen hides the last ones
    opening.go(desk)
    whoami(desk)
    told = st.container()
    try:
        review_writing.save(desk)
        page.run()
    except ApiProblem as trouble:
        notices.problem(trouble, say)
    with told:
        notices.left_out(desk)
        if page.url_path in ("", HOME, home):
            waiting.band(desk)


def first_of(me: Me, shown: Sequence[str]) -> str | None:
    """The page on which a role begins; of an empty bank the one that says what to load, None where there is none."""
    wanted = FIRST.get(me.role) if me.quarters else "setup"
    begins = [page for page in shown if me.quarters or page != "scheme"]  # who waits for the bank is told that first
    return wanted if wanted in shown else next(iter(begins), None)


def kept_home(me: Me, shown: Sequence[str]) -> str | None:
    """The page on which this window began, while it is one of those shown: the menu knows the first page by its place,
    so that with the first people another page would stand behind a set-up that is open."""
    kept = st.session_state.get("began-on")
    if kept not in shown:
        kept = st.session_state["began-on"] = first_of(me, shown)
    return kept


def opened_by_name(home: str | None) -> bool:
    """Whether this window began at the first page's own name, as by a link to it, and not at `/`."""
    kept: bool = st.session_state.setdefault("began-by-name", home is not None and asked_path() == home)
    return kept


def asked_path() -> str:
    """What the address names."""
    return urlsplit(st.context.url or "").path.strip("/")


def elsewhere(desk: Desk, home: str | None, at_the_root: str | None) -> list[st.Page]:
    """The first page at the one of its two addresses, `/` and its name, where the menu's own does not stand: Streamlit
    knows a page by one, and marks in the menu only that. Who has none in an empty bank is told so there."""
    if home is None:
        title = desk.say("The bank is being set up")
        return [st.Page(partial(setup.waiting, desk), title=title, url_path=HOME, default=True, visibility="hidden")]
    screen, title = SCREENS[home], desk.say(SCREENS[home].title)
    return [
        st.Page(
            partial(screen.show, desk),
            title=title,
            icon=screen.icon,
            url_path=home if at_the_root else HOME,
            default=at_the_root is None,
            visibility="hidden",
        )
    ]


def closed(desk: Desk, allowed: Collection[str]) -> list[st.Page]:
    """The pages that this role lacks, and in an empty bank those without anything to show: in no menu, and at their
    address a word of ours instead of Streamlit's own."""
    return [
        st.Page(
            partial(setup.waiting if path in allowed else not_yours, desk),
            title=desk.say(screen.title),
            icon=screen.icon,
            url_path=path,
            visibility="hidden",
        )
        for path, screen in SCREENS.items()
        if path not in desk.pages
    ]


def lost(desk: Desk) -> list[st.Page]:
    """At an address that is no page's, a word of ours and the way home instead of Streamlit's own dialog."""
    asked = asked_path()
    if asked in SCREENS or not PAGE_NAME.fullmatch(asked):
        return []
    title = desk.say("Nothing stands at this address")
    return [st.Page(partial(nothing_here, desk), title=title, url_path=asked, visibility="hidden")]


def nothing_here(desk: Desk) -> None:
    """The state of an address that is no page's."""
    say = desk.say
    text = say("The link may be mistyped or older than this page.")
    notices.state(say("Nothing stands at this address"), text, "explore_off", say=say)


def not_yours(desk: Desk) -> None:
    """The state of a page that one's role does not have."""
    notices.forbidden(desk.say)


def menu_entry(desk: Desk, path: str, screen: Screen) -> str:
    """The title in the menu; what waits for this person is counted, and what of their own was rejected lately."""
    told = {"verify": desk.me.pending, "record": len(desk.me.rejected)}.get(path, 0)
    if path in ("review", "reviews"):
        told = waiting.counted(desk)
    title = desk.say("My awards") if path == "awards" and desk.me.rm else desk.say(screen.title)
    return f"{title} · {desk.say.number(told)}" if told else title


def whoami(desk: Desk) -> None:
    """The foot of the menu: language, person, the way out."""
    say, me = desk.say, desk.me
    spoken = f'<script>document.documentElement.lang = "{LANGUAGE_TAGS[say.language]}"</script>'
    with st.sidebar:
        filters.language(say)
        place = me.rm or me.scope_name or say("the whole bank")
        with st.container(gap=None):
            st.markdown(f":material/account_circle: **{notices.plain(me.name)}**")
            st.caption(f"{say.code(ROLES, me.role)} · {notices.plain(place)}")
        account.in_menu(desk)
        st.html(f'<form class="sign-out" method="post" action="/sign-out"><button>{say("Sign out")}</button></form>')
        st.html(spoken, unsafe_allow_javascript=True)  # a screen reader pronounces the page by it


def logo(say: Say) -> str:
    """The mark with the product's name, drawn exactly as wide as the picture, whatever font the browser has."""
    name = say("RM Appraisal")
    word = 118 if say.language == "en" else 112
    return (ASSETS / "logo.svg").read_text().format(name=name, word=word, width=word + 40)


main()
