"""Who signs in to the demo bank: people with something to see, all with one password."""

from api.demo.design import Design
from api.demo.stories import Visitor
from api.demo.tree import Node, branch_of
from api.identity import DemoSignIn, Identity
from domain.bank import Bank
from domain.refusal import Refused

PASSWORD = "demo-bank"


def add_sign_ins(bank: Bank, design: Design) -> list[DemoSignIn]:
    """Let those of `stories.toml` sign in; who exists stays as they are."""
    identity, sign_ins = Identity(bank), []
    for visitor in design.stories.sign_ins:
        rm, unit = _rm(visitor, design), unit_of(visitor, design)
        if visitor.position not in (None, design.staff.members[rm].position):
            continue  # a bank too small, or too early, for the trade
        if visitor.of and unit is None:
            continue  # a bank too small for an outlet that lags beside that of the others
        own = design.staff.members[rm].rm if visitor.role == "rm" else None
        refused = identity.add_user(visitor.name, PASSWORD, visitor.role, unit.org if unit else None, own)
        if isinstance(refused, Refused) and refused.refusals[0].code != "conflict":
            raise refused
        if isinstance(refused, Refused) and refused.refusals[0].field == "rm":
            continue  # a bank too small for the story: the same RM signs in by another name
        told = {"rm": design.staff.members[rm].rm, "unit": unit.name if unit else ""}  # no name, which could be erased
        en, zh = (said.format(**told) for said in (visitor.en, visitor.zh))
        sign_ins.append(DemoSignIn(visitor.name, PASSWORD, visitor.role, en, zh))
    identity.show_demo_sign_ins(sign_ins)
    return sign_ins


def _rm(visitor: Visitor, design: Design) -> int:
    """The RM whom a visitor is or works for; in a bank that is too small for the story, the last one."""
    wanted = {each.rm: n for n, each in enumerate(design.staff.members)}
    return wanted.get(visitor.rm or "", len(wanted) - 1)


def unit_of(visitor: Visitor, design: Design) -> Node | None:
    """The unit that a visitor works for."""
    outlet = design.staff.outlet_on(_rm(visitor, design), design.span.last_day)
    if visitor.of == "outlet":
        return outlet
    if visitor.of == "branch":
        return branch_of(outlet, design.tree)
    if visitor.of == "lagging branch":
        return branch_of(next(each for each in design.tree if each.org in design.staff.lagging), design.tree)
    if visitor.of == "lagging outlet":
        return _lagging_outlet(design)
    return None


def _lagging_outlet(design: Design) -> Node | None:
    """The first outlet that lags in which somebody serves, unless its head signs in already."""
    day, staff = design.span.last_day, design.staff
    taken = {unit.org for each in design.stories.sign_ins if each.of == "outlet" and (unit := unit_of(each, design))}
    serving = (staff.outlet_on(number, day) for number in range(len(staff.members)))
    return next((each for each in serving if each.org in staff.lagging - taken), None)
