"""Every route, walked with every role: what lies within reach is answered, everything else is 403, nobody is 401.

Longer than 300 lines because every operation stands here with one request.
"""

import json
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

import pytest

from api.permissions import OPERATIONS, ROLES, check_routes
from tests.api.house import RMS, SCHEME, House


class Request(NamedTuple):
    """How an operation is asked about one RM."""

    method: str
    path: str
    body: object = None
    headers: Mapping[str, str] = MappingProxyType({})


DECIDED = ("read_action", "verify_action", "reject_action", "decide_actions", "void_action", "correct_action")
"""Operations on an action, which is made anew for each request: a decision uses it up."""
LINE_BY_LINE = (
    "record_actions", "decide_actions", "draft_contracts", "sign_contracts", "submit_reviews", "approve_reviews",
    "finalise_reviews",
)  # fmt: skip
"""Operations that answer for each of many; here each has one."""
ABOUT_USERS = (
    "reset_password", "disable_user", "enable_user", "change_role", "end_sessions", "end_session",
)  # fmt: skip
"""Operations on a user who is there for them alone."""


ABOUT_REVIEWS = [name for name in OPERATIONS if "review" in name or name in (
    "accept_late_facts", "record_interview", "decide_appeal", "propose_reopening", "refuse_reopening",
)]  # fmt: skip
"""Operations on reviews of the quarter that is over, which are opened for them."""
ABOUT_DRAFTS = ("scheme_changes", "approve_scheme", "withdraw_scheme")
"""Operations on a version of a scheme that waits for approval, and is made anew for each request."""
ABOUT_CONTRACTS = ("propose_targets", "sign_contract", "sign_contracts")
"""Operations on a contract that is drafted, whose text changes for each request."""
ABOUT_RUNS = (
    "read_run", "run_file", "run_manifest", "run_differences", "run_timeline", "release_run", "discard_run",
)  # fmt: skip
"""Operations on a payroll run, which is made anew for each request."""
ENTERED = ("kind", "occurred_on")
LATER = 999_999
"""A version of a review that it never had: whom a step is open to is told 412, whatever state it is in."""


