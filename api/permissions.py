"""Who may do what: one table, operation x role -> own, below or any.

`own`: one's own actions and figures (for a system: what its sources deliver). `below`: the relationship managers
within one's scope in the tree, which is the whole bank for who has no scope. `any`: everything, whatever the scope.
`bank`: everything, for who has no scope; who has a unit can do nothing by it.
An operation bears the name of its route's function; start-up fails where a route has no row or a row no route.
Longer than 300 lines because it is the one table of all operations.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

from domain.contract import Party

Role = Literal["rm", "supervisor", "approver", "hr", "auditor", "system", "admin"]
Reach = Literal["own", "below", "any", "bank"]
ROLES: tuple[Role, ...] = get_args(Role)
EVERYBODY = " ".join(ROLES)


def as_role(text: str) -> Role:
    """A role read from the store; ValueError where this version knows no such role."""
    if text not in ROLES:
        raise ValueError("the store names a role that this version does not know")
    return text


@dataclass(frozen=True, slots=True)
class Operation:
    """What it does in one sentence, and how far each role reaches; `open` needs no sign-in."""

    sentence: str
    reach: dict[Role, Reach] = field(default_factory=dict)
    open: bool = False


def operation(
    sentence: str, *, own: str = "", below: str = "", whole: str = "", bank: str = "", open: bool = False
) -> Operation:
    """A row of the table; roles are named in one text, with spaces between them."""
    reach: dict[Role, Reach] = {}
    rows: tuple[tuple[Reach, str], ...] = (("own", own), ("below", below), ("any", whole), ("bank", bank))
    for far, roles in rows:
        reach |= dict.fromkeys(map(as_role, roles.split()), far)
    return Operation(sentence, reach, open)


SIGNS_FOR: dict[Role, Party] = {"rm": "rm", "supervisor": "outlet", "approver": "department"}
"""Which of a contract's three parties a role signs for."""
OPERATIONS: dict[str, Operation] = {
    # Doors
    "sign_in_page": operation("See the page that asks for name and password.", open=True),
    "sign_in": operation("Open a session with name and password.", open=True),
    "sign_out": operation("End one's session.", open=True),
    "health_live": operation("Ask whether the process answers.", open=True),
    "health_ready": operation("Ask whether it is ready, and how far the read model lags behind the log.", open=True),
    "metrics": operation("Read what the process measures of itself.", whole="admin"),
    "list_operations": operation("Read which operations there are and who may do what.", open=True),
    "me": operation("See who one is here and what one may do.", whole=EVERYBODY),
    # Actions
    "record_action": operation("Record one action.", own="rm system"),
    "record_actions": operation("Record up to 1,000 actions; each line gets its own answer.", own="rm system"),
    "list_actions": operation(
        "See actions and what became of them.", own="rm", below="supervisor auditor admin"
    ),
    "read_action": operation("See one action.", own="rm system", below="supervisor auditor admin"),
    "verify_action": operation("Confirm an action that somebody else recorded: it counts.", below="supervisor"),
    "reject_action": operation("Refuse to confirm an action, with the reason: it never counts.", below="supervisor"),
    "decide_actions": operation(
        "Verify or reject up to 1,000 actions; each gets its own answer.", below="supervisor"
    ),
    "void_action": operation(
        "Declare an action recorded in error, with the reason; one's own only while nobody has decided on it.",
        own="rm",
        below="supervisor",
    ),
    "correct_action": operation(
        "Put another entry in the place of one's own, while nobody has decided on it.", own="rm"
    ),
    # Standing
    "leaderboard": operation(
        "See ranks and tiers. On an indicator's board, values are seen only as far as one reaches.",
        own="rm",
        below="supervisor approver hr auditor system admin",
    ),
    "leaderboard_history": operation(
        "See how the first of a board came there, week by week; values only as far as on the board.",
        own="rm",
        below="supervisor approver hr auditor system admin",
    ),
    "closed_leaderboard": operation(
        "See how a board stood when its period was closed, and what is otherwise by now; as on the board.",
        own="rm",
        below="supervisor approver hr auditor system admin",
    ),
    "seasons": operation(
        "See the seasons of the schemes.", own="rm", below="supervisor approver hr auditor system admin"
    ),
    "leaderboard_live": operation(
        "Be told when a board changes.", own="rm", below="supervisor approver hr auditor system admin"
    ),
    "grades": operation("See the provisional grades of a quarter.", below="supervisor hr auditor admin"),
    "fairness": operation(
        "See whether a tenure, an outlet or a position stands lower on the boards, by the medians of groups.",
        below="supervisor hr auditor admin",
    ),
    "quarterly_checks": operation(
        "See where everybody stands against the part of the quarter that has passed, and what is missing.",
        own="rm",
        below="supervisor hr auditor admin",
    ),
    "organisation": operation(
        "See how the units of the tree stand in a quarter: mean scores, tiers, and what is done of the plan so far.",
        below="supervisor hr auditor admin",
    ),
    "list_rms": operation(
        "See who the relationship managers are and where they serve.",
        own="rm",
        below="supervisor approver hr auditor admin",
    ),
    "scorecard": operation(
        "See one relationship manager's quarter line by line.", own="rm", below="supervisor hr auditor admin"
    ),
    "line_events": operation(
        "See the actions or ready measures behind a score line.", own="rm", below="supervisor hr auditor admin"
    ),
    "points": operation(
        "See what each action of a relationship manager's quarter earned of points of the game, and why not more.",
        own="rm",
        below="supervisor hr auditor admin",
    ),
    "awards": operation(
        "See the badges and streaks of a relationship manager, with the events behind them.",
        own="rm",
        below="supervisor hr auditor admin",
    ),
    "worklog": operation(
        "See a relationship manager's diary of a period: what each day comes to, and every action.",
        own="rm",
        below="supervisor auditor admin",
    ),
    "portfolio": operation(
        "See the customers whose A or B post a relationship manager holds.",
        own="rm",
        below="supervisor auditor admin",
    ),
    "board_choices": operation(
        "See whether a relationship manager left the leaderboards, and the alias.",
        own="rm",
        below="supervisor hr auditor admin",
    ),
    "leave_boards": operation("Be on no leaderboard any more; for oneself alone.", own="rm supervisor"),
    "join_boards": operation("Be on the leaderboards again; for oneself alone.", own="rm supervisor"),
    "choose_alias": operation("Choose an alias for the leaderboards; for oneself alone.", own="rm supervisor"),
    "drop_alias": operation("Have no alias any more; for oneself alone.", own="rm supervisor"),
    "record_absence": operation("Record that a relationship manager is absent.", below="supervisor hr admin"),
    # Contracts
    "list_contracts": operation(
        "See how the contracts of a year stand.", own="rm", below="supervisor approver hr auditor admin"
    ),
    "read_contract": operation(
        "See one contract: its targets, who signed it, and how it came about.",
        own="rm",
        below="supervisor approver hr auditor admin",
    ),
    "draft_contract": operation("Draft a contract from the RM's scheme.", below="supervisor approver"),
    "draft_contracts": operation("Draft up to 1,000 contracts of a year.", below="supervisor approver"),
    "propose_targets": operation(
        "Ask for other targets in a contract; what was signed before has to be signed anew.",
        own="rm",
        below="supervisor approver",
    ),
    "sign_contract": operation(
        "Sign a contract: an RM one's own, a supervisor for the outlet, an approver for the department.",
        own="rm",
        below="supervisor approver",
    ),
    "sign_contracts": operation(
        "Sign up to 1,000 contracts of a year for outlet or department.", below="supervisor approver"
    ),
    "read_plan": operation(
        "See a unit's plan, and whether the targets and plans below add up to it.",
        below="supervisor approver hr auditor admin",
    ),
    "set_plan": operation("Set the plan of a unit below one's own.", below="supervisor approver hr"),
    # Reviews
    "list_reviews": operation(
        "See the reviews of a quarter, who is where and until when.",
        own="rm",
        below="supervisor approver hr auditor admin",
    ),
    "read_review": operation(
        "See all of one review.", own="rm", below="supervisor approver hr auditor admin"
    ),
    "preview_review": operation(
        "See what ratings would come to, with nothing saved.", below="supervisor approver"
    ),
    "review_timeline": operation(
        "See a review as the events that made it; one's own without who voted what.", own="rm", below="auditor"
    ),
    "inbox": operation("See which reviews wait for oneself.", own="rm", below="supervisor approver hr"),
    "rate_review": operation("Rate and comment a review, piece by piece.", below="supervisor"),
    "accept_late_facts": operation("Take facts into a review that came in since.", below="supervisor"),
    "record_interview": operation("Record that a quarter was talked over with its RM.", below="supervisor"),
    "submit_review": operation("Hand a review on for approval.", below="supervisor"),
    "submit_reviews": operation(
        "Hand up to 1,000 reviews on for approval; each gets its own answer.", below="supervisor"
    ),
    "return_review": operation("Give a review back to its supervisor, with the reason.", below="supervisor approver"),
    "approve_review": operation(
        "Stand for a result as a second person; never for what one rated.", below="supervisor approver"
    ),
    "approve_reviews": operation(
        "Stand for up to 1,000 results; each gets its own answer.", below="supervisor approver"
    ),
    "acknowledge_review": operation("Say of one's own result that it is not contested.", own="rm"),
    "appeal_review": operation("Contest one's own result, with the reason.", own="rm"),
    "decide_appeal": operation(
        "Decide an appeal in which one took no part, never for the worse.", below="supervisor approver"
    ),
    "finalise_review": operation("Make a grade final that people stand for.", below="approver hr admin"),
    "finalise_reviews": operation(
        "Make up to 1,000 grades final; each gets its own answer.", below="approver hr admin"
    ),
    "propose_reopening": operation("Ask for a final review to be opened again.", below="approver hr"),
    "reopen_review": operation(
        "Open a final review again that another person proposed to open.", below="approver hr"
    ),
    "refuse_reopening": operation("Leave a final review as it is.", below="approver hr"),
    "list_review_quarters": operation(
        "See which quarters may be reviewed, and how far each is.",
        own="rm",
        below="supervisor approver hr auditor admin",
    ),
    "review_quarter": operation(
        "See how far the reviews of a quarter are.", below="supervisor approver hr auditor admin"
    ),
    "review_distribution": operation(
        "See tiers against the scheme's quotas, and how high each supervisor rates.",
        below="supervisor approver hr auditor admin",
    ),
    "review_requirements": operation(
        "See what is missing before a quarter's grades may be final, and who can mend it.",
        below="supervisor approver hr auditor admin",
    ),
    "open_review_quarter": operation("Open a quarter's reviews, one for each RM who served in it.", bank="hr admin"),
    "cast_vote": operation(
        "Give an RM one of the levels that the scheme counts; never oneself.", whole="rm supervisor approver hr"
    ),
    "record_inspection": operation("Record what an inspection of an RM's work found.", below="supervisor approver"),
    "list_relations": operation(
        "See who is too close to whom to decide on them; else what concerns oneself.",
        own="rm supervisor approver",
        whole="hr auditor admin",
    ),
    "declare_relation": operation(
        "Declare that two people are too close to decide on each other; else of oneself.",
        own="rm supervisor approver auditor admin",
        whole="hr",
    ),
    "end_relation": operation("Note that a declared relation holds no longer; never one's own.", whole="hr"),
    "list_delegations": operation(
        "See who does whose duties in reviews; else what concerns oneself.",
        own="rm supervisor approver",
        whole="hr auditor admin",
    ),
    "delegate_duties": operation(
        "Let somebody do the duties in reviews of who is absent; else one's own.", own="supervisor approver", whole="hr"
    ),
    "end_delegation": operation(
        "End a delegation before its last day; else one's own.", own="supervisor approver", whole="hr"
    ),
    # The bank
    "name_people": operation(
        "See who stands behind an id: an RM within reach by name, others by their post.",
        own="rm",
        below="supervisor approver",
        whole="hr auditor admin",
    ),
    "list_units": operation("See the organisation tree.", whole=EVERYBODY),
    "list_schemes": operation("See which schemes are published.", whole=EVERYBODY),
    "read_scheme": operation("Read a scheme as published.", whole=EVERYBODY),
    "scheme_differences": operation("See what a scheme's version changes against another.", whole=EVERYBODY),
    "propose_scheme": operation("Propose a version of a scheme for another person to approve.", bank="hr admin"),
    "check_scheme": operation(
        "See what the check says of a scheme's text, with the bank's targets.", bank="hr approver auditor admin"
    ),
    "scheme_changes": operation(
        "See which versions wait for approval, and whose tiers one of them would change.",
        bank="hr approver auditor admin",
    ),
    "approve_scheme": operation(
        "Put a version in force that another person proposed.", bank="hr approver admin"
    ),
    "withdraw_scheme": operation(
        "Take a version back that waits for approval, or turn it down.", bank="hr approver admin"
    ),
    # Payroll
    "payroll_grades": operation(
        "Read the final grades of a quarter, and who has none and why, as payroll does.", bank="hr auditor admin"
    ),
    "payroll_progress": operation(
        "See how many of a quarter have a final grade, and who has none.", bank="hr auditor admin"
    ),
    "payroll_changes": operation(
        "See who has another final grade than in the quarter before.", bank="hr auditor admin"
    ),
    "list_runs": operation("See which payroll runs there are.", bank="hr auditor admin"),
    "prepare_run": operation("Prepare what payroll is to be given of a quarter.", bank="hr"),
    "read_run": operation("See what a payroll run comes to, and who has no grade.", bank="hr auditor admin"),
    "run_file": operation("Download a payroll run.", bank="hr auditor admin"),
    "run_manifest": operation("Download what proves a released run.", bank="hr auditor admin"),
    "run_differences": operation("See what changed after a payroll run was made.", bank="hr auditor admin"),
    "run_timeline": operation("See the events of a payroll run.", bank="hr auditor admin"),
    "release_run": operation("Hand a run to payroll that another person prepared.", bank="hr"),
    "discard_run": operation("Give up a run that nobody released.", bank="hr"),
    # The history
    "list_events": operation("Read the raw history.", below="auditor"),
    "export_events": operation("Take a part of the raw history along as a file.", below="auditor"),
    "read_event": operation("Read one event, and the seal over it.", below="auditor"),
    "setup": operation("See what a new bank loads first, and what of it is there.", whole="admin"),
    "template": operation("Download an empty file to fill in and import.", whole="admin"),
    # Who may sign in
    "change_password": operation("Change one's own password.", whole=EVERYBODY),
    "own_sessions": operation("See one's own open sessions.", whole=EVERYBODY),
    "end_own_session": operation("End one of one's own sessions.", whole=EVERYBODY),
    "list_users": operation("See who signs in, and with which rights.", bank="admin"),
    "add_user": operation("Let somebody sign in.", bank="admin"),
    "reset_password": operation("Give a user another password; the user's sessions end.", bank="admin"),
    "disable_user": operation("Keep a user from signing in; never oneself or the last administrator.", bank="admin"),
    "enable_user": operation("Let a disabled user sign in again.", bank="admin"),
    "change_role": operation("Give a user another role, scope or RM; never oneself.", bank="admin"),
    "end_sessions": operation("End all sessions of a user.", bank="admin"),
    "list_sessions": operation("See who is signed in, since when and from where.", bank="admin"),
    "end_session": operation("End one session.", bank="admin"),
    "list_tokens": operation("See which tokens machines have.", bank="admin"),
    "create_token": operation("Make a token for a machine; it is shown once.", bank="admin"),
    "revoke_token": operation("Make a token open nothing any more.", bank="admin"),
    "grade_notice": operation(
        "Get the grade notice of a quarter as PDF, once a second person has approved it.",
        own="rm",
        below="supervisor approver hr auditor admin",
    ),
    "list_card_readings": operation(
        "See who read which scorecard, review or grade notice of somebody else.", below="auditor"
    ),
    "list_account_changes": operation("See who did what to users, sessions and tokens.", bank="auditor admin"),
    "rebuild": operation("Build the read model anew from the log.", whole="admin"),
    "verify": operation("Check the seals, and the read model against the log.", whole="auditor admin"),
}  # fmt: skip


def reach_of(operation: str, role: Role, scope: str | None) -> Reach | None:
    """How far an operation reaches for who has this role and scope; None where they may not do it."""
    reach = OPERATIONS[operation].reach.get(role)
    return None if reach == "bank" and scope is not None else reach


def operations_of(role: Role, scope: str | None) -> list[str]:
    """What one may do with this role and scope, in the order of the table."""
    return [name for name in OPERATIONS if reach_of(name, role, scope)]


def check_routes(routes: Iterable[str]) -> None:
    """RuntimeError where a route has no row here, or a row no route."""
    names = list(routes)
    faults = [f"route {name} has no row in permissions" for name in sorted(set(names) - OPERATIONS.keys())]
    faults += [f"row {name} of permissions has no route" for name in sorted(OPERATIONS.keys() - set(names))]
    faults += [f"two routes are named {name}" for name in sorted({name for name in names if names.count(name) > 1})]
    if faults:
        raise RuntimeError("; ".join(faults))
