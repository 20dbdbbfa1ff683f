"""The house where tests tell stories: given a small bank, when somebody does something, then events, rows, answers.

A head office with one branch and two outlets, three RMs with contracts for 2026, one scheme (`bank.toml`), a clock that
stands until a test moves it. What a verb leaves out is a visit of `r1`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from domain.bank import PATIENCE, Bank, Outcome, open_bank
from domain.calendar import Quarter
from domain.events import Event
from domain.publication import digest_of
from domain.refusal import Refused, Taken
from projections.follower import Follower
from projections.read_model import ReadModel

SCHEME = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
COMPARED = (
    SCHEME.replace(
        'shape = { kind = "per-unit", points = "0.5", per = "1", limit = "10" }',
        'shape = { kind = "rank", within = "outlet", ties = "worst", smallest = 2, small = "full", '
        'bands = [{ to = "0.5", gives = "10" }, { from = "0.5", gives = "2.5" }] }',
        1,
    ).replace('target = "4"', 'target = "4"\ncarried = true', 1)
    + """
[[quotas]]
id = "few"
clause = "1"
en = "Few on top"
zh = "少数"
tier = "basically-qualified"
at_most = "0.4"
heads = "floor"
ties = "keep"
smallest = 2
within = "branch"
"""
)
"""The same scheme, but that people are compared within their outlet and branch, and a shortfall is carried on."""
PLAYED = SCHEME.replace("[kinds.card]", "[kinds.card]\ncertificate = true", 1) + Path(__file__).with_name(
    "played.toml"
).read_text(encoding="utf-8")
"""The same scheme, but that some of what earns points of the game is looked at action by action, streak and badges."""
BOARDS = PLAYED + Path(__file__).with_name("boards.toml").read_text(encoding="utf-8")
"""That with leaderboards of every sort."""
SHANGHAI = ZoneInfo("Asia/Shanghai")
Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)
UNITS = [
    {"org": "head", "parent": "", "level": "head-office", "name": "Head office"},
    {"org": "branch", "parent": "head", "level": "branch", "name": "Branch"},
    {"org": "east", "parent": "branch", "level": "outlet", "name": "East"},
    {"org": "south", "parent": "branch", "level": "outlet", "name": "South"},
]
HOMES = {"r1": "east", "r2": "south", "r3": "east"}
TARGETS = {"savings": ("1000", "200"), "funds": ("5000", "")}
"""Target and base that every RM agreed for each quarter."""


class Clock:
    """The bank's clock: it stands at a moment until it is set to another."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set(self, day: str, hour: int = 9) -> None:
        """Stand at an hour of a day in Shanghai."""
        self.now = datetime.combine(date.fromisoformat(day), time(hour), SHANGHAI).astimezone(UTC)


