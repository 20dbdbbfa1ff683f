"""Law: the register and the models find the same scheme for an RM's quarter, whatever tree, postings and schemes."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Quarter, working_days
from domain.register import Register
from domain.relationship_manager import RM
from projections.read_model import ReadModel
from tests.bank import Q1, Q2, SCHEME, TestBank, all_done

UNITS, POSITIONS, RMS = "abcdefg", ("personal", "trainee", "manager"), [f"r{n}" for n in range(12)]
PARENTS = st.tuples(*[st.sampled_from(UNITS[:n]) for n in range(1, len(UNITS))])
DAYS = st.dates(date(2026, 1, 5), date(2026, 6, 20)).map(str)
POSTINGS = st.tuples(st.sampled_from(UNITS), st.sampled_from(POSITIONS))
CAREERS = st.tuples(POSTINGS, st.dictionaries(DAYS, POSTINGS, max_size=3))
VERSIONS = st.tuples(
    st.sampled_from("xyz"), st.sampled_from(["2026-01-01", "2026-04-01"]),
    st.sets(st.sampled_from(["*", *POSITIONS]), min_size=1), st.sets(st.sampled_from(UNITS), max_size=3),
)  # fmt: skip
Version = tuple[str, str, set[str], set[str]]
Career = tuple[tuple[str, str], dict[str, tuple[str, str]]]


def listed(names: set[str]) -> str:
    return ", ".join(f'"{name}"' for name in sorted(names))


def text_of(version: Version) -> str:
    name, effective, positions, units = version
    text = SCHEME.replace('scheme = "tests"', f'scheme = "{name}"').replace("2026-01-01", effective)
    within = f"units = [{listed(units)}]" if units else ""
    return text.replace('positions = ["personal"]', f"positions = [{listed(positions)}]\n{within}")


def most(days: dict[str, tuple[int, date]]) -> str:
    """What somebody had for most working days, of several the one that they had last."""
    return max(days, key=lambda name: days[name])


def told(rm: RM, quarter: Quarter, register: Register) -> tuple[str, date] | None:
    """The scheme of an RM's quarter, counted day by day: the position of most days, then the outlet of most in it."""
    spans = [
        (posting, max(first, quarter.first_day), min(last, quarter.last_day))
        for posting, first, last in rm.spans()
        if first <= quarter.last_day and last >= quarter.first_day
    ]
    days: dict[str, tuple[int, date]] = {}
    for posting, first, last in spans:
        before = days.get(posting.position, (0, date.min))
        days[posting.position] = (before[0] + working_days(first, last), max(before[1], last))
    position, outlets = most(days), dict[str, tuple[int, date]]()
    for posting, first, last in spans:
        if posting.position == position:
            before = outlets.get(posting.org, (0, date.min))
            outlets[posting.org] = (before[0] + working_days(first, last), max(before[1], last))
    scheme = register.scheme_in_force(position, quarter.first_day, most(outlets))
    return (scheme.scheme, scheme.effective) if scheme else None


def found(model: ReadModel) -> dict[tuple[str, str], tuple[str, date] | None]:
    """The scheme that the models find for each RM and quarter."""
    with model.follower.connection.cursor() as con:
        rows = con.execute("SELECT s.rm, s.quarter, s.scheme, s.effective FROM service AS s").fetchall()
    return {(rm, quarter): (scheme, effective) if scheme else None for rm, quarter, scheme, effective in rows}


@settings(max_examples=8)
@given(PARENTS, st.lists(VERSIONS, min_size=2, max_size=6), st.tuples(*[CAREERS] * len(RMS)))
def test_register_and_models_find_the_same_scheme(
    parents: tuple[str, ...],
    versions: list[Version],
    careers: tuple[Career, ...],
) -> None:
    with TemporaryDirectory() as folder:
        story = TestBank(Path(folder))
        story.clock.set("2026-06-25")
        above = zip(UNITS, ("", *parents), strict=True)
        tree = [{"org": org, "parent": parent, "level": "unit", "name": org} for org, parent in above]
        all_done(story.bank.open_units(tree, "lead"))
        for version in versions:
            story.publish(text_of(version))  # rivals of one day are refused
        lines = []
        for rm, ((org, position), later) in zip(RMS, careers, strict=True):
            lines.append(story.rm_line(rm, org, position=position))
            for day, (at, post) in sorted(later.items()):
                lines.append(story.rm_line(rm, at, position=post, **{"from": day}))
        all_done(story.bank.register_rms(lines, "hr"))
        register = story.bank.register
        with story.following() as model:
            expected = {
                (rm, str(quarter)): told(register.rms[rm], quarter, register) for rm in RMS for quarter in (Q1, Q2)
            }
            assert found(model) == expected
        story.close()
