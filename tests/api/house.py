"""A small bank behind the real API, in this process: a head office, two outlets, three RMs, one token per role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from api.app import create_app
from api.client import Client
from api.in_process import InProcessTransport, RunningApp
from api.office import Office
from api.permissions import ROLES
from api.settings import Settings
from domain.calendar import Quarter
from domain.contract import Sheet
from domain.refusal import Refused, Taken
from tests.bank import publish_scheme
from tests.reviewed import approved_review, final_review

HERE = "http://bank.test"
RUN_TOKEN = "the-run-token-of-a-test"
SCHEME = Path(__file__).parents[2] / "domain/schemes/anshun-personal-rm/2026-01-01.toml"
UNITS = [
    {"org": "head", "parent": "", "level": "head-office", "name": "Head office"},
    {"org": "east", "parent": "head", "level": "outlet", "name": "East"},
    {"org": "south", "parent": "head", "level": "outlet", "name": "South"},
]
RMS = {"r1": "east", "r2": "south", "r3": "east"}
"""Where each RM serves; `r1` is the one whose rights are looked at."""
SCOPES = {"supervisor": "east", "approver": "east"}
SOURCE = "crm"
_references = count(1)
_quarters = [f"{year}Q{number}" for year in range(1901, 2001) for number in "1234"]


@dataclass(frozen=True)
class House:
    """The running API, what it works with, and a token per role."""

    app: FastAPI
    transport: InProcessTransport
    office: Office
    tokens: dict[str, str]

    @property
    def today(self) -> date:
        return self.office.bank.today

    @property
    def quarter(self) -> str:
        return str(Quarter.of(self.today))

    @property
    def over(self) -> str:
        """The last quarter that is over."""
        return str(Quarter.of(self.today).previous)

    def open_reviews(self) -> None:
        """Open the reviews of that quarter, unless they are."""
        bank, quarter = self.office.bank, Quarter.parse(self.over)
        if quarter not in bank.register.quarters:
            self.caught_up()
            lines = self.office.read_model.unopened(quarter)
            opening = bank.open_quarter(quarter, self.today + timedelta(days=10), bank.register.position, lines, "lead")
            assert [each for each in opening.reviews if isinstance(each, Refused)] == []
        self.caught_up()

    def ask(self, method: str, path: str, role: str | None = None, **how: Any) -> httpx.Response:
        """One request; with a role, by the token of that role."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}
        headers |= how.pop("headers", {})
        with httpx.Client(transport=self.transport, base_url=HERE) as http:
            return http.request(method, path, headers=headers, **how)

    def client(self, role: str) -> Client:
        """The typed client of a role."""
        return Client(HERE, token=self.tokens[role], transport=self.transport)

    def visit(self, rm: str = "r1", by: str = "crm") -> str:
        """A visit that waits for verification; its id in URLs."""
        reference = f"V{next(_references)}"
        line = {"source": SOURCE, "external_ref": reference, "rm": rm, "kind": "visit", "occurred_on": str(self.today)}
        taken = self.office.bank.record_actions([line], by)[0]
        assert isinstance(taken, Taken), taken
        self.caught_up()
        return f"{SOURCE}:{reference}"

    def new_name(self) -> str:
        """A user's name that is free."""
        return f"user{next(_references)}"

    def session_of_newcomer(self) -> str:
        """The id of a session of the user `newcomer`, who is made where missing."""
        identity = self.office.identity
        if identity.user("newcomer") is None:
            assert identity.add_user("newcomer", "a-good-password", "hr") is None
        identity.open_session("newcomer")
        return identity.sessions_page("newcomer")[0].session

    def spare_token(self) -> str:
        """The id of a token that nobody uses."""
        secret = self.office.identity.create_token("spare", "hr")
        assert isinstance(secret, str)
        return self.office.identity.token_of(secret).token

    def draft(self) -> str:
        """The path of a scheme's version that waits for approval."""
        name, text = f"draft-{next(_references)}", SCHEME.read_text(encoding="utf-8")
        text = text.replace('"anshun-personal-rm"', f'"{name}"').replace('positions = ["*"]', f'positions = ["{name}"]')
        taken = self.office.bank.propose_scheme(text, "lead")
        assert isinstance(taken, Taken), taken
        self.caught_up()
        return f"/v1/schemes/{name}/2026-01-01"

    def contract_digest(self, rm: str, year: int) -> str:
        """The digest of a contract's text that nobody has signed as it is: another one each time."""
        bank = self.office.bank
        bank.draft_contract(rm, year, "lead")
        line = {"quarter": f"{year}Q1", "indicator": "savings", "target": str(1000 + next(_references))}
        taken = bank.propose_targets(rm, year, [line], "lead", "a new text")
        assert isinstance(taken, Taken), taken
        self.caught_up()
        return Sheet(rm, year, bank.read_contracts(year, [rm])[rm]).digest

    def finalised(self, rm: str = "r1") -> str:
        """A quarter of long ago that nobody else looks at, in which an RM has a final grade."""
        quarter = _quarters.pop()
        for event in final_review(rm, quarter, self.office.bank.clock()):
            self.office.bank.save(event)
        self.caught_up()
        return quarter

    def noticed(self, rm: str = "r1") -> str:
        """The path of a review of half a year ago that a second person has approved: it has a notice."""
        quarter, bank = Quarter.of(self.today).previous.previous, self.office.bank
        if self.office.read_model.review_version(rm, quarter) is None:
            self.caught_up()
            [result] = self.office.read_model.review_results(quarter, [rm], bank.register.position)
            for event in approved_review(result, str(quarter), bank.clock()):
                bank.save(event)
            self.caught_up()
        return f"/v1/reviews/{rm}/{quarter}"

    def prepared_run(self) -> str:
        """The path of a payroll run that waits for its release."""
        quarter = self.finalised()
        taken = self.office.bank.prepare_run(self.office.read_model.next_run(Quarter.parse(quarter)), "the-preparer")
        assert isinstance(taken, Taken), taken
        self.caught_up()
        return f"/v1/payroll/runs/{quarter}/1"

    def released_run(self) -> str:
        """The path of a payroll run that two people released."""
        path = self.prepared_run()
        answer = self.ask("POST", f"{path}/release", "hr", json={"digest": self.run_digest(path)})
        assert answer.status_code == 200, answer.text
        self.caught_up()
        return path

    def run_digest(self, path: str) -> str:
        """What names what a run holds."""
        return str(self.ask("GET", path, "hr").json()["run"]["digest"])

    def digest(self, path: str) -> str:
        """What names the text of a scheme's version."""
        return str(self.ask("GET", path, "admin").json()["version"]["digest"])

    def first_position(self, rm: str) -> int:
        """Where the RM's registration stands in the log."""
        return self.office.bank.log.select_first_positions([f"rm:{rm}"])[f"rm:{rm}"]

    def caught_up(self) -> None:
        """Wait until the read model has followed the log."""
        progress = self.office.read_model.progress()
        assert self.office.read_model.wait_for(progress.log_position, 30)

    def session(self, name: str = "anna", role: str = "rm", rm: str | None = "r1") -> str:
        """The secret of a session of a user, who is made where missing."""
        if name not in {user.name for user in self.office.identity.users()}:
            assert self.office.identity.add_user(name, "a-good-password", role, rm=rm) is None
        return self.office.identity.open_session(name)


