"""Who stands behind the ids on a page: the RM's name, else the post; the id in brackets, since that is what counts."""

from collections.abc import Iterable, Iterator

import streamlit as st
from pydantic import BaseModel

from api.client import ApiProblem
from dashboard import notices
from dashboard.desk import Desk
from dashboard.words import ROLES
from projections.answers import Who

KEPT = "people-named"
PEOPLE = frozenset(
    ("by", "on_behalf_of", "supervisor", "prepared_by", "ended_by", "rated_by", "submitted_by", "approved_by",
     "decided_by", "inspector")
)  # fmt: skip
"""The fields of answers that hold a person's id."""


MOST = 200
"""Ids of one question."""


def learn(desk: Desk, answer: object) -> None:
    """Ask for everybody whom an answer names and whom the session does not know yet, by one call."""
    learn_ids(desk, _ids(answer))


def learn_ids(desk: Desk, ids: Iterable[str]) -> None:
    """The same by their ids."""
    kept = _kept(desk)
    known = kept.keys() | {desk.me.subject, desk.me.rm}
    if unknown := sorted(set(ids) - known):
        try:
            kept |= {one.id: one for one in desk.client.name_people(unknown[:MOST])}
        except ApiProblem as trouble:
            if trouble.status == notices.UNAUTHORISED:
                raise  # else the ids stand for themselves


def who(desk: Desk, person: str | None) -> str:
    """Somebody in words, as far as they are known."""
    say, one = desk.say, _kept(desk).get(person or "")
    if person and person in (desk.me.subject, desk.me.rm):
        return say("yourself")
    if one is None or not (one.name or one.role):
        return person or "–"
    post = say(ROLES[one.role]) if one.role else ""
    known = one.name or (say("{role} of {unit}", role=post, unit=one.unit) if one.unit else post)
    return say("{name} ({id})", name=known, id=one.id)


def _kept(desk: Desk) -> dict[str, Who]:
    """Whom the session knows; what somebody was told before another one signed in is theirs alone."""
    owner, known = st.session_state.get(KEPT, ("", {}))
    if owner != desk.me.subject:
        known = {}
        st.session_state[KEPT] = (desk.me.subject, known)
    found: dict[str, Who] = known
    return found


def _ids(answer: object) -> Iterator[str]:
    if isinstance(answer, BaseModel):
        for name in type(answer).model_fields:
            value = getattr(answer, name)
            if name in PEOPLE and isinstance(value, str) and value:
                yield value
            elif isinstance(value, BaseModel | list | tuple):
                yield from _ids(value)
    elif isinstance(answer, Iterable) and not isinstance(answer, str | bytes):
        for one in answer:
            yield from _ids(one)
