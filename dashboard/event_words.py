"""What an event of the log says, in words: its type, and a sentence made from its own fields."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from dashboard.words import NOT_GRADED, Say, msg
from projections.answers import ActionKind, LoggedEvent

Kinds = Mapping[str, ActionKind]
NOBODY = "–"

TYPES = {
    "UnitOpened": msg("Unit opened"),
    "UnitChanged": msg("Unit changed"),
    "RMRegistered": msg("RM registered"),
    "RMRenamed": msg("Name corrected"),
    "RMPosted": msg("Posting"),
    "RMCertified": msg("Certificate"),
    "RMAbsent": msg("Absence"),
    "RMLeft": msg("Departure"),
    "TextsErased": msg("Texts erased"),
    "BoardsLeft": msg("Leaderboards left"),
    "BoardsJoined": msg("Back on the leaderboards"),
    "AliasChosen": msg("Alias chosen"),
    "AliasDropped": msg("Alias given up"),
    "TargetAgreed": msg("Target agreed"),
    "TargetAmended": msg("Target amended"),
    "ContractDrafted": msg("Contract drafted"),
    "TargetProposed": msg("Target proposed"),
    "ContractSigned": msg("Contract signed"),
    "PlanSet": msg("Plan set"),
    "ActionRecorded": msg("Action recorded"),
    "ActionVerified": msg("Action verified"),
    "ActionRejected": msg("Action rejected"),
    "ActionVoided": msg("Action withdrawn"),
    "ActionReversed": msg("Action taken back"),
    "ReversalReleased": msg("Taking back undone"),
    "MeasureDelivered": msg("Figure delivered"),
    "CustomerAssigned": msg("Customer assigned"),
    "QuarterOpened": msg("Quarter opened for review"),
    "ReviewOpened": msg("Review opened"),
    "IndicatorRated": msg("Rating"),
    "ReviewCommented": msg("Comment"),
    "LateFactsAccepted": msg("Late facts accepted"),
    "InterviewHeld": msg("Interview"),
    "ReviewSubmitted": msg("Review submitted"),
    "ReviewReturned": msg("Review returned"),
    "ReviewApproved": msg("Review approved"),
    "ReviewAcknowledged": msg("Result acknowledged"),
    "ReviewAppealed": msg("Appeal"),
    "AppealDecided": msg("Appeal decided"),
    "GradeFinalised": msg("Grade final"),
    "ReopeningProposed": msg("Reopening proposed"),
    "ReopeningRefused": msg("Reopening refused"),
    "ReviewReopened": msg("Review reopened"),
    "VoteCast": msg("Vote"),
    "InspectionRecorded": msg("Inspection"),
    "RelationDeclared": msg("Relation declared"),
    "RelationEnded": msg("Relation ended"),
    "DutiesDelegated": msg("Duties delegated"),
    "DelegationEnded": msg("Delegation ended"),
    "RunPrepared": msg("Payroll run prepared"),
    "RunDiscarded": msg("Payroll run given up"),
    "RunReleased": msg("Payroll run released"),
    "SchemeProposed": msg("Scheme proposed"),
    "SchemeWithdrawn": msg("Proposal of a scheme withdrawn"),
    "SchemePublished": msg("Scheme published"),
    "DayClosed": msg("Day closed"),
    "LogSealed": msg("Seal"),
    "FileImported": msg("File imported"),
    "ControlTotalTaken": msg("Control total"),
}
SENTENCES = {
    "UnitOpened": msg("{name} ({level}) joined the organisation tree."),
    "UnitChanged": msg("{name} ({level}) got another place, level or name."),
    "RMRegistered": msg("{who} entered the bank's service on {joined_on}."),
    "RMRenamed": msg("The name of {who} was corrected."),
    "RMPosted": msg("From {from_day} on {who} serves in {org} as {position}."),
    "RMCertified": msg("{who} holds the certificate {certificate}."),
    "RMAbsent": msg("{who} is absent from {from_day} to {to_day}."),
    "RMLeft": msg("{who} leaves; {left_on} is the last day of service."),
    "TextsErased": msg("Names and notes about {whom} were erased: {texts}."),
    "BoardsLeft": msg("{who} is on no leaderboard from now on; the appraisal goes on as before."),
    "BoardsJoined": msg("{who} is on the leaderboards again."),
    "AliasChosen": msg("{who} chose an alias for the leaderboards."),
    "AliasDropped": msg("{who} has no alias any more."),
    "TargetAgreed": msg("{who}, {quarter}: the target of {indicator} is {target}."),
    "TargetAmended": msg("{who}, {quarter}: the target of {indicator} was {previous_target} and is {target} now."),
    "ContractDrafted": msg("{who}: the contract of {year} was drafted by the scheme {scheme} of {effective}."),
    "TargetProposed": msg("{who}, {quarter}: {target} is asked for as the target of {indicator}."),
    "ContractSigned": msg("{who}: the contract of {year} was signed by {party}."),
    "PlanSet": msg("{org}, {quarter}: the plan for {indicator} is {target}."),
    "ActionRecorded": msg("{who}, {occurred_on}: {kind}, {figure}."),
    "ActionVerified": msg("{who}, {occurred_on}: {kind}, {figure}. A second person confirmed it: it counts."),
    "ActionRejected": msg("{who}: an action was not confirmed and never counts."),
    "ActionVoided": msg("{who}, {occurred_on}: {kind}, {figure}. Recorded in error, and withdrawn."),
    "ActionReversed": msg("{who}: part or all of it is taken back by {by_action}."),
    "ReversalReleased": msg("{who}: what {by_action} took back stands again."),
    "MeasureDelivered": msg("{who}, {quarter}: {indicator} stands at {value} as of {as_of}."),
    "CustomerAssigned": msg("Customer {customer}: A post {a_rm}, B post {b_rm}."),
    "QuarterOpened": msg(
        "The reviews of {quarter} begin, on the facts up to position {facts_at}; facts of {cutoff_on} or before may "
        "still be taken in."
    ),
    "ReviewOpened": msg("{who}, {quarter}: the review is open; to be rated by {due_on}."),
    "IndicatorRated": msg("{who}, {quarter}: {value} for {indicator}."),
    "ReviewCommented": msg("{who}, {quarter}: the supervisor's comment."),
    "LateFactsAccepted": msg("{who}, {quarter}: facts up to position {facts_at} count now."),
    "InterviewHeld": msg("{who}, {quarter}: an interview was held on {held_on}."),
    "ReviewSubmitted": msg("{who}, {quarter}: submitted with {result}; to be approved by {due_on}."),
    "ReviewReturned": msg("{who}, {quarter}: given back to the supervisor, to be submitted again by {due_on}."),
    "ReviewApproved": msg("{who}, {quarter}: approved with {result}; to be answered by {due_on}."),
    "ReviewAcknowledged": msg("{who} has seen the result of {quarter} and does not contest it."),
    "ReviewAppealed": msg("{who} contests the result of {quarter}; to be decided by {due_on}."),
    "AppealDecided": msg("{who}, {quarter}: the appeal was {outcome}, with {result}."),
    "GradeFinalised": msg("{who}, {quarter}: final in round {round}, with {result}."),
    "ReopeningProposed": msg("{who}, {quarter}: somebody asks for the final review to be opened again."),
    "ReopeningRefused": msg("{who}, {quarter}: the review is not opened again, the grade stays final."),
    "ReviewReopened": msg("{who}, {quarter}: opened again, as {proposed_by} had proposed; to be rated by {due_on}."),
    "VoteCast": msg("{who}, {quarter}: a vote, {measure}."),
    "InspectionRecorded": msg("{who}, {quarter}: inspected by {inspector} on {inspected_on}, findings: {findings}."),
    "RelationDeclared": msg("{person} and {relative} are close to each other: neither decides on the other."),
    "RelationEnded": msg("{person} and {relative} are no longer declared to be close to each other."),
    "DutiesDelegated": msg("From {from_day} to {to_day} {delegate} does what waits for {person}."),
    "DelegationEnded": msg("From {ended_on} on {delegate} no longer stands in for {person}."),
    "RunPrepared": msg("Payroll run {run} of {quarter} was prepared: {employees} final grades, {without} without one."),
    "RunDiscarded": msg("Payroll run {run} of {quarter} was given up before its release."),
    "RunReleased": msg("Payroll run {run} of {quarter}, prepared by {prepared_by}, was handed to payroll."),
    "SchemeProposed": msg("The scheme {scheme}, from {effective} on, waits for another person's approval."),
    "SchemeWithdrawn": msg("The scheme {scheme}, from {effective} on, waits for approval no longer."),
    "SchemePublished": msg("The scheme {scheme} takes effect on {effective}."),
    "DayClosed": msg("The bank's day {day} ended."),
    "LogSealed": msg("The positions {first} to {last} were sealed: {count} events."),
    "FileImported": msg("A file of {file_kind}: {accepted} accepted, {duplicates} duplicates, {rejected} rejected."),
    "ControlTotalTaken": msg("Control total of {group} in a file of {file_kind}: {lines} lines."),
}
MORE = {
    "until": msg("Until {value}."),
    "customer": msg("Customer {value}."),
    "reverses": msg("It takes back {value}."),
    "proposed_by": msg("{value} had proposed it."),
    "on_behalf_of": msg("In the place of {value}."),
}
"""What else a sentence tells where the event has it, and its own words don't."""
NOTED = {
    "note": msg("Note: {value}"),
    "reason": msg("Reason: {value}"),
    "name": msg("Name: {value}"),
    "comment": msg("Comment: {value}"),
    "alias": msg("Alias: {value}"),
}
CODES = {
    "party": {"rm": msg("the RM"), "outlet": msg("the outlet"), "department": msg("the department")},
    "outcome": {"granted": msg("granted"), "dismissed": msg("dismissed")},
}
"""Fields whose codes a sentence says in words."""


