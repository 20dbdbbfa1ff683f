"""Whose duties in reviews somebody does beside their own, and as whom they act on one."""

from collections.abc import Sequence
from typing import NamedTuple

from api.office import Office
from api.permissions import Role, reach_of

DELEGATED = frozenset({
    "list_reviews", "read_review", "preview_review", "inbox", "list_review_quarters", "review_quarter",
    "review_distribution", "review_requirements", "rate_review", "accept_late_facts", "record_interview",
    "submit_review", "submit_reviews", "return_review", "approve_review", "approve_reviews", "decide_appeal",
    "finalise_review", "finalise_reviews", "propose_reopening", "reopen_review", "refuse_reopening",
    "record_inspection",
})  # fmt: skip
"""Operations that somebody does in the place of who is absent; who answers a result does so alone."""


class Duty(NamedTuple):
    """Rights that an absent person lends: whose they are, and how far they reach."""

    person: str
    role: Role
    scope: str | None


def duties_of(office: Office, person: str, operation: str) -> Sequence[Duty]:
    """The rights that others lend somebody today for an operation. They last as long as the others have them."""
    if operation not in DELEGATED:
        return ()
    today = office.bank.today
    absent = {
        each.person for each in office.bank.register.delegations if each.delegate == person and each.holds_on(today)
    }
    return [Duty(each, *rights) for each in sorted(absent) for rights in office.identity.rights_of(each)]


def lent_operations(office: Office, person: str) -> frozenset[str]:
    """What somebody may do today in the place of others alone."""
    duties = duties_of(office, person, "inbox")
    return frozenset(name for name in DELEGATED for each in duties if reach_of(name, each.role, each.scope) in REACHES)


REACHES = ("below", "any", "bank")
"""How far a right that is lent may go: what is one's own is nobody else's."""