def about(rm: str, operation: str, house: House) -> Request:
    """An operation's request about an RM."""
    own = operation in ("void_action", "correct_action")  # RMs take back only what they recorded themselves
    by = rm if own else "crm"
    quarter, action = house.quarter, house.visit(rm, by) if operation in DECIDED else ""
    session = house.session_of_newcomer() if operation in ABOUT_USERS else ""
    token = house.spare_token() if operation == "revoke_token" else ""
    draft = house.draft() if operation in ABOUT_DRAFTS else ""
    digest = {"digest": house.digest(draft)} if draft else {}
    payable = house.finalised() if operation == "prepare_run" else ""
    made_run = house.released_run if operation == "run_manifest" else house.prepared_run
    run = made_run() if operation in ABOUT_RUNS else ""
    confirmed = {"digest": house.run_digest(run)} if run else {}
    line = {"rm": rm, "kind": "visit", "occurred_on": str(house.today)}
    card = f"/v1/rms/{rm}/scorecards/{quarter}"
    contract, figure = f"/v1/contracts/{rm}/2030", {"quarter": "2030Q1", "indicator": "savings", "target": "5"}
    text = {"digest": house.contract_digest(rm, 2030) if operation in ABOUT_CONTRACTS else ""}
    review, late = f"/v1/reviews/{rm}/{house.over}", {"If-Match": f'"{LATER}"'}
    many = {"quarter": house.over, "reviews": [{"rm": rm, "version": LATER}]}
    ago, why = {"from_day": "2026-03-03", "to_day": "2026-03-02"}, {"reason": "see the log"}
    if operation in ABOUT_REVIEWS:
        house.open_reviews()
    noticed = house.noticed(rm) if operation == "grade_notice" else ""
    requests = {
        "sign_in_page": Request("GET", "/sign-in"),
        "sign_out": Request("POST", "/sign-out"),
        "health_live": Request("GET", "/health/live"),
        "health_ready": Request("GET", "/health/ready"),
        "list_operations": Request("GET", "/docs"),
        "metrics": Request("GET", "/metrics"),
        "me": Request("GET", "/v1/me"),
        "record_action": Request("POST", "/v1/actions", line),
        "record_actions": Request("POST", "/v1/actions:batch", [line]),
        "list_actions": Request("GET", f"/v1/actions?rm={rm}"),
        "read_action": Request("GET", f"/v1/actions/{action}"),
        "verify_action": Request("POST", f"/v1/actions/{action}/verify", {}),
        "reject_action": Request("POST", f"/v1/actions/{action}/reject", {"reason": "not seen"}),
        "decide_actions": Request("POST", "/v1/actions:decide", {"decision": "verify", "actions": [action]}),
        "void_action": Request("POST", f"/v1/actions/{action}/void", {"reason": "an error"}),
        "correct_action": Request("POST", f"/v1/actions/{action}/correct", {name: line[name] for name in ENTERED}),
        "leaderboard": Request("GET", f"/v1/leaderboards/{quarter}?around={rm}"),
        "leaderboard_history": Request("GET", f"/v1/leaderboards/{quarter}/history?around={rm}"),
        "closed_leaderboard": Request("GET", f"/v1/leaderboards/{quarter}/closed?around={rm}"),
        "seasons": Request("GET", "/v1/seasons"),
        "leaderboard_live": Request("GET", f"/v1/leaderboards/{quarter}/live?events=1"),
        "grades": Request("GET", f"/v1/grades/{quarter}?rm={rm}"),
        "fairness": Request("GET", f"/v1/fairness/{quarter}?scope={RMS[rm]}"),
        "quarterly_checks": Request("GET", f"/v1/quarterly-checks/{quarter}?rm={rm}"),
        "organisation": Request("GET", f"/v1/organisation/{quarter}?scope={RMS[rm]}"),
        "list_rms": Request("GET", f"/v1/rms?scope={RMS[rm]}"),
        "scorecard": Request("GET", card),
        "line_events": Request("GET", f"{card}/lines/visits/events"),
        "points": Request("GET", f"/v1/rms/{rm}/points/{quarter}"),
        "awards": Request("GET", f"/v1/rms/{rm}/awards"),
        "worklog": Request("GET", f"/v1/rms/{rm}/worklog"),
        "portfolio": Request("GET", f"/v1/rms/{rm}/portfolio"),
        "board_choices": Request("GET", f"/v1/rms/{rm}/boards"),
        "leave_boards": Request("POST", f"/v1/rms/{rm}/boards/leave"),
        "join_boards": Request("POST", f"/v1/rms/{rm}/boards/join"),
        "choose_alias": Request("POST", f"/v1/rms/{rm}/alias", {"alias": "Morning Star"}),
        "drop_alias": Request("POST", f"/v1/rms/{rm}/alias/drop"),
        "record_absence": Request("POST", f"/v1/rms/{rm}/absences", {"from_day": "2026-03-02", "to_day": "2026-03-03"}),
        "list_reviews": Request("GET", f"/v1/reviews?quarter={house.over}&scope={RMS[rm]}"),
        "read_review": Request("GET", review),
        "preview_review": Request("POST", f"{review}/preview", {"ratings": {}}),
        "review_timeline": Request("GET", f"{review}/timeline"),
        "inbox": Request("GET", "/v1/inbox"),
        "rate_review": Request("POST", f"{review}/rate", {}, late),
        "accept_late_facts": Request("POST", f"{review}/accept-late-facts", {"facts_at": 1}, late),
        "record_interview": Request("POST", f"{review}/interview", {"held_on": "2026-10-09", "note": "so"}, late),
        "submit_review": Request("POST", f"{review}/submit", {}, late),
        "submit_reviews": Request("POST", "/v1/reviews:submit", many),
        "return_review": Request("POST", f"{review}/return", why, late),
        "approve_review": Request("POST", f"{review}/approve", {}, late),
        "approve_reviews": Request("POST", "/v1/reviews:approve", many),
        "acknowledge_review": Request("POST", f"{review}/acknowledge", None, late),
        "appeal_review": Request("POST", f"{review}/appeal", why, late),
        "decide_appeal": Request("POST", f"{review}/decide", why | {"outcome": "dismissed"}, late),
        "finalise_review": Request("POST", f"{review}/finalise", {}, late),
        "finalise_reviews": Request("POST", "/v1/reviews:finalise", many),
        "propose_reopening": Request("POST", f"{review}/propose-reopening", why, late),
        "reopen_review": Request("POST", f"{review}/reopen", {"cutoff_on": str(house.today)}, late),
        "refuse_reopening": Request("POST", f"{review}/refuse-reopening", None, late),
        "list_review_quarters": Request("GET", "/v1/review-quarters"),
        "review_quarter": Request("GET", f"/v1/review-quarters/{house.over}?scope={RMS[rm]}"),
        "review_distribution": Request("GET", f"/v1/review-quarters/{house.over}/distribution?scope={RMS[rm]}"),
        "review_requirements": Request("GET", f"/v1/review-quarters/{house.over}/requirements?scope={RMS[rm]}"),
        "open_review_quarter": Request("POST", f"/v1/review-quarters/{house.over}/open", {"cutoff_on": "2026-03-02"}),
        "cast_vote": Request("POST", f"/v1/rms/{rm}/votes/{house.over}", {"measure": "none_of_them"}),
        "record_inspection": Request(
            "POST",
            f"/v1/rms/{rm}/inspections/{house.over}",
            {"inspector": "somebody", "inspected_on": "2020-01-01", "findings": 0, "note": "too early"},
        ),
        "list_relations": Request("GET", "/v1/relations"),
        "declare_relation": Request("POST", "/v1/relations", {"relative": "no id"}),
        "end_relation": Request("POST", "/v1/relations:end", {"person": "one", "relative": "other"}),
        "list_delegations": Request("GET", "/v1/delegations"),
        "delegate_duties": Request("POST", "/v1/delegations", {"delegate": "deputy"} | ago),
        "end_delegation": Request("POST", "/v1/delegations:end", {"delegate": "nobody"}),
        "name_people": Request("GET", f"/v1/names?id={rm}"),
        "list_units": Request("GET", "/v1/units"),
        "list_schemes": Request("GET", "/v1/schemes"),
        "read_scheme": Request("GET", "/v1/schemes/anshun-personal-rm/2026-01-01"),
        "scheme_differences": Request("GET", "/v1/schemes/anshun-personal-rm/2026-01-01/differences"),
        "propose_scheme": Request("POST", "/v1/schemes", {"text": SCHEME.read_text(encoding="utf-8")}),
        "check_scheme": Request("POST", "/v1/schemes:check", {"text": SCHEME.read_text(encoding="utf-8")}),
        "scheme_changes": Request("GET", f"{draft}/changes"),
        "approve_scheme": Request("POST", f"{draft}/approve", digest),
        "withdraw_scheme": Request("POST", f"{draft}/withdraw", digest),
        "payroll_grades": Request("GET", f"/v1/payroll/grades?quarter={quarter}"),
        "payroll_progress": Request("GET", f"/v1/payroll/progress?quarter={quarter}"),
        "payroll_changes": Request("GET", f"/v1/payroll/changes?quarter={quarter}"),
        "list_runs": Request("GET", "/v1/payroll/runs"),
        "prepare_run": Request("POST", "/v1/payroll/runs", {"quarter": payable}),
        "read_run": Request("GET", run),
        "run_file": Request("GET", f"{run}/file"),
        "run_manifest": Request("GET", f"{run}/manifest"),
        "run_differences": Request("GET", f"{run}/differences"),
        "run_timeline": Request("GET", f"{run}/timeline"),
        "release_run": Request("POST", f"{run}/release", confirmed),
        "discard_run": Request("POST", f"{run}/discard", {"reason": "an error"}),
        "list_contracts": Request("GET", f"/v1/contracts?scope={RMS[rm]}" if rm == "r2" else "/v1/contracts"),
        "read_contract": Request("GET", contract),
        "draft_contract": Request("POST", f"{contract}/draft"),
        "draft_contracts": Request("POST", "/v1/contracts:draft", {"year": 2030, "rms": [rm]}),
        "propose_targets": Request("POST", f"{contract}/propose", {"targets": [figure | {"base": "7"}]}),
        "sign_contract": Request("POST", f"{contract}/sign", text),
        "sign_contracts": Request("POST", "/v1/contracts:sign", {"year": 2030, "contracts": [text | {"rm": rm}]}),
        "read_plan": Request("GET", f"/v1/plans/{RMS[rm]}/2030"),
        "set_plan": Request("POST", f"/v1/plans/{RMS[rm]}/2030", {"figures": [figure]}),
        "list_events": Request("GET", f"/v1/events?rm={rm}"),
        "export_events": Request("GET", f"/v1/events:export?rm={rm}"),
        "read_event": Request("GET", f"/v1/events/{house.first_position(rm)}"),
        "setup": Request("GET", "/v1/setup"),
        "template": Request("GET", "/v1/templates/orgs"),
        "change_password": Request("POST", "/v1/me/password", {"old_password": "x", "password": "y"}),
        "own_sessions": Request("GET", "/v1/me/sessions"),
        "end_own_session": Request("POST", f"/v1/me/sessions/{'0' * 16}/end"),
        "list_users": Request("GET", "/v1/users"),
        "add_user": Request("POST", "/v1/users", {"name": house.new_name(), "role": "hr"}),
        "reset_password": Request("POST", "/v1/users/newcomer/password", {}),
        "disable_user": Request("POST", "/v1/users/newcomer/disable"),
        "enable_user": Request("POST", "/v1/users/newcomer/enable"),
        "change_role": Request("POST", "/v1/users/newcomer/role", {"role": "hr"}),
        "end_sessions": Request("POST", "/v1/users/newcomer/sessions:end"),
        "list_sessions": Request("GET", "/v1/sessions"),
        "end_session": Request("POST", f"/v1/sessions/{session}/end"),
        "list_tokens": Request("GET", "/v1/tokens"),
        "create_token": Request("POST", "/v1/tokens", {"subject": "machine", "role": "hr"}),
        "revoke_token": Request("POST", f"/v1/tokens/{token}/revoke"),
        "grade_notice": Request("GET", f"{noticed}/notice?language=en"),
        "list_card_readings": Request("GET", "/v1/card-readings"),
        "list_account_changes": Request("GET", "/v1/account-changes"),
        "rebuild": Request("POST", "/v1/read-model:rebuild"),
        "verify": Request("POST", "/v1/log:verify"),
    }
    return requests[operation]