@contextmanager
def house(data_dir: Path, store: str | None = None, tokens: dict[str, str] | None = None) -> Iterator[House]:
    """The small bank, open for a while; with `tokens` the data dir is a copy of one in which these stand."""
    app = create_app(Settings(data_dir=data_dir, store=store), RUN_TOKEN)
    with RunningApp(app) as transport:
        office: Office = app.state.office
        if tokens is None:
            _found(office)
            tokens = {role: _token(office, role) for role in ROLES}
        built = House(app, transport, office, tokens)
        built.caught_up()
        yield built


def _found(office: Office) -> None:
    bank = office.bank
    people = [
        {"rm": rm, "name": f"Person {rm}", "position": "personal", "org": org, "joined_on": "2026-01-05"}
        for rm, org in RMS.items()
    ]
    quarter = Quarter.of(bank.today)
    targets = [
        {"rm": rm, "year": str(quarter.year), "quarter": str(quarter.number), "indicator": "visits", "target": "10"}
        for rm in RMS
    ]
    outcomes = [
        *bank.open_units(UNITS, "lead"),
        publish_scheme(bank, SCHEME.read_text(encoding="utf-8")),
        *bank.register_rms(people, "lead"),
        *bank.agree_targets(targets, "lead"),
    ]
    assert [outcome for outcome in outcomes if isinstance(outcome, Refused)] == []


def _token(office: Office, role: str) -> str:
    subject = "r1" if role == "rm" else f"the-{role}"
    sources = [SOURCE] if role == "system" else []
    token = office.identity.create_token(subject, role, SCOPES.get(role), sources)
    assert isinstance(token, str), token
    return token