def type_of(say: Say, event: LoggedEvent) -> str:
    """The type in words; one that a newer version writes stands as it is."""
    return say.code(TYPES, event.type)


def sentence(say: Say, event: LoggedEvent, kinds: Kinds) -> str:
    """What the event says, with its notes and reasons while they stand."""
    template = SENTENCES.get(event.type)
    told = _values(say, event, kinds)
    parts = [say(template, **told) if template else event.type]
    if template and event.type.startswith("Action"):
        parts += [_waits(say, event)] if event.type == "ActionRecorded" else []
    for field, words in MORE.items():
        if template and field in event.state and f"{{{field}}}" not in template:
            parts.append(say(words, value=told[field]))
    parts += [say(words, value=event.texts[field]) for field, words in NOTED.items() if field in event.texts]
    return ("" if say.language == "zh" else " ").join(part for part in parts if part)


def _waits(say: Say, event: LoggedEvent) -> str:
    return say("It counts at once.") if event.state.get("counts") else say("It waits for verification.")


def _values(say: Say, event: LoggedEvent, kinds: Kinds) -> dict[str, str]:
    state = event.state
    told = dict.fromkeys(ALL_FIELDS, NOBODY) | {field: _spoken(say, field, state[field]) for field in state}
    told["who"] = event.rm_name or event.rm or NOBODY
    told["whom"] = event.rm_name or str(state.get("customer") or event.rm or NOBODY)
    kind = event.kind or kinds.get(str(state.get("kind")))
    told["kind"] = say.of(kind.name) if kind else str(state.get("kind", NOBODY))
    told["figure"] = _figure(say, state, kind)
    for code in AS_WRITTEN:
        told[code] = str(state.get(code, NOBODY))
    for field, words in CODES.items():
        told[field] = say.code(words, told[field])
    told["result"] = _result(say, state)
    return told