ASKERS = ["rm r1", "rm r2", "supervisor r1", "supervisor r2", "approver r1", "approver r2",
          "hr r2", "auditor r2", "system r1", "admin r2", "nobody r1"]  # fmt: skip
"""Who asks about whom: r1 is the RM's own and lies below the supervisor and the approver, r2 does not."""
EXPECTED = """
                 rm  rm  sup sup app app hr  aud sys adm nobody
                 own oth low oth low oth
sign_in_page     200 200 200 200 200 200 200 200 200 200 200
sign_out         303 303 303 303 303 303 303 303 303 303 303
health_live      200 200 200 200 200 200 200 200 200 200 200
health_ready     200 200 200 200 200 200 200 200 200 200 200
list_operations  200 200 200 200 200 200 200 200 200 200 200
metrics          403 403 403 403 403 403 403 403 403 200 401
me               200 200 200 200 200 200 200 200 200 200 401
record_action    201 403 403 403 403 403 403 403 201 403 401
record_actions   200 403 403 403 403 403 403 403 200 403 401
list_actions     200 403 200 403 403 403 403 200 403 200 401
read_action      200 403 200 403 403 403 403 200 200 200 401
verify_action    403 403 200 403 403 403 403 403 403 403 401
reject_action    403 403 200 403 403 403 403 403 403 403 401
decide_actions   403 403 200 403 403 403 403 403 403 403 401
void_action      200 403 200 403 403 403 403 403 403 403 401
correct_action   201 403 403 403 403 403 403 403 403 403 401
leaderboard      200 200 200 200 200 200 200 200 200 200 401
leaderboard_history 200 200 200 200 200 200 200 200 200 200 401
leaderboard_live 200 200 200 200 200 200 200 200 200 200 401
closed_leaderboard 422 422 422 422 422 422 422 422 422 422 401
seasons          200 200 200 200 200 200 200 200 200 200 401
grades           403 403 200 403 403 403 200 200 403 200 401
fairness         403 403 200 403 403 403 200 200 403 200 401
quarterly_checks 200 403 200 403 403 403 200 200 403 200 401
organisation     403 403 200 403 403 403 200 200 403 200 401
list_rms         200 200 200 403 200 403 200 200 403 200 401
scorecard        200 403 200 403 403 403 200 200 403 200 401
line_events      200 403 200 403 403 403 200 200 403 200 401
points           200 403 200 403 403 403 200 200 403 200 401
awards           200 403 200 403 403 403 200 200 403 200 401
worklog          200 403 200 403 403 403 403 200 403 200 401
portfolio        200 403 200 403 403 403 403 200 403 200 401
board_choices    200 403 200 403 403 403 200 200 403 200 401
leave_boards     200 403 403 403 403 403 403 403 403 403 401
join_boards      200 403 403 403 403 403 403 403 403 403 401
choose_alias     200 403 403 403 403 403 403 403 403 403 401
drop_alias       200 403 403 403 403 403 403 403 403 403 401
record_absence   403 403 200 403 403 403 200 403 403 200 401
list_reviews     200 200 200 403 200 403 200 200 403 200 401
read_review      200 403 200 403 200 403 200 200 403 200 401
preview_review   403 403 200 403 200 403 403 403 403 403 401
review_timeline  200 403 403 403 403 403 403 200 403 403 401
inbox            200 200 200 200 200 200 200 403 403 403 401
rate_review      403 403 412 403 403 403 403 403 403 403 401
accept_late_facts 403 403 412 403 403 403 403 403 403 403 401
record_interview 403 403 412 403 403 403 403 403 403 403 401
submit_review    403 403 412 403 403 403 403 403 403 403 401
submit_reviews   403 403 412 403 403 403 403 403 403 403 401
return_review    403 403 412 403 412 403 403 403 403 403 401
approve_review   403 403 412 403 412 403 403 403 403 403 401
approve_reviews  403 403 412 403 412 403 403 403 403 403 401
acknowledge_review 412 403 403 403 403 403 403 403 403 403 401
appeal_review    412 403 403 403 403 403 403 403 403 403 401
decide_appeal    403 403 412 403 412 403 403 403 403 403 401
finalise_review  403 403 403 403 412 403 412 403 403 412 401
finalise_reviews 403 403 403 403 412 403 412 403 403 412 401
propose_reopening 403 403 403 403 412 403 412 403 403 403 401
reopen_review    403 403 403 403 412 403 412 403 403 403 401
refuse_reopening 403 403 403 403 412 403 412 403 403 403 401
list_review_quarters 200 200 200 200 200 200 200 200 403 200 401
review_quarter   403 403 200 403 200 403 200 200 403 200 401
review_distribution 403 403 200 403 200 403 200 200 403 200 401
review_requirements 403 403 200 403 200 403 200 200 403 200 401
open_review_quarter 403 403 403 403 403 403 409 403 403 409 401
cast_vote        403 422 422 422 422 422 422 403 403 403 401
record_inspection 403 403 422 403 422 403 403 403 403 403 401
list_relations   200 200 200 200 200 200 200 200 403 200 401
declare_relation 422 422 422 422 422 422 422 422 403 422 401
end_relation     403 403 403 403 403 403 404 403 403 403 401
list_delegations 200 200 200 200 200 200 200 200 403 200 401
delegate_duties  403 403 422 422 422 422 422 403 403 403 401
end_delegation   403 403 404 404 404 404 404 403 403 403 401
name_people      200 200 200 200 200 200 200 200 403 200 401
list_units       200 200 200 200 200 200 200 200 200 200 401
list_schemes     200 200 200 200 200 200 200 200 200 200 401
read_scheme      200 200 200 200 200 200 200 200 200 200 401
scheme_differences 200 200 200 200 200 200 200 200 200 200 401
propose_scheme   403 403 403 403 403 403 201 403 403 201 401
check_scheme     403 403 403 403 403 403 200 200 403 200 401
scheme_changes   403 403 403 403 403 403 200 200 403 200 401
approve_scheme   403 403 403 403 403 403 200 403 403 200 401
withdraw_scheme  403 403 403 403 403 403 200 403 403 200 401
payroll_grades   403 403 403 403 403 403 200 200 403 200 401
payroll_progress 403 403 403 403 403 403 200 200 403 200 401
payroll_changes  403 403 403 403 403 403 200 200 403 200 401
list_runs        403 403 403 403 403 403 200 200 403 200 401
prepare_run      403 403 403 403 403 403 201 403 403 403 401
read_run         403 403 403 403 403 403 200 200 403 200 401
run_file         403 403 403 403 403 403 200 200 403 200 401
run_manifest     403 403 403 403 403 403 200 200 403 200 401
run_differences  403 403 403 403 403 403 200 200 403 200 401
run_timeline     403 403 403 403 403 403 200 200 403 200 401
release_run      403 403 403 403 403 403 200 403 403 403 401
discard_run      403 403 403 403 403 403 200 403 403 403 401
list_contracts   200 200 200 403 200 403 200 200 403 200 401
read_contract    200 403 200 403 200 403 200 200 403 200 401
draft_contract   403 403 200 403 200 403 403 403 403 403 401
draft_contracts  403 403 200 403 200 403 403 403 403 403 401
propose_targets  200 403 200 403 200 403 403 403 403 403 401
sign_contract    200 403 200 403 200 403 403 403 403 403 401
sign_contracts   403 403 200 403 200 403 403 403 403 403 401
read_plan        403 403 200 403 200 403 200 200 403 200 401
set_plan         403 403 403 403 403 403 200 403 403 403 401
list_events      403 403 403 403 403 403 403 200 403 403 401
export_events    403 403 403 403 403 403 403 200 403 403 401
read_event       403 403 403 403 403 403 403 200 403 403 401
setup            403 403 403 403 403 403 403 403 403 200 401
template         403 403 403 403 403 403 403 403 403 200 401
change_password  403 403 403 403 403 403 403 403 403 403 401
own_sessions     403 403 403 403 403 403 403 403 403 403 401
end_own_session  403 403 403 403 403 403 403 403 403 403 401
list_users       403 403 403 403 403 403 403 403 403 200 401
add_user         403 403 403 403 403 403 403 403 403 201 401
reset_password   403 403 403 403 403 403 403 403 403 200 401
disable_user     403 403 403 403 403 403 403 403 403 200 401
enable_user      403 403 403 403 403 403 403 403 403 200 401
change_role      403 403 403 403 403 403 403 403 403 200 401
end_sessions     403 403 403 403 403 403 403 403 403 200 401
list_sessions    403 403 403 403 403 403 403 403 403 200 401
end_session      403 403 403 403 403 403 403 403 403 200 401
list_tokens      403 403 403 403 403 403 403 403 403 200 401
create_token     403 403 403 403 403 403 403 403 403 201 401
revoke_token     403 403 403 403 403 403 403 403 403 200 401
grade_notice     200 403 200 403 200 403 200 200 403 200 401
list_card_readings 403 403 403 403 403 403 403 200 403 403 401
list_account_changes 403 403 403 403 403 403 403 200 403 200 401
rebuild          403 403 403 403 403 403 403 403 403 200 401
verify           403 403 403 403 403 403 403 200 403 200 401
"""


