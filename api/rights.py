"""Which rights make sense together: a role, the unit that it reaches over, and the relationship manager who has it."""

import re
from collections.abc import Iterator, Sequence

from api.permissions import ROLES
from domain.fields import COMMAND_LINE, ID, OWN_IDS, SOURCE
from domain.refusal import Refusal
from domain.register import Register

OF_PEOPLE = tuple(role for role in ROLES if role != "system")
OF_RMS = ("rm", "supervisor")
"""Who can be an RM: a supervisor who is one, too, decides on no entry of their own."""


def faults(role: str, scope: str | None, rm: str | None, register: Register) -> Iterator[Refusal]:
    """Why nobody is given these rights, user or machine."""
    if role not in ROLES:
        yield Refusal("malformed", "role", f"choose one of {', '.join(ROLES)}")
    if scope is not None and role == "admin":  # who gives rights could give those of the whole bank
        yield Refusal("not-allowed", "scope", "leave it out: an administrator is always one of the whole bank")
    elif scope is not None and role == "rm":
        yield Refusal("not-allowed", "scope", "leave it out: a relationship manager reaches over nobody else")
    elif scope is not None and scope not in register.units:
        yield Refusal("unknown", "scope", "name a unit of the organisation tree")
    if role == "rm" and rm is None:
        yield Refusal("malformed", "rm", "say which relationship manager this is")
    elif rm is not None and role in ROLES and role not in OF_RMS:
        yield Refusal("not-allowed", "rm", "leave it out: only a relationship manager or a supervisor can be one")
    elif rm is not None and rm not in register.rms:
        yield Refusal("unknown", "rm", "name a relationship manager that is registered")


def person_faults(name: str, role: str, rm: str | None, register: Register) -> Iterator[Refusal]:
    """Why nobody signs in by this name, or with this role."""
    yield from name_faults(name, "name", rm, register)
    if role == "system":
        yield Refusal("not-allowed", "role", "choose a role of people: a system doesn't sign in, it has a token")


def name_faults(name: str, field: str, rm: str | None, register: Register) -> Iterator[Refusal]:
    """Why nobody, user or machine, has this name. Who bore one of ours, or the id of an RM who they are not, could do
    what the log then tells as the service's own doing, or as that RM's."""
    if name in OWN_IDS:
        names = ", ".join(OWN_IDS)
        yield Refusal(
            "not-allowed", field, f"choose another name: by {names} the log tells what this service does itself"
        )
    elif name != rm and name in register.rms:
        yield Refusal("not-allowed", field, "choose another name: by this one the log tells what an RM does")
    if not re.fullmatch(ID.pattern, name):
        yield Refusal("malformed", field, ID.remedy)


def token_faults(subject: str, by: str, signs_in: bool) -> Iterator[Refusal]:
    """Why a token is not of this subject: by another's name the log tells what that person does."""
    if signs_in and by not in (subject, COMMAND_LINE):
        yield Refusal("not-allowed", "subject", "choose another name: by this one somebody else signs in")


def source_faults(role: str, sources: Sequence[str]) -> Iterator[Refusal]:
    """Why a token is not bound to these sources."""
    if role == "system" and not sources:
        yield Refusal("malformed", "source", "say which sources the system may write with")
    elif role != "system" and sources:
        yield Refusal("malformed", "source", "leave it out: only a system has sources")
    elif any(not re.fullmatch(SOURCE.pattern, source) or source == "log" for source in sources):
        yield Refusal("malformed", "source", f"{SOURCE.remedy}; `log` is kept for people")