AS_WRITTEN = (
    "quarter",
    "indicator",
    "scheme",
    "org",
    "position",
    "year",
    "run",
    "round",
    "measure",
    "outcome",
    "party",
)
"""Codes and numbers that stand as they are."""


ALL_FIELDS = (
    "name", "level", "joined_on", "from_day", "to_day", "certificate", "left_on", "texts", "target", "previous_target",
    "occurred_on", "by_action", "value", "as_of", "customer", "a_rm", "b_rm", "effective", "day", "first", "last",
    "count", "file_kind", "accepted", "duplicates", "rejected", "group", "lines", "facts_at", "cutoff_on", "due_on",
    "held_on", "proposed_by", "inspector", "inspected_on", "findings", "person", "relative", "delegate", "ended_on",
    "employees", "without", "prepared_by",
)  # fmt: skip
"""Fields that sentences name; an older event may lack one of them."""
FIGURES = {"texts", "target", "previous_target", "value", "first", "last", "count", "lines", "accepted", "duplicates",
           "rejected", "facts_at", "findings", "employees", "without"}  # fmt: skip


def _result(say: Say, state: Mapping[str, object]) -> str:
    """What a review came to: tier and score, or why there is none."""
    if state.get("tier") is None:
        return say.code(NOT_GRADED, str(state.get("status", NOBODY)))
    return say("{tier}, score {score}", tier=state["tier"], score=say.number(_decimal(state.get("score"))))


def _figure(say: Say, state: Mapping[str, object], kind: ActionKind | None) -> str:
    field = kind.counted if kind else "amount" if state.get("amount") not in (None, "0") else "quantity"
    number = _decimal(state.get(field))
    return say.amount(number, kind.unit) if kind and number is not None else say.number(number)


def _spoken(say: Say, field: str, value: object) -> str:
    """A stored value as a reader writes it: days and figures in their form, codes as they stand."""
    if field in FIGURES and (number := _decimal(value)) is not None:
        return say.number(number)
    try:
        return say.day(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def _decimal(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