def cells() -> Iterator[tuple[str, str, int]]:
    """Operation, asker and expected status of every cell."""
    for row in EXPECTED.strip().splitlines()[2:]:
        operation, *statuses = row.split()
        yield from ((operation, asker, int(status)) for asker, status in zip(ASKERS, statuses, strict=True))


def status_of(house: House, operation: str, asker: str) -> int:
    """What a request is answered; a batch's only line has its own status."""
    role, rm = asker.split()
    method, path, body, headers = about(rm, operation, house)
    if role == "system" and operation in ("record_action", "record_actions"):
        body = delivered_by_a_system(body, house)
    answer = house.ask(method, path, None if role == "nobody" else role, json=body, headers=headers)
    if answer.status_code == 200 and operation in LINE_BY_LINE:
        line = answer.json()["results"][0]["status"]
        return 200 if line == 201 else int(line)
    return answer.status_code


def delivered_by_a_system(body: object, house: House) -> object:
    """The same body as a bank's system would deliver it."""
    reference = {"source": "crm", "external_ref": house.visit().split(":")[1] + "-delivered"}
    if isinstance(body, list):
        return [line | reference for line in body]
    assert isinstance(body, dict)
    return body | reference


@pytest.mark.parametrize(("operation", "asker", "status"), list(cells()))
def test_every_route_answers_each_role_as_far_as_it_reaches(
    bank: House, operation: str, asker: str, status: int
) -> None:
    assert status_of(bank, operation, asker) == status