class TestBank:
    """A bank with its clock, and the verbs of the tests. Verbs answer with the outcome; `done` insists on success."""

    __test__ = False

    def __init__(self, folder: Path, timezone: str = "Asia/Shanghai", store: str | None = None) -> None:
        self.folder = folder
        self.store = store
        self.scheme = SCHEME
        self.clock = Clock(datetime(2026, 3, 20, 1, tzinfo=UTC))
        salts = count(1)
        self.bank: Bank = open_bank(folder, timezone, self.clock, lambda: f"salt-{next(salts)}", store=store)
        self._files = count(1)

    # Given

    def beside(self, patience: int = PATIENCE) -> Bank:
        """The same bank, opened once more, as another process does."""
        return open_bank(self.folder, str(self.bank.timezone), self.clock, patience=patience, store=self.store)

    def founded(self, scheme: str = SCHEME) -> "TestBank":
        """Scheme, units, RMs and contracts."""
        self.scheme = scheme
        done(self.publish(scheme))
        all_done(self.bank.open_units(UNITS, "lead"))
        all_done(self.bank.register_rms([self.rm_line(rm, org) for rm, org in HOMES.items()], "lead"))
        lines = [line for rm in HOMES for quarter in "1234" for line in self.target_lines(rm, quarter)]
        all_done(self.bank.agree_targets(lines, "lead"))
        return self

    def rm_line(self, rm: str, org: str = "east", **more: str) -> dict[str, str]:
        """A line of an rms file."""
        line = {"rm": rm, "name": f"Person {rm}", "position": "personal", "org": org, "joined_on": "2026-01-01"}
        return line | {"certificate": "AFP"} | more

    # When

    def publish(self, text: str) -> Outcome:
        """Put a scheme's version in force, as two people do."""
        return publish_scheme(self.bank, text)

    def register(self, rm: str, org: str = "east", **more: str) -> Outcome:
        return self.bank.register_rms([self.rm_line(rm, org, **more)], "hr")[0]

    def target_lines(self, rm: str, quarter: str, reason: str = "", **targets: str) -> list[dict[str, str]]:
        """Lines of a contracts file: the usual targets of a quarter, or those named."""
        wanted = {name: (target, "") for name, target in targets.items()} or TARGETS
        what = {"rm": rm, "year": "2026", "quarter": quarter, "reason": reason}
        return [what | {"indicator": name, "target": t, "base": b} for name, (t, b) in wanted.items()]

    def agree(self, rm: str = "r1", quarter: str = "1", **targets: str) -> Outcome:
        """Agree the targets of a quarter (`reason` is the reason); the last line's outcome."""
        return self.bank.agree_targets(self.target_lines(rm, quarter, **targets), "lead")[-1]

    def line(self, ref: str, kind: str = "visit", **more: str) -> dict[str, str]:
        """A line of an actions file."""
        return {"source": "crm", "external_ref": ref, "rm": "r1", "kind": kind, "occurred_on": "2026-02-02"} | more

    def record(self, ref: str, kind: str = "visit", by: str = "crm", **more: str) -> Outcome:
        """Record an action as a bank's system does."""
        return self.bank.record_actions([self.line(ref, kind, **more)], by)[0]

    def report(self, ref: str, kind: str = "visit", by: str = "r1", **more: str) -> Outcome:
        """Record an action as a person does, in the work log."""
        return self.bank.record_actions([self.line(ref, kind, source="log", **more)], by, person=True)[0]

    def counted(self, ref: str, kind: str = "visit", **more: str) -> str:
        """Record an action and verify it where its kind asks for it; its id."""
        taken = done(self.record(ref, kind, **more))
        action = self.bank.read_action(taken.subject)
        if action and action.state == "recorded":
            done(self.bank.verify_action(taken.subject, "boss"))
        return taken.subject

    def deliver(self, ref: str, value: str, **more: str) -> Outcome:
        """Record a ready measure as the bank's warehouse delivers it: the profit of `r1` in the first quarter."""
        line = {"source": "dw", "external_ref": ref, "rm": "r1", "indicator": "profit", "quarter": "2026Q1"}
        return self.bank.record_measures([line | {"value": value, "as_of": "2026-02-28"} | more], "dw")[0]

    def assign(self, customer: str, **more: str) -> Outcome:
        """Put a customer under the A post of `r1` and the B post of `r2`."""
        line = {"customer": customer, "segment": "premium", "assets": "500000", "a_rm": "r1", "b_rm": "r2"}
        return self.bank.assign_customers([line | more], "core")[0]

    def close_days(self, first: str, last: str) -> None:
        """Close every day of a span."""
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            done(self.bank.close_day(day, "clock"))
            day += timedelta(days=1)

    # Then

    def events(self, stream: str) -> list[Event]:
        """What the log holds of a stream."""
        rows = self.bank.log.select_streams([stream]).get(stream, [])
        return [self.bank.mapper.to_domain_event(row) for row in rows]  # type: ignore[misc]

    def types(self, stream: str) -> list[str]:
        return [type(event).__name__ for event in self.events(stream)]

    @property
    def last_position(self) -> int:
        with self.bank.log.reading() as cursor:
            return self.bank.log.last_position(cursor)

    @contextmanager
    def following(self, file: str = "") -> Iterator[ReadModel]:
        """A read model (of its own, unless a file is named) that has caught up with the log."""
        model = self.follow(file)
        try:
            model.follower.catch_up()
            yield model
        finally:
            model.follower.stop()

    def follow(self, file: str = "") -> ReadModel:
        """A read model that has not taken a step yet."""
        path = self.folder / (file or f"read-model-{next(self._files)}.duckdb")
        if not path.exists():
            path.write_bytes(empty_read_model(str(self.bank.timezone)))
        return ReadModel(self.bank, Follower(self.bank, path))

    def close(self) -> None:
        self.bank.close()


@cache
def empty_read_model(timezone: str) -> bytes:
    """The file of a read model that has followed nothing yet; to copy it is quicker than to make one."""
    with TemporaryDirectory() as folder:
        bank = open_bank(Path(folder), timezone)
        Follower(bank, Path(folder) / "empty.duckdb").stop()
        bank.close()
        return (Path(folder) / "empty.duckdb").read_bytes()


def publish_scheme(bank: Bank, text: str) -> Outcome:
    """What becomes of a version that one person proposes and another one approves."""
    proposed = bank.propose_scheme(text, "lead")
    if isinstance(proposed, Refused):
        return proposed
    _, scheme, effective = proposed.subject.split(":")
    return bank.approve_scheme(scheme, date.fromisoformat(effective), digest_of(text), "head")


def done(outcome: Outcome) -> Taken:
    """The outcome, which must be that it was taken in."""
    assert isinstance(outcome, Taken), outcome
    return outcome


def all_done(outcomes: Any) -> None:
    for outcome in outcomes:
        done(outcome)


def refused(outcome: Outcome) -> list[tuple[str, str]]:
    """Code and field of every refusal of an outcome, which must be one; each has its remedy."""
    assert isinstance(outcome, Refused), outcome
    assert all(refusal.remedy for refusal in outcome.refusals)
    return [(refusal.code, refusal.field) for refusal in outcome.refusals]


def outcomes(taken: Sequence[Outcome]) -> list[str]:
    """Each outcome in one word."""
    return [each.outcome if isinstance(each, Taken) else each.refusals[0].code for each in taken]


def tables(model: ReadModel) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of a read model, sorted; `touched` and other scratch is left out."""
    with model.follower.connection.cursor() as con:
        names = [row[0] for row in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()]
        return {
            name: con.execute(f'SELECT * FROM "{name}" ORDER BY ALL').fetchall()
            for name in sorted(names)
            if name not in ("touched", "calendar", "quarters")
        }


def answers(
    model: ReadModel, quarters: Sequence[Quarter] = (Q1, Q2), as_of: int | None = None, explain: bool = False
) -> list[str]:
    """The JSON of all grades, scorecards and leaderboards; where it is asked `as_of` is left out."""
    texts = []
    for quarter in quarters:
        grades = model.grades(quarter, as_of=as_of)
        cards = [model.scorecard(grade.rm, quarter, as_of=as_of, explain=explain) for grade in grades.grades]
        boards = [model.leaderboard(quarter, by=by, as_of=as_of, around="r1") for by in ("score", "points")]
        every = [grades, *filter(None, cards), *boards]
        texts += [each.model_dump_json(exclude={"moment": {"past"}}) for each in every]
    return texts
