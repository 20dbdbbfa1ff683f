"""The states that are not a page full of figures: nobody signed in, not allowed, nothing there, the API away."""

import json
from contextlib import AbstractContextManager, nullcontext
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from api.client import ApiProblem
from dashboard import filters
from dashboard.connection import is_sign_in_page, sign_in_address
from dashboard.desk import Desk
from dashboard.remedies import remedy
from dashboard.words import Say
from dashboard.words import plain as plain
from projections.answers import Moment

CARD_WIDTH = 620
AS_OF = "/as_of"
"""Where the API's refusal of a look back points: a page asks for no day that is none or lies ahead, so that what is
refused lies before the log's beginning."""
UNAUTHORISED, FORBIDDEN, NOT_FOUND, UNPROCESSABLE, CONFLICT = 401, 403, 404, 422, 409


def sign_in(say: Say, ended: bool = False) -> None:
    """Lead to the sign-in, and back here afterwards; the link stands there for who has no JavaScript."""
    address = sign_in_address() + ("&ended=1" if ended else "")
    with _card("lock"):
        _title(say("Please sign in"))
        _text(say("This page shows people's work and pay grades; the bank has to know who looks."))
        st.html(f'<a class="sign-in" href="{address}" target="_self">{say("Go to the sign-in")}</a>')
    if not is_sign_in_page():  # a server without that page would send us here again
        target = json.dumps(address).replace("<", "\\u003c")
        st.html(f"<script>window.location.replace({target})</script>", unsafe_allow_javascript=True)


def problem(trouble: ApiProblem, say: Say) -> None:
    """Say what the API's refusal means for the reader, and what can be done."""
    if trouble.status == UNAUTHORISED:
        return sign_in(say, ended=True)
    if trouble.status == FORBIDDEN:
        return forbidden(say)
    if trouble.status == NOT_FOUND:
        return state(say("Nothing is known under this name"), remedy(say, trouble.detail), "search_off")
    if any(fault.pointer == AS_OF for fault in trouble.errors):
        return before_the_log(say)
    if trouble.status < 500:
        return state(say("The question could not be answered"), why(trouble, say), "help")
    return away(say)


def why(trouble: ApiProblem, say: Say) -> str:
    """What the API's refusal says to a reader; where its words point to the fields at fault, these are named."""
    if trouble.errors and not any(fault.detail in trouble.detail for fault in trouble.errors):
        return say("Look at: {fields}", fields=", ".join(fault.pointer.lstrip("/") for fault in trouble.errors))
    return remedy(say, trouble.detail or trouble.title)


def away(say: Say) -> None:
    """The API does not answer: nothing is lost, and one button tries again."""
    with _card("cloud_off"):
        _title(say("The appraisal service does not answer"))
        _text(say("Nothing that was recorded is lost. Try again in a moment."))
        st.button(say("Try again"), icon=":material/refresh:", type="primary")


def forbidden(say: Say) -> None:
    """What one's role or unit does not reach, and the way back."""
    text = say("Your role or your unit does not reach this far.")
    state(say("This is not yours to see"), text, "lock", say=say)


def lost_connection(say: Say) -> None:
    """What the browser shows once the server does not answer any more, in place of Streamlit's own English dialog. It
    has to be there before that, and goes by itself when the server is back."""
    told = json.dumps(
        say("The connection to the bank is interrupted. The page goes on by itself once it is back."),
        ensure_ascii=False,
    )
    gone = '.stApp[data-test-connection-state]:not([data-test-connection-state="CONNECTED"])'
    gone += ':not([data-test-connection-state="INITIAL"])'
    st.html(
        f"<style>{gone}::after {{ content: {told}; position: fixed; inset: 0; z-index: 999999; display: grid; "
        "place-items: center; padding: 2rem; text-align: center; font-size: 1.1rem; font-weight: 600; color: #fff; "
        "pointer-events: none; background: rgb(11 37 69 / 88%); animation: lost-connection .3s 2s both; } "
        "@keyframes lost-connection { from { opacity: 0; } to { opacity: 1; } } "
        f'body:has({gone}) [role="dialog"] {{ visibility: hidden; }}</style>'
    )


def skip_link(say: Say) -> None:
    """Streamlit's own way past the menu, in the reader's language: the first thing that Tab leads to."""
    if say.language == "en":
        return
    link, told = '[data-testid="stSkipToContent"]', json.dumps(say("Skip to main content"), ensure_ascii=False)
    st.html(
        f"<style>{link} {{ font-size: 0 !important; }} {link}::after {{ content: {told}; font-size: .9rem; }}</style>"
    )


def state(title: str, text: str, icon: str, say: Say | None = None) -> None:
    """A deliberate state of its own: an icon, what is the matter, and why; where `say` is given, with the way back to
    the first page."""
    with _card(icon):
        _title(title)
        _text(text)
        if say:
            label, address = say("Back to the first page"), f"/?lang={say.language}"
            st.html(f'<a class="sign-in" href="{address}" target="_self">{label}</a>', width="content")


def no_quarter(say: Say) -> None:
    """The state of a page of figures before the first quarter."""
    text = say("The card fills with the first figures of a quarter.")
    state(say("No quarter has begun"), text, "hourglass_top")


def _title(title: str) -> None:
    st.markdown(f"## {plain(title)}", anchors=False, text_alignment="center")


def _text(text: str) -> None:
    st.markdown(plain(text), text_alignment="center")


def _card(icon: str) -> DeltaGenerator:
    middle = st.container(horizontal_alignment="center")
    card = middle.container(
        width=CARD_WIDTH, border=True, key=f"state-{icon}", horizontal_alignment="center", gap="small"
    )
    card.markdown(f":gray[:material/{icon}:]", width="content")
    return card


def left_out(desk: Desk) -> None:
    """Say what the address asked for in vain; silence would pass other figures off as those."""
    if parts := [plain(f"{label} {value}") for label, value in filters.left_out()]:
        text = desk.say(
            "The address asks for what is not there or still to come; left out: {parts}.",
            parts=desk.say.listed(parts),
        )
        st.info(text, icon=":material/link_off:")


def no_look_back(desk: Desk) -> None:
    """Of a page that shows what stands now: that a day in its address is left out."""
    if asked := st.query_params.get("as_of"):
        filters.leave_out(desk.say("As of"), asked)


def looking_back(desk: Desk, as_of: str | None) -> AbstractContextManager[None]:
    """A sign of work while a day of the past is made for the first time: that takes a moment."""
    if as_of is None:
        return nullcontext()
    text = desk.say("Looking back to {day} …", day=desk.say.day(date.fromisoformat(as_of)))
    return st.spinner(text)


def before_the_log(say: Say) -> None:
    """Before the first event there is nothing to show, and a state says so."""
    state(say("Nothing was recorded yet"), say("The log begins after that day; choose a later one."), "hourglass_empty")


def moment(desk: Desk, moment: Moment) -> str:
    """The day at which the figures hold; `position` names the place in the log."""
    say = desk.say
    text = say("As of {day}", day=say.day(moment.today))
    return f":orange-badge[:material/history: {say('A look back')}] {text}" if moment.past else text


def position(desk: Desk, moment: Moment) -> str:
    """Where in the log the figures hold: a detail, for who points at the caption."""
    return desk.say("log position {position}", position=desk.say.number(moment.position))
