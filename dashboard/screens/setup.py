"""Setting a bank up: what is loaded first, in order, with an empty file and the command for each, and what is there."""

from functools import partial

import streamlit as st

from api.client import Client
from dashboard import notices
from dashboard.desk import Desk
from dashboard.words import msg
from projections.answers import SetupStep, SetupWhat

STEPS: dict[SetupWhat, tuple[str, str]] = {
    "orgs": (msg("Units"), msg("The organisation tree, from the head office down to the outlets.")),
    "rms": (msg("Relationship managers"), msg("Who serves in which outlet and position, and since when.")),
    "scheme": (
        msg("Scheme"),
        msg(
            "The rules of appraisal: kinds of work, indicators, weights, grades. One to begin with comes along; "
            "change it to what your bank has decided. It takes two people: who publishes it proposes it, and somebody "
            "else approves it; the second command says how."
        ),
    ),
    "contracts": (
        msg("Performance contracts"),
        msg("The target of each indicator, per relationship manager and quarter."),
    ),
    "plans": (
        msg("Plans"),
        msg(
            "What an outlet or a branch has to reach in all, so that pages tell whether the targets below add up to "
            "it. Leave it out where nobody plans so."
        ),
    ),
    "customers": (msg("Customers"), msg("Who looks after whom. Leave it out where no indicator counts customers.")),
    "actions": (msg("Actions"), msg("What was done, from the bank's systems; people add their own in the work log.")),
    "measures": (
        msg("Ready figures"),
        msg("Indicators that the bank's warehouse computes. Leave it out where it computes none."),
    ),
}
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show(desk: Desk) -> None:
    """The whole page."""
    say, setup = desk.say, desk.client.setup()
    st.title(say("Set up the bank"), anchor=False)
    following = next((step for step in setup.steps if step.needed and not step.count), None)
    if following:
        title = say(STEPS[following.what][0])
        st.markdown(notices.plain(say("Load these in order. Next: {step}.", step=title)))
    else:
        st.success(say("Everything that grades need is there."), icon=":material/check_circle:")
    st.caption(say("The commands run on the server, in the folder of the filled-in file, with APPRAISE_DATA_DIR set."))
    for place, step in enumerate(setup.steps, 1):
        one_step(desk, place, step, step == following)
    first_people(desk)


def one_step(desk: Desk, place: int, step: SetupStep, is_next: bool) -> None:
    """A step: whether it is done, what it holds, its empty file, its command."""
    say = desk.say
    title, about = STEPS[step.what]
    with st.container(border=True, gap="xsmall", key=f"setup-{step.what}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            icon = ":green[:material/check_circle:]" if step.count else ":gray[:material/radio_button_unchecked:]"
            st.markdown(f"{icon} **{place}. {say(title)}**", width="content")
            st.markdown(badge(desk, step, is_next), width="content")
        st.caption(say(about))
        if step.what == "scheme" and not step.count:
            proposed(desk)
        if step.count and not is_next:
            with st.expander(say("Load more")):
                files(desk, step.what)
        else:
            files(desk, step.what)


def proposed(desk: Desk) -> None:
    """What one person has proposed, and somebody else has to approve before it counts."""
    say = desk.say
    for one in (each for each in desk.client.list_schemes() if each.state == "proposed"):
        told = say(
            "{scheme} from {day} is proposed by {who} and waits for another person's approval.",
            scheme=one.scheme, day=say.day(one.effective), who=one.by,
        )  # fmt: skip
        st.info(notices.plain(told), icon=":material/hourglass_top:")
        if "scheme" in desk.pages:
            st.page_link(desk.pages["scheme"], label=say("Look at it, and decide"), icon=":material/menu_book:")


def badge(desk: Desk, step: SetupStep, is_next: bool) -> str:
    say = desk.say
    if step.count:
        return f":green-badge[{say('{n} there', n=say.number(step.count))}]"
    if is_next:
        return f":orange-badge[{say('next')}]"
    return f":gray-badge[{say('still missing') if step.needed else say('if needed')}]"


def files(desk: Desk, what: SetupWhat) -> None:
    """The empty file to fill in, and the command that takes it in, to be copied."""
    say = desk.say
    if what == "scheme":
        st.download_button(
            say("Scheme to begin with (TOML)"), partial(desk.client.template, what), file_name="scheme.toml",
            mime="text/plain", key="template-scheme", on_click="ignore", icon=":material/download:",
        )  # fmt: skip
        st.code(
            "appraise scheme check scheme.toml\nappraise scheme publish scheme.toml\n"
            "appraise scheme approve ID DATE --as NAME",
            language="sh", wrap_lines=True,
        )  # fmt: skip
        return
    with st.container(horizontal=True, gap="small"):
        for ending, mime in (("xlsx", SPREADSHEET), ("csv", "text/csv")):
            st.download_button(
                say("Empty file ({format})", format=ending.upper()), partial(fetch, desk.client, what, ending),
                file_name=f"{what}.{ending}", mime=mime, key=f"template-{what}-{ending}", on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip
    st.code(f"appraise import {what} {what}.xlsx", language="sh", wrap_lines=True)


def fetch(client: Client, what: SetupWhat, ending: str) -> bytes:
    """Made when it is asked for."""
    return client.template(what, ending)


def first_people(desk: Desk) -> None:
    """Who is to sign in, once the relationship managers are there."""
    say = desk.say
    with st.container(border=True, gap="xsmall", key="setup-people"):
        st.markdown(f":gray[:material/group_add:] **{say('Let people in')}**")
        st.caption(say("Each signs in under a name of their own; the password is asked for."))
        if "people" in desk.pages:
            st.page_link(desk.pages["people"], label=say("To the page of users"), icon=":material/group:")
        st.code("appraise user add NAME --role rm --rm ID\nappraise user add NAME --role supervisor --scope ORG",
                language="sh", wrap_lines=True)  # fmt: skip


def waiting(desk: Desk) -> None:
    """On a page without data: that there is nothing yet, and who changes that; who may is led there."""
    say, title = desk.say, desk.say("The bank is being set up")
    if "setup" in desk.pages:
        text = say("No relationship managers are loaded yet. What to load, and how, stands on the page of the set-up.")
        notices.state(title, text, "hourglass_empty")
        with st.container(horizontal_alignment="center"):
            st.page_link(desk.pages["setup"], label=say("Set up the bank"), icon=":material/checklist:")
        return
    text = say("No relationship managers are loaded yet. An administrator does that; come back a little later.")
    notices.state(title, text, "hourglass_empty")