def test_the_walk_leaves_no_operation_and_no_role_out() -> None:
    walked = {operation for operation, _, _ in cells()}
    assert OPERATIONS.keys() - walked == {"sign_in"}  # which has tests of its own: it asks for a password
    assert {asker.split()[0] for asker in ASKERS} == {*ROLES, "nobody"}


def test_what_is_refused_is_a_problem_without_a_word_about_the_bank(bank: House) -> None:
    answer = bank.ask("GET", f"/v1/rms/r2/scorecards/{bank.quarter}", "rm")
    assert answer.headers["content-type"] == "application/problem+json"
    assert not re.search(r"r2|Person|South", answer.text)


def test_who_asks_without_a_token_is_told_how(bank: House) -> None:
    answer = bank.ask("GET", "/v1/me")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_wrong_token_opens_nothing(bank: House) -> None:
    assert bank.ask("GET", "/v1/me", headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert bank.ask("GET", "/v1/me", headers={"Authorization": "Basic nonsense"}).status_code == 401


@pytest.mark.parametrize("by", ["score", "points", "visits"])
def test_an_rm_sees_the_own_value_and_places_and_names_of_others(bank: House, by: str) -> None:
    board = bank.ask("GET", f"/v1/leaderboards/{bank.quarter}?by={by}", "rm").json()
    hidden = {row["rm"]: row["value"] is None for row in board["standings"]}
    assert hidden == {rm: rm != "r1" for rm in hidden}
    assert len(hidden) > 1


def test_a_supervisor_sees_an_indicators_values_of_the_rms_below_only(bank: House) -> None:
    board = bank.ask("GET", f"/v1/leaderboards/{bank.quarter}?by=visits", "supervisor").json()
    hidden = {row["rm"]: row["value"] is None for row in board["standings"]}
    assert hidden == {rm: RMS[rm] != "east" for rm in hidden}


def test_a_listing_without_a_scope_covers_what_lies_within_reach(bank: House) -> None:
    def rms(role: str) -> list[str]:
        return [each["rm"] for each in bank.ask("GET", "/v1/rms", role).json()]

    assert rms("rm") == ["r1"]
    assert rms("supervisor") == ["r1", "r3"]
    assert rms("hr") == ["r1", "r2", "r3"]


def test_an_auditor_with_a_scope_reads_the_history_of_the_rms_within_it(own_bank: House) -> None:
    token = own_bank.office.identity.create_token("outlet-auditor", "auditor", "east")
    headers = {"Authorization": f"Bearer {token}"}
    statuses = {
        path: own_bank.ask("GET", path, headers=headers).status_code
        for path in ("/v1/events?rm=r1", "/v1/events?rm=r2", "/v1/events?scope=south", "/v1/events?scope=head")
    }
    assert list(statuses.values()) == [200, 403, 403, 403]
    for path in ("/v1/events", f"/v1/events?quarter={own_bank.quarter}", "/v1/events:export?format=ndjson"):
        lines = own_bank.ask("GET", path, headers=headers).text
        assert '"rm":"r1"' in lines
        assert '"rm":"r2"' not in lines


def test_rights_follow_an_rm_who_is_transferred(own_bank: House) -> None:
    path = f"/v1/rms/r2/scorecards/{own_bank.quarter}"
    before = own_bank.ask("GET", path, "supervisor").status_code
    moved = {"rm": "r2", "name": "Person r2", "position": "personal", "org": "east", "joined_on": "2026-01-05"}
    own_bank.office.bank.register_rms([moved | {"from": str(own_bank.today)}], "lead")
    own_bank.caught_up()
    assert (before, own_bank.ask("GET", path, "supervisor").status_code) == (403, 200)


def test_start_up_fails_where_a_route_has_no_row_or_a_row_no_route() -> None:
    names = list(OPERATIONS)
    with pytest.raises(RuntimeError, match="route forgotten has no row"):
        check_routes([*names, "forgotten"])
    with pytest.raises(RuntimeError, match="row me of permissions has no route"):
        check_routes(name for name in names if name != "me")
    with pytest.raises(RuntimeError, match="two routes are named me"):
        check_routes([*names, "me"])


def test_the_page_of_operations_says_what_each_does(bank: House) -> None:
    page = bank.ask("GET", "/docs").text
    assert all(row.sentence.replace("'", "&#39;") in page for row in OPERATIONS.values())


def test_me_names_the_operations_that_the_role_has(bank: House) -> None:
    me = bank.ask("GET", "/v1/me", "supervisor").json()
    assert "verify_action" in me["operations"]
    assert "record_action" not in me["operations"]
    assert (me["people"], me["scope"], json.dumps(me["kinds"])) == (2, "east", "[]")


def test_me_tells_an_rm_what_of_theirs_was_rejected_lately_and_nobody_else(bank: House) -> None:
    action = bank.visit()
    bank.ask("POST", f"/v1/actions/{action}/reject", "supervisor", json={"reason": "nobody saw it"})
    bank.caught_up()
    told = {role: bank.ask("GET", "/v1/me", role).json()["rejected"] for role in ("rm", "supervisor")}
    assert [(one["action_id"], one["reason"]) for one in told["rm"]][:1] == [(f"action:{action}", "nobody saw it")]
    assert told["supervisor"] == []
