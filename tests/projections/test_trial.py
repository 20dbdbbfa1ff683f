"""A scheme tried on a file of measures: what comes out, and what is said of a wrong file.

Longer than 300 lines because each wrong file is a case.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from domain.refusal import Refusal
from domain.scheme import Scheme, read_scheme
from projections.trial import Trial, score
from projections.tried import Figure, Tried, read_tried, unscored_kinds
from tests.reference import as_fractions, grade

SMALL = (Path(__file__).parents[1] / "schemes/small.toml").read_text(encoding="utf-8")
HEAD = "rm,indicator,measured,target\n"


def scheme(text: str = SMALL) -> Scheme:
    read = read_scheme(text)
    assert isinstance(read, Scheme)
    return read


def tried(path: Path, content: str | bytes, under: Scheme | None = None) -> list[Trial]:
    figures = read(path, content, under)
    assert isinstance(figures, dict), figures
    return score(under or scheme(), figures)


def refused(path: Path, content: str | bytes) -> list[str]:
    refusals = read(path, content, None)
    assert isinstance(refusals, list), refusals
    return [f"{one.line} {one}" for one in refusals]


def read(path: Path, content: str | bytes, under: Scheme | None) -> dict[str, Tried] | list[Refusal]:
    file = path / "measures.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_tried(under or scheme(), file)


def test_each_rm_gets_one_result_in_the_order_of_the_file(tmp_path: Path) -> None:
    results = tried(tmp_path, HEAD + "zoe,visits,4,\nadam,savings,120,100\nzoe,savings,50,100\n")
    assert [one.rm for one in results] == ["zoe", "adam"]
    columns = ("indicator", "measured", "target", "share", "completion", "points", "reason")
    assert results[0].model_dump(mode="json") == {
        "rm": "zoe",
        "status": "graded",
        "score": "70.75",
        "tier": "qualified",
        "step": None,
        "coefficient": "1",
        "lines": [
            dict(zip(columns, line, strict=True))
            for line in (
                ("savings", "50", "100", "37.5", "0.5", "18.75", None),
                ("visits", "4", None, "12.5", None, "2", None),
                ("conduct", "0", None, "50", None, "50", None),
                ("service", None, "100", "0", None, None, "not-rated"),
            )
        ],
        "sections": [],
        "multipliers": [],
        "gates": [],
        "quota": None,
    }


def test_where_a_line_is_missing_nothing_was_recorded_and_nobody_rated(tmp_path: Path) -> None:
    [one] = tried(tmp_path, HEAD + "rm1,savings,100,100\n")
    assert {line.indicator: line.points for line in one.lines} == {
        "savings": Decimal("37.5"),
        "visits": Decimal(0),
        "conduct": Decimal(50),
        "service": None,
    }


def test_a_ready_measure_is_tried_like_any_other_and_may_be_empty(tmp_path: Path) -> None:
    ready = 'measure = { rule = "ready" }\nunit = { en = "%", zh = "%" }\nunrated = "zero"'
    under = scheme(SMALL.replace('measure = { rule = "sum", of = "quantity", plus = ["visit"] }', ready))
    content = HEAD + "rm1,savings,100,100\nrm1,visits,3.125,\nrm2,savings,100,100\nrm2,visits,,\nrm3,savings,100,100\n"
    given, empty, missing = tried(tmp_path, content, under)
    assert [line.points for line in given.lines if line.indicator == "visits"] == [Decimal("1.56")]
    for one in (empty, missing):
        assert [line.points for line in one.lines if line.indicator == "visits"] == [Decimal(0)]


def test_a_kind_feeds_the_gates(tmp_path: Path) -> None:
    [one] = tried(tmp_path, HEAD + "rm1,savings,100,100\nrm1,visits,20,\nrm1,service,100,\nrm1,breach,4,\n")
    assert (one.score, one.tier, one.coefficient) == (Decimal(98), "basically-qualified", Decimal(0))
    assert one.gates == ["breach", "grave"]


def test_what_counts_a_kind_and_has_no_line_is_told(tmp_path: Path) -> None:
    content = HEAD + "a,breach,4,\nb,breach,4,\nb,conduct,4,\nc,savings,1,\n"
    figures = read(tmp_path, content, None)
    assert isinstance(figures, dict)
    assert list(unscored_kinds(scheme(), figures)) == [("a", "breach", "conduct")]


def test_who_has_no_certificate_is_tried_as_such(tmp_path: Path) -> None:
    under = scheme(SMALL.replace('when = "breach >= 2"', 'when = "certified = 0"'))
    content = "rm,indicator,measured,target,certified\na,visits,1,,0\nb,visits,1,,1\nc,visits,1,,\n"
    assert [one.gates for one in tried(tmp_path, content, under)] == [["breach"], [], []]


def test_the_base_is_taken_off_where_the_scheme_says_so(tmp_path: Path) -> None:
    content = "rm,indicator,measured,target,base\nrm1,savings,150,100,50\nrm1,visits,8,,7\n"
    [one] = tried(tmp_path, content)
    assert [(line.completion, line.points) for line in one.lines][:2] == [(1, Decimal("37.5")), (None, Decimal(4))]


EXAMPLES = Path(__file__).parents[2] / "domain/schemes/examples"
MEASURES = (EXAMPLES / "measures.toml").read_text(encoding="utf-8")
PEERS = (EXAMPLES / "peers.toml").read_text(encoding="utf-8")


def test_a_group_is_compared_within_itself_and_rms_without_one_are_a_group(tmp_path: Path) -> None:
    sold = (("a", 9, "x"), ("b", 8, "x"), ("c", 7, "x"), ("d", 6, ""), ("e", 5, ""), ("f", 4, ""), ("g", 3, "y"))
    lines = "".join(f"{rm},sales,{amount},,{group}\n" for rm, amount, group in sold)
    results = tried(tmp_path, "rm,indicator,measured,target,group\n" + lines, scheme(PEERS))
    points = {one.rm: next(line.points for line in one.lines if line.indicator == "sales") for one in results}
    best, second, last, full = (points[rm] for rm in "abcg")
    assert [points[rm] for rm in "def"] == [best, second, last]
    assert (best, second, last, full) == tuple(map(Decimal, ("13.33", "6.67", "6.67", "16.67")))  # of 60 scored


def test_what_was_carried_is_asked_on_top_of_the_target(tmp_path: Path) -> None:
    content = "rm,indicator,measured,target,carried\na,cards,9,10,5\nb,cards,9,10,\n"
    results = tried(tmp_path, content, scheme(PEERS))
    done = [line.completion for one in results for line in one.lines if line.indicator == "cards"]
    assert done == [Decimal("0.6"), Decimal("0.9")]


NOT_ALL_QUARTER = [  # of 59 working and 90 calendar days
    ("whole", "days", "30", "1"),
    ("working-days", "days", "59", "1"),
    ("working-days", "days", "30", "1.966684"),  # of 100 50.847 are asked
    ("calendar-days", "calendar_days", "45", "2"),
    ("full-months", "months", "2", "1.499993"),
    ("full-months", "months", "3", "1"),
    ("full-months", "nth_quarter", "1", "4"),
    ("whole", "nth_quarter", "2", "1.25"),
    ("whole", "nth_quarter", "3", "1"),
]


def served_scheme(targets: str) -> Scheme:
    """A sum in the place of the daily average, and less of it asked of newcomers."""
    ramp_up = '[{ quarter = 1, part = "0.25" }, { quarter = 2, part = "0.8" }]'
    text = SMALL.replace('rule = "daily-average"', 'rule = "sum"').replace(", over_base = true", "")
    return scheme(text.replace("without_target =", f'targets = "{targets}"\nramp_up = {ramp_up}\nwithout_target =', 1))


@pytest.mark.parametrize(("targets", "column", "served", "completion"), NOT_ALL_QUARTER)
def test_who_was_not_there_all_quarter_or_is_new_is_asked_for_a_part(
    tmp_path: Path, targets: str, column: str, served: str, completion: str
) -> None:
    [one] = tried(tmp_path, f"{HEAD[:-1]},{column}\nrm1,savings,100,100,{served}\n", served_scheme(targets))
    assert one.lines[0].completion == Decimal(completion)


@pytest.mark.parametrize(("targets", "column"), [("calendar-days", "calendar_days"), ("full-months", "months")])
def test_working_days_alone_are_not_enough_where_targets_go_by_something_else(
    tmp_path: Path, targets: str, column: str
) -> None:
    under = served_scheme(targets)
    alone = read(tmp_path, HEAD[:-1] + ",days\nrm1,savings,100,100,40\n", under)
    assert isinstance(alone, list)
    assert [(one.line, one.code, one.field) for one in alone] == [(2, "malformed", column)]
    assert isinstance(read(tmp_path, f"{HEAD[:-1]},days,{column}\nrm1,savings,1,1,40,2\n", under), dict)


def test_too_few_working_days_are_no_grade(tmp_path: Path) -> None:
    results = tried(tmp_path, "rm,indicator,measured,target,days\na,visits,1,,29\nb,visits,1,,30\nc,visits,1,,\n")
    assert [one.status for one in results] == ["short-service", "graded", "graded"]
    assert (results[0].score, results[0].tier, results[0].coefficient) == (None, None, None)


def test_a_position_that_the_scheme_does_not_appraise_has_no_scheme(tmp_path: Path) -> None:
    content = (
        "rm,indicator,measured,target,position,group\na,visits,1,,lobby-manager,g1\nb,visits,1,,wealth-manager,g1\n"
    )
    results = tried(tmp_path, content, scheme(SMALL.replace('["*"]', '["wealth-manager"]')))
    assert [one.status for one in results] == ["no-scheme", "graded"]


def test_a_figure_out_of_range_leaves_only_that_rm_without_a_grade(tmp_path: Path) -> None:
    digits = "9" * 25
    content = HEAD + f"a,visits,{digits},\nb,visits,2,\nc,breach,{digits},\nd,savings,-{digits},100\n"
    assert [one.status for one in tried(tmp_path, content)] == [
        "not-gradable",
        "graded",
        "not-gradable",
        "not-gradable",
    ]


def test_a_ratio_that_cannot_be_compared_exactly_leaves_only_that_rm_without_a_grade(tmp_path: Path) -> None:
    """Given a target of 10^12 of a ratio that begins at a part of it: with a divisor of 10^15 an edge has 40 digits."""
    shape = next(line for line in MEASURES.splitlines() if 'kind = "control"' in line)
    under = scheme(MEASURES.replace(shape, 'shape = { kind = "all-or-nothing" }'))
    lines = [
        f"{rm},{name},{figure},{target}\n"
        for rm, due in (("a", "1000000000000000"), ("b", "200"))
        for name, figure, target in (("repaid", "199", ""), ("due", due, ""), ("recovery", "", "1000000000000"))
    ]
    results = tried(tmp_path, HEAD + "".join(lines), under)
    assert [one.status for one in results] == ["not-gradable", "graded"]


def test_the_largest_and_the_smallest_figures_are_scored(tmp_path: Path) -> None:
    large = "9223372036854775.807"
    lines = f"a,savings,{large},0.001\nb,savings,-{large},0.001\nc,visits,{large},\nd,conduct,{large},\n"
    results = tried(tmp_path, HEAD + lines)
    assert [one.status for one in results] == ["graded"] * 4
    assert [one.lines[n].points for one, n in zip(results, (0, 0, 1, 2), strict=True)] == [45, 0, 8, Decimal("55")]


def test_a_scheme_under_which_nothing_can_be_scored_gives_no_score(tmp_path: Path) -> None:
    [one] = tried(tmp_path, HEAD + "rm1,breach,1,\n", scheme(_only_rated()))
    assert (one.status, one.score, one.tier) == ("no-score", None, None)


def _only_rated() -> str:
    first, last = SMALL.index("[[indicators]]"), SMALL.index('[[indicators]]\nid = "service"')
    return (SMALL[:first] + SMALL[last:]).replace('weight = "20"', 'weight = "100"')


def test_a_file_of_a_chinese_spreadsheet_is_read(tmp_path: Path) -> None:
    content = "rm,indicator,measured,target,group\r\nrm1,visits,2,,一组\r\n"
    assert tried(tmp_path, content.encode("gb18030")) == tried(tmp_path, ("\ufeff" + content).encode())


WRONG_LINES = {
    "rm 1,visits,1,": "2 rm: give an id of A-Z, a-z, 0-9, _ and -, at most 32 long",
    "rm1,visit_s,1,": "2 indicator: name an indicator, a measure or a kind of the scheme; did you mean `visits`?",
    "rm1,,1,": "2 indicator: name an indicator, a measure or a kind of the scheme; known are `savings`",
    'rm1,visits,"1,200.00",': "2 measured: write a number like 1200 or 12.5, with at most 3 decimals",
    "rm1,visits,NaN,": "2 measured: write a number like 1200",
    "rm1,visits,1e3,": "2 measured: write a number like 1200",
    "rm1,visits,12.3456,": "2 measured: write a number like 1200",
    "rm1,visits,,": "2 measured: write what was measured, 0 where nothing was",
    "rm1,savings,1,x": "2 target: write a number like 1200",
    "rm1,savings,1,0": "2 target: write a target above 0, or nothing where there is none",
    "rm1,savings,1,-5": "2 target: write a target above 0",
    "rm1,savings,1,99999999999999999": "2 target: write a number below 10^15",
    "rm1,visits,1": "2 give 4 fields, as the first line does",
    "rm1,visits,1,,": "2 give 4 fields, as the first line does",
    'rm1,visits,"1,': "2 close each quote",
    'rm1,visits,"1"2,': "2 close each quote",
    "rm1,visits,1,\nrm1,visits,2,": "3 indicator: give each RM one line per indicator",
}


@pytest.mark.parametrize("lines", WRONG_LINES)
def test_a_wrong_line_is_named_with_its_field_and_what_would_be_right(tmp_path: Path, lines: str) -> None:
    [refusal] = refused(tmp_path, HEAD + lines)
    assert refusal.startswith(WRONG_LINES[lines])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "1 add at least one line below the names of the columns"),
        (HEAD, "1 add at least one line below the names of the columns"),
        ("rm,indicator,measured\n", "1 add the column target: the first line begins with rm,indicator,measured,target"),
        ("rm,indicator,measured,target,basis\n", "1 leave out the column at place 5: did you mean `base`?"),
        ("rm,indicator,measured,target,rm\n", "1 name each column once"),
        (b"rm,indicator,measured,target\n\xff\xff\xff", "1 save the file as UTF-8 or GB 18030 text"),
        (
            HEAD[:-1] + ",days\nrm1,visits,1,,soon\n",
            "2 days: give working days in the quarter as a whole number, like 62",
        ),
        (
            HEAD[:-1] + ",months\nrm1,visits,1,,4\n",
            "2 months: give full months served in the quarter as a whole number, like 3",
        ),
        (
            HEAD[:-1] + ",nth_quarter\nrm1,visits,1,,0\n",
            "2 nth_quarter: give the number of the quarter of service as a whole number, like 1",
        ),
        (
            HEAD[:-1] + ",days\nrm1,visits,1,,60\nrm1,breach,1,,61\n",
            "3 days: give the same days on every line of one RM",
        ),
        (HEAD[:-1] + ",group\na,visits,1,,x\na,breach,1,,y\n", "3 group: give the same group on every line of one RM"),
        (HEAD[:-1] + ",carried\na,visits,1,,-1\n", "2 carried: write what was missing in the quarters before"),
        (HEAD[:-1] + ",certified\nrm1,visits,1,,yes", "2 certified: write 1 for a valid certificate, 0 for none"),
        (
            HEAD[:-1] + ",certified\na,visits,1,,0\na,breach,1,,1",
            "3 certified: give it on an RM's first line",
        ),
        (HEAD[:-1] + ",position\na,visits,1,,x\na,breach,1,,y\n", "3 position: give the same position on every line"),
    ],
)
def test_a_wrong_file_is_told_so(tmp_path: Path, content: str | bytes, expected: str) -> None:
    [refusal] = refused(tmp_path, content)
    assert refusal.startswith(expected)


def test_all_faults_are_told_at_once_by_line(tmp_path: Path) -> None:
    content = HEAD + 'rm1,visits,x,y\nrm1,"visits\n2",1,\nrm1,nothing,1,\n'
    assert [one.split(":")[0] for one in refused(tmp_path, content)] == [
        "2 measured",
        "2 target",
        "3 indicator",
        "5 indicator",
    ]


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    [refusal] = read_tried(scheme(), tmp_path / "none.csv")
    assert str(refusal) == "name a CSV file that can be read"


FINE = (
    'kind = "completion", cap = "1.333333", below = "0.7777", above = "0.3333", '
    'cliff = { under = "0.6667", keeps = "0.7777" }',
    'kind = "per-unit", points = "0.333333", per = "999999999.999", limit = "33.333333", steps = "started"',
    'kind = "deduction", points = "99.999999", per = "0.001", limit = "33.333333"',
    'kind = "curve", on = "completion", '
    'points = [{ at = "0.3333", gives = "0.0001" }, { at = "99.9999", gives = "29.9999" }]',
)


@pytest.mark.parametrize("shape", FINE)
@pytest.mark.parametrize("target", ["0.001", "999999999999.999"])
def test_what_is_too_fine_and_too_large_is_not_gradable_or_exact_and_stops_nothing(shape: str, target: str) -> None:
    text = SMALL.replace('kind = "completion", cap = "1.2", floor = "0"', shape, 1)
    text = text.replace('weight = "30"', 'weight = "29.999999"').replace('weight = "10"', 'weight = "10.000001"')
    fine = scheme(text)
    figures = ("9000000000000000", "-9000000000000000", "0.001", "123456789012.345", "333333333333.333")
    people = {
        f"rm{n}": Tried(figures={"savings": Figure(Decimal(measured), Decimal(target))})
        for n, measured in enumerate(figures)
    }
    for trial in score(fine, people):
        assert trial.status in ("graded", "not-gradable")
        if trial.status == "graded":
            ours, theirs = as_fractions(trial), grade(fine, people[trial.rm])
            assert (ours.points, ours.score, ours.coefficient) == (theirs.points, theirs.score, theirs.coefficient)
