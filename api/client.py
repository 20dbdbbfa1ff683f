"""The typed client: one method per route, named like it. Errors raise ApiProblem; answers are projections.answers.

Longer than 300 lines because it is the one list of calls, each with its parameters.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Literal
from urllib.parse import quote

from api.client_contracts import ContractCalls
from api.client_contracts import ContractsReceipt as ContractsReceipt
from api.client_payroll import PayrollCalls
from api.client_reviews import ReviewCalls
from api.receipts import BatchReceipt, KeptSeal, Noted, Readiness, Receipt, SchemeReceipt
from api.settings import COOKIE as COOKIE
from api.settings import Settings
from api.wire import ApiProblem as ApiProblem
from projections.answers import (
    AccountChange,
    Action,
    Actions,
    BoardChoices,
    BoardMoved,
    ClosedBoard,
    Credential,
    Ended,
    EventInFull,
    Grades,
    Leaderboard,
    LeaderboardHistory,
    Light,
    LineEvents,
    LoggedEvents,
    MachineToken,
    Me,
    Missing,
    NewToken,
    OpenSession,
    Organisation,
    Person,
    Portfolio,
    Progress,
    QuarterlyChecks,
    Scheme,
    SchemeChanges,
    SchemeCheck,
    SchemeDifferences,
    SchemeVersion,
    Scorecard,
    SeasonOf,
    Setup,
    SetupWhat,
    TreePart,
    Unit,
    UserAccount,
    Users,
    Verification,
    Who,
    Worklog,
)
from projections.answers.awards import Awards
from projections.answers.fairness import By, Fairness
from projections.answers.payroll import RunManifest
from projections.answers.points import Points

PATIENCE = 120.0
"""Seconds that a command waits for a read model that lags behind what the log held when it connected."""
PAGE = 10_000
"""RMs asked for at once."""
Order = Literal["oldest", "newest"]
ActionState = Literal["recorded", "counted", "rejected", "voided"]
Verdict = Literal["verify", "reject"]


class Client(ReviewCalls, PayrollCalls, ContractCalls):
    """Every question and command of the API, asked as one person or machine."""

    # Doors

    def me(self, min_position: int | None = None) -> Me:
        """Who one is here, and what one may see and do."""
        return self._get(Me, "/v1/me", {}, min_position)

    def health_ready(self) -> Readiness:
        """How far the read model has followed the log."""
        return self._answer(Readiness, self._http_send("GET", "/health/ready"), also=(503,))

    def catch_up(self) -> None:
        """Let the reads to come see all that stands in the log by now, as after a command that came too late."""
        self.seen = max(self.seen, self.health_ready().log_position)

    # Actions

    def record_action(self, *, idempotency_key: str | None = None, **fields: str | None) -> Receipt:
        """Record one action; a person leaves out source, external_ref and rm."""
        return self._post(Receipt, "/v1/actions", fields, idempotency_key=idempotency_key)

    def record_actions(
        self, lines: Sequence[Mapping[str, str | None]], *, idempotency_key: str | None = None
    ) -> BatchReceipt:
        """Record up to 1,000 actions; each line gets its own result."""
        return self._post(BatchReceipt, "/v1/actions:batch", list(lines), idempotency_key=idempotency_key)

    def list_actions(
        self,
        scope: str | None = None,
        rm: str | None = None,
        state: ActionState | None = None,
        source: str | None = None,
        kind: str | None = None,
        to_day: date | None = None,
        after: str | None = None,
        limit: int = 50,
        min_position: int | None = None,
    ) -> Actions:
        """Actions within reach, newest first; `to_day`: recorded on it or earlier."""
        asked = {"scope": scope, "rm": rm, "state": state, "source": source, "kind": kind, "to": to_day}
        return self._get(Actions, "/v1/actions", asked | {"after": after, "limit": limit}, min_position)

    def read_action(self, action_id: str, min_position: int | None = None) -> Action:
        """One action, by `source:external_ref`."""
        return self._get(Action, _action(action_id), {}, min_position)

    def verify_action(self, action_id: str) -> Receipt:
        """Confirm an action, so that it counts."""
        return self._post(Receipt, _action(action_id) + "/verify", {})

    def reject_action(self, action_id: str, reason: str) -> Receipt:
        """Refuse to confirm an action."""
        return self._post(Receipt, _action(action_id) + "/reject", {"reason": reason})

    def decide_actions(
        self,
        actions: Sequence[str],
        decision: Verdict,
        reason: str | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> BatchReceipt:
        """Verify or reject up to 1,000 actions, a rejection with its reason; each gets its own result."""
        body = {"decision": decision, "actions": list(actions)} | ({"reason": reason} if reason is not None else {})
        return self._post(BatchReceipt, "/v1/actions:decide", body, idempotency_key=idempotency_key)

    def void_action(self, action_id: str, reason: str) -> Receipt:
        """Take back what was recorded in error."""
        return self._post(Receipt, _action(action_id) + "/void", {"reason": reason})

    def correct_action(self, action_id: str, *, idempotency_key: str | None = None, **fields: str | None) -> Receipt:
        """Put another entry, given whole, in the place of one's own that nobody has decided on."""
        return self._post(Receipt, _action(action_id) + "/correct", fields, idempotency_key=idempotency_key)

    # Standing

    def leaderboard(
        self,
        period: str,
        scope: str | None = None,
        by: str = "score",
        limit: int = 100,
        around: str | None = None,
        as_of: str | int | None = None,
        min_position: int | None = None,
        among: str | None = None,
    ) -> Leaderboard:
        """Ranks of a period; asked again while nothing has happened, nothing is sent and the answer is the same."""
        asked = {"scope": scope, "by": by, "limit": limit, "around": around, "as_of": as_of, "among": among}
        return self._get(Leaderboard, f"/v1/leaderboards/{_part(period)}", asked, min_position)

    def leaderboard_history(
        self,
        period: str,
        scope: str | None = None,
        by: str = "score",
        limit: int = 10,
        around: str | None = None,
        as_of: str | int | None = None,
        min_position: int | None = None,
        among: str | None = None,
    ) -> LeaderboardHistory:
        """How the first of a board, and one RM, came there: week by week."""
        asked = {"scope": scope, "by": by, "limit": limit, "around": around, "as_of": as_of, "among": among}
        return self._get(LeaderboardHistory, f"/v1/leaderboards/{_part(period)}/history", asked, min_position)

    def closed_leaderboard(
        self,
        period: str,
        scope: str | None = None,
        by: str = "score",
        limit: int = 100,
        around: str | None = None,
        among: str | None = None,
        min_position: int | None = None,
    ) -> ClosedBoard:
        """A board as it stood when its period was closed, and what is otherwise by now."""
        asked = {"scope": scope, "by": by, "limit": limit, "around": around, "among": among}
        return self._get(ClosedBoard, f"/v1/leaderboards/{_part(period)}/closed", asked, min_position)

    def seasons(self, min_position: int | None = None) -> list[SeasonOf]:
        """The seasons of the schemes, and which of them are closed."""
        return self._get(list[SeasonOf], "/v1/seasons", {}, min_position)

    def leaderboard_live(
        self, period: str, scope: str | None = None, by: str = "score", events: int | None = None
    ) -> Iterator[BoardMoved]:
        """Where a board stands, now and whenever it shows something else; goes on until it is closed."""
        asked = {"scope": scope, "by": by, "events": events, "min_position": self.seen or None}
        return self._told(BoardMoved, f"/v1/leaderboards/{_part(period)}/live", asked)

    def grades(
        self,
        quarter: str,
        scope: str | None = None,
        rm: str | None = None,
        as_of: str | int | None = None,
        min_position: int | None = None,
        status: str | None = None,
        limit: int | None = None,
    ) -> Grades:
        """The provisional grades of a quarter: all pages, of one state of the log; with `limit` only the first."""
        path = f"/v1/grades/{_part(quarter)}"
        asked = {"scope": scope, "rm": rm, "status": status, "as_of": as_of, "limit": limit or PAGE}
        page = first = self._get(Grades, path, asked, min_position)
        if limit:
            return first
        grades = list(first.grades)
        while page.after:
            more = self._get(Grades, path, asked | {"after": page.after}, min_position)
            if more.moment.position != first.moment.position:  # the log has moved on: ask for the first page's state
                asked["as_of"] = first.moment.position
                continue
            page = more
            grades += page.grades
        return first.model_copy(update={"grades": grades, "after": None})

    def fairness(
        self,
        quarter: str,
        scope: str | None = None,
        by: By = "score",
        as_of: str | int | None = None,
        min_position: int | None = None,
    ) -> Fairness:
        """How the median of each tenure, outlet and position stands among the whole bank's."""
        asked = {"scope": scope, "by": by, "as_of": as_of}
        return self._get(Fairness, f"/v1/fairness/{_part(quarter)}", asked, min_position)

    def quarterly_checks(
        self,
        quarter: str,
        scope: str | None = None,
        rm: str | None = None,
        light: Light | None = None,
        missing: Missing | None = None,
        after: str | None = None,
        limit: int = 50,
        lines: bool = True,
        as_of: str | int | None = None,
        min_position: int | None = None,
    ) -> QuarterlyChecks:
        """Where everybody stands against the part of the quarter that has passed, worst first."""
        asked = {"scope": scope, "rm": rm, "light": light, "missing": missing, "after": after, "limit": limit}
        asked |= {} if lines else {"lines": False}
        path = f"/v1/quarterly-checks/{_part(quarter)}"
        return self._get(QuarterlyChecks, path, asked | {"as_of": as_of}, min_position)

    def organisation(
        self,
        quarter: str,
        scope: str | None = None,
        part: TreePart = "children",
        limit: int = 100,
        as_of: str | int | None = None,
        min_position: int | None = None,
    ) -> Organisation:
        """How a unit and those below it stand, furthest behind first."""
        asked = {"scope": scope, "part": part, "limit": limit, "as_of": as_of}
        return self._get(Organisation, f"/v1/organisation/{_part(quarter)}", asked, min_position)

    def scorecard(
        self,
        rm: str,
        quarter: str,
        as_of: str | int | None = None,
        explain: bool = False,
        min_position: int | None = None,
    ) -> Scorecard:
        """One RM's quarter, line by line."""
        asked = {"as_of": as_of, "explain": explain or None}
        return self._get(Scorecard, _scorecard(rm, quarter), asked, min_position)

    def line_events(
        self,
        rm: str,
        quarter: str,
        indicator: str,
        as_of: str | int | None = None,
        after: int | None = None,
        limit: int = 100,
        min_position: int | None = None,
    ) -> LineEvents:
        """What stands behind one score line, newest first."""
        path = f"{_scorecard(rm, quarter)}/lines/{_part(indicator)}/events"
        return self._get(LineEvents, path, {"as_of": as_of, "after": after, "limit": limit}, min_position)

    def points(
        self,
        rm: str,
        quarter: str,
        after: int | None = None,
        limit: int = 100,
        as_of: str | int | None = None,
        min_position: int | None = None,
    ) -> Points:
        """What each action of an RM's quarter earned of points of the game, newest first."""
        asked = {"after": after, "limit": limit, "as_of": as_of}
        return self._get(Points, f"/v1/rms/{_part(rm)}/points/{_part(quarter)}", asked, min_position)

    def awards(self, rm: str, as_of: str | int | None = None, min_position: int | None = None) -> Awards:
        """What an RM won and can still win: badges with the events behind them, and streaks."""
        return self._get(Awards, f"/v1/rms/{_part(rm)}/awards", {"as_of": as_of}, min_position)

    def worklog(
        self,
        rm: str,
        from_day: date | None = None,
        to_day: date | None = None,
        source: str | None = None,
        state: ActionState | None = None,
        as_of: str | int | None = None,
        after: int | None = None,
        limit: int = 100,
        min_position: int | None = None,
    ) -> Worklog:
        """An RM's diary of a period of at most a year; without days, of this month up to today."""
        asked = {"from": from_day, "to": to_day, "source": source, "state": state, "as_of": as_of}
        path = f"/v1/rms/{_part(rm)}/worklog"
        return self._get(Worklog, path, asked | {"after": after, "limit": limit}, min_position)

    def portfolio(
        self,
        rm: str,
        after: str | None = None,
        limit: int = 100,
        as_of: str | int | None = None,
        min_position: int | None = None,
    ) -> Portfolio:
        """The customers whose A or B post an RM holds."""
        asked = {"after": after, "limit": limit, "as_of": as_of}
        return self._get(Portfolio, f"/v1/rms/{_part(rm)}/portfolio", asked, min_position)

    def list_rms(self, scope: str | None = None, search: str | None = None, limit: int | None = None) -> list[Person]:
        """The RMs within reach, or those whose name, id or outlet hold each word of `search`: all pages; with `limit`
        only the first."""
        asked = {"scope": scope, "search": search or None, "limit": limit or PAGE}
        if limit:
            return self._get(list[Person], "/v1/rms", asked)
        people = page = self._get(list[Person], "/v1/rms", asked)
        while len(page) == PAGE:
            page = self._get(list[Person], "/v1/rms", asked | {"after": page[-1].rm})
            people = people + page
        return people

    def record_absence(self, rm: str, from_day: date, to_day: date) -> Noted:
        """Record that an RM is away, both days included."""
        body = {"from_day": from_day.isoformat(), "to_day": to_day.isoformat()}
        return self._post(Noted, f"/v1/rms/{_part(rm)}/absences", body)

    def board_choices(self, rm: str) -> BoardChoices:
        """Whether an RM left the leaderboards, and the alias."""
        return self._get(BoardChoices, f"/v1/rms/{_part(rm)}/boards")

    def leave_boards(self, rm: str) -> Noted:
        """Be on no leaderboard any more."""
        return self._post(Noted, f"/v1/rms/{_part(rm)}/boards/leave", {})

    def join_boards(self, rm: str) -> Noted:
        """Be on the leaderboards again."""
        return self._post(Noted, f"/v1/rms/{_part(rm)}/boards/join", {})

    def choose_alias(self, rm: str, alias: str) -> Noted:
        """Take an alias in the place of the one before."""
        return self._post(Noted, f"/v1/rms/{_part(rm)}/alias", {"alias": alias})

    def drop_alias(self, rm: str) -> Noted:
        """Have no alias any more."""
        return self._post(Noted, f"/v1/rms/{_part(rm)}/alias/drop", {})

    # The bank

    def list_units(self) -> list[Unit]:
        """The organisation tree."""
        return self._get(list[Unit], "/v1/units")

    def name_people(self, ids: Sequence[str]) -> list[Who]:
        """Who stands behind ids, up to 200 of them."""
        return self._get(list[Who], "/v1/names", {"id": tuple(ids)})

    def list_schemes(self, as_of: str | None = None) -> list[SchemeVersion]:
        """Every published version of every scheme; before them what waits for approval, for who may see it."""
        return self._get(list[SchemeVersion], "/v1/schemes", {"as_of": as_of})

    def read_scheme(self, scheme: str, effective: date | str, as_of: str | None = None) -> Scheme:
        """One version of a scheme, with its text and in words."""
        return self._get(Scheme, _scheme(scheme, effective), {"as_of": as_of})

    def scheme_differences(
        self, scheme: str, effective: date | str, old: tuple[str, date | str] | None = None, as_of: str | None = None
    ) -> SchemeDifferences:
        """What a version changes against another, by default against the one before it."""
        old_scheme, old_effective = old or (None, None)
        asked = {"old_scheme": old_scheme, "old_effective": old_effective, "as_of": as_of}
        return self._get(SchemeDifferences, f"{_scheme(scheme, effective)}/differences", asked)

    def propose_scheme(self, text: str) -> SchemeReceipt:
        """Propose a version of a scheme: the whole text of its file."""
        return self._post(SchemeReceipt, "/v1/schemes", {"text": text})

    def check_scheme(self, text: str) -> SchemeCheck:
        """What the check says of a scheme's text, with the bank's targets."""
        return self._post(SchemeCheck, "/v1/schemes:check", {"text": text})

    def scheme_changes(
        self, scheme: str, effective: date | str, after: str | None = None, limit: int = 100
    ) -> SchemeChanges:
        """Whom a version that waits for approval would change, a page at a time."""
        return self._get(SchemeChanges, _scheme(scheme, effective) + "/changes", {"after": after, "limit": limit})

    def approve_scheme(self, scheme: str, effective: date | str, digest: str) -> SchemeReceipt:
        """Put a version in force that another person proposed, by the digest of what one has looked at."""
        return self._post(SchemeReceipt, _scheme(scheme, effective) + "/approve", {"digest": digest})

    def withdraw_scheme(self, scheme: str, effective: date | str, digest: str) -> SchemeReceipt:
        """Take a version back that waits for approval, or turn it down."""
        return self._post(SchemeReceipt, _scheme(scheme, effective) + "/withdraw", {"digest": digest})

    def list_events(
        self,
        rm: str | None = None,
        type: str | None = None,
        kind: str | None = None,
        quarter: str | None = None,
        stream: str | None = None,
        from_day: date | None = None,
        to_day: date | None = None,
        order: Order = "oldest",
        after: int | None = None,
        before: int | None = None,
        limit: int = 100,
        upkeep: bool = True,
        scope: str | None = None,
        as_of: str | None = None,
    ) -> LoggedEvents:
        """A page of the raw history; `before` leads back. Without `upkeep` no ends of days and no seals."""
        asked: dict[str, object] = {"rm": rm, "type": type, "kind": kind, "quarter": quarter, "stream": stream}
        asked |= {"order": order, "from": from_day, "to": to_day} | ({} if upkeep else {"upkeep": False})
        asked |= {"scope": scope, "as_of": as_of}
        return self._get(LoggedEvents, "/v1/events", asked | {"after": after, "before": before, "limit": limit})

    def read_event(self, position: int, as_of: str | None = None) -> EventInFull:
        """One event, and the seal over it."""
        return self._get(EventInFull, f"/v1/events/{position}", {"as_of": as_of})

    def export_events(self, format: Literal["csv", "xlsx", "ndjson"] = "csv", **asked: str | None) -> Iterator[bytes]:
        """What is sought in the history as a file, by the parameters of the route; as it comes."""
        return self._pieces("/v1/events:export", {"format": format, **asked})

    def setup(self) -> Setup:
        """What a new bank loads first, in order, and what of it is there."""
        return self._get(Setup, "/v1/setup")

    def template(self, what: SetupWhat, format: str = "csv") -> bytes:
        """An empty file to fill in and import; for `scheme` one to begin with."""
        return self._content(f"/v1/templates/{_part(what)}", {"format": format})

    def rebuild(self) -> Progress:
        """Build the read model anew; answers once it has caught up, however long that takes."""
        return self._answer(Progress, self._http_send("POST", "/v1/read-model:rebuild", timeout=None))

    def verify(self, kept: KeptSeal | RunManifest | None = None) -> Verification:
        """Check seals and read model, and a seal or a payroll run that was kept elsewhere; answers however long that
        takes."""
        body = kept.model_dump(mode="json", by_alias=True) if kept else None
        return self._answer(Verification, self._http_send("POST", "/v1/log:verify", json=body, timeout=None))

    # Who may sign in

    def change_password(self, old_password: str, password: str) -> Ended:
        """Give oneself another password; one's other sessions end."""
        return self._post(Ended, "/v1/me/password", {"old_password": old_password, "password": password})

    def own_sessions(self) -> list[OpenSession]:
        """One's own open sessions."""
        return self._get(list[OpenSession], "/v1/me/sessions")

    def end_own_session(self, session: str) -> Ended:
        """End one of one's own sessions."""
        return self._post(Ended, f"/v1/me/sessions/{_part(session)}/end", {})

    def list_users(
        self, find: str | None = None, role: str | None = None, after: str | None = None, limit: int = 100
    ) -> Users:
        """A page of those who sign in, by name."""
        return self._get(Users, "/v1/users", {"find": find, "role": role, "after": after, "limit": limit})

    def add_user(
        self,
        name: str,
        role: str,
        scope: str | None = None,
        rm: str | None = None,
        password: str | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Credential:
        """Let somebody sign in; without a password the answer has one to be given out."""
        body = {"name": name, "role": role, "scope": scope, "rm": rm, "password": password}
        return self._post(Credential, "/v1/users", body, idempotency_key)

    def reset_password(self, name: str, password: str | None = None) -> Credential:
        """Give a user another password; without one the answer has it."""
        return self._post(Credential, f"{_user(name)}/password", {"password": password})

    def disable_user(self, name: str) -> UserAccount:
        """Keep a user from signing in."""
        return self._post(UserAccount, f"{_user(name)}/disable", {})

    def enable_user(self, name: str) -> UserAccount:
        """Let a disabled user sign in again."""
        return self._post(UserAccount, f"{_user(name)}/enable", {})

    def change_role(self, name: str, role: str, scope: str | None = None, rm: str | None = None) -> UserAccount:
        """Give a user another role, scope or RM."""
        return self._post(UserAccount, f"{_user(name)}/role", {"role": role, "scope": scope, "rm": rm})

    def end_sessions(self, name: str) -> Ended:
        """End all sessions of a user."""
        return self._post(Ended, f"{_user(name)}/sessions:end", {})

    def list_sessions(self, name: str | None = None, limit: int = 100) -> list[OpenSession]:
        """Open sessions, the newest first."""
        return self._get(list[OpenSession], "/v1/sessions", {"name": name, "limit": limit})

    def end_session(self, session: str) -> Ended:
        """End one session."""
        return self._post(Ended, f"/v1/sessions/{_part(session)}/end", {})

    def list_tokens(self) -> list[MachineToken]:
        """Every token ever made, newest first."""
        return self._get(list[MachineToken], "/v1/tokens")

    def create_token(
        self,
        subject: str,
        role: str,
        scope: str | None = None,
        sources: Sequence[str] = (),
        *,
        idempotency_key: str | None = None,
    ) -> NewToken:
        """Make a token for a machine; its secret is told only here."""
        body = {"subject": subject, "role": role, "scope": scope, "sources": list(sources)}
        return self._post(NewToken, "/v1/tokens", body, idempotency_key)

    def revoke_token(self, token: str) -> MachineToken:
        """Make a token open nothing any more."""
        return self._post(MachineToken, f"/v1/tokens/{_part(token)}/revoke", {})

    def list_account_changes(self, before: int | None = None, limit: int = 100) -> list[AccountChange]:
        """What was done to users, sessions and tokens, newest first."""
        return self._get(list[AccountChange], "/v1/account-changes", {"before": before, "limit": limit})


def _part(text: str) -> str:
    return quote(text, safe="")


def _user(name: str) -> str:
    return f"/v1/users/{_part(name)}"


def _action(action_id: str) -> str:
    return f"/v1/actions/{_part(action_id)}"


def _scheme(scheme: str, effective: date | str) -> str:
    return f"/v1/schemes/{_part(scheme)}/{_part(str(effective))}"


def _scorecard(rm: str, quarter: str) -> str:
    return f"/v1/rms/{_part(rm)}/scorecards/{_part(quarter)}"


@contextmanager
def connect(settings: Settings) -> Iterator[Client]:
    """A client with the administrator's rights: of the server that owns the data dir, else of the app in this process.

    It sees at least what the log holds now. Raises owner.Owned where another command keeps the data dir too long.
    """
    from api.in_process import running_app  # the dashboard needs neither lock nor app
    from api.owner import owning_or_found

    with owning_or_found(settings.data_dir) as (owner, ours):
        if ours:
            with running_app(settings, owner) as transport:
                yield from _connected(Client(token=owner.token, transport=transport, patience=PATIENCE))
        else:
            yield from _connected(Client(owner.address, token=owner.token, patience=PATIENCE))


def _connected(client: Client) -> Iterator[Client]:
    with client:
        client.seen = client.health_ready().log_position
        yield client
