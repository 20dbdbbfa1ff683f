"""Who signs in to the demo bank: people with something to see, all with one password."""

import numpy as np

from api.demo.design import Design
from api.demo.plan import Plan
from api.demo.staff import Member, Staff
from api.demo.tree import Node
from api.identity import DemoSignIn, Identity
from domain.bank import Bank
from domain.refusal import Refused

PASSWORD = "demo-bank"


def add_sign_ins(bank: Bank, plan: Plan, design: Design) -> list[DemoSignIn]:
    """Let an RM in the middle of the board sign in, those above, and the offices; those who exist stay as they are."""
    index = _in_the_middle(plan, design.staff)
    member, outlet = design.staff.members[index], design.staff.outlet_on(index, design.span.last_day)
    branch = _above(_above(outlet, design.tree), design.tree)
    people: list[tuple[str, str, str | None, str | None, str, str]] = [
        ("rm", "rm", None, member.rm, f"{member.name}, {member.rm}, in the middle of the board", _zh(member)),
        ("supervisor", "supervisor", outlet.org, None, f"head of the outlet {outlet.name}", f"{outlet.name}负责人"),
        ("branch", "supervisor", branch.org, None, f"head of the branch {branch.name}", f"{branch.name}负责人"),
        ("hr", "hr", None, None, "human resources", "人力资源部"),
        ("auditor", "auditor", None, None, "internal audit", "内部审计"),
        ("admin", "admin", None, None, "administrator", "系统管理员"),
    ]
    identity = Identity(bank)
    for name, role, scope, rm, _, _ in people:
        refused = identity.add_user(name, PASSWORD, role, scope, rm)
        if isinstance(refused, Refused) and refused.refusals[0].code != "conflict":
            raise refused
    sign_ins = [DemoSignIn(name, PASSWORD, role, en, zh) for name, role, _, _, en, zh in people]
    identity.show_demo_sign_ins(sign_ins)
    return sign_ins


def _zh(member: Member) -> str:
    return f"{member.name}({member.rm}),排名居中"


def _in_the_middle(plan: Plan, staff: Staff) -> int:
    """The RM in the middle of the graded ones who is still in service."""
    staying = np.array([staff.members[index].left_on is None for index in plan.members])
    chosen = np.flatnonzero(plan.graded & staying) if (plan.graded & staying).any() else np.arange(len(plan.members))
    order = chosen[np.argsort(plan.tier[chosen], kind="stable")]
    return int(plan.members[order[len(order) // 2]])


def _above(node: Node, tree: list[Node]) -> Node:
    return next(each for each in tree if each.org == node.parent)
