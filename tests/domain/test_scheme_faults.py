"""Every mistake in a scheme file is one line that names the file, the line, and what would be right."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scheme import Scheme, fresh_scheme, read_scheme

SCHEMES = Path(__file__).parents[1] / "schemes"
SMALL = (SCHEMES / "small.toml").read_text(encoding="utf-8")
PLAYED = SMALL + (SCHEMES / "small_game.toml").read_text(encoding="utf-8")
MISTAKES = tomllib.loads((Path(__file__).parent / "scheme_faults.toml").read_text(encoding="utf-8"))


def line_of(text: str, place: int) -> int:
    """The line on which a place of the text lies, from 1."""
    return text.count("\n", 0, place) + 1


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_line_and_what_would_be_right(mistake: str) -> None:
    case = MISTAKES[mistake]
    text = PLAYED
    for old, new in ((case["old"], case["new"]), *case.get("more", [])):
        assert old in text
        text = text.replace(old, new, 1)
    line = line_of(text, text.index(case["at"]) if "at" in case else PLAYED.index(case["old"]))
    if "below" in case:
        line = line_of(text, text.index(case["below"])) - 1
    faults = read_scheme(text, "small.toml")
    assert isinstance(faults, list)
    assert [one for one in faults if case["says"] in one.message and one.line == line], "\n".join(map(str, faults))
    assert all(str(one).startswith(f"small.toml:{one.line}: ") and "\n" not in str(one) for one in faults)


def test_the_small_scheme_has_no_mistake() -> None:
    assert isinstance(read_scheme(SMALL), Scheme)
    assert isinstance(read_scheme(PLAYED), Scheme)


def test_all_mistakes_are_told_at_once_and_in_the_order_of_the_lines() -> None:
    text = SMALL.replace('weight = "20"', 'weight = "10"').replace('unit = { en = "visits", zh = "次" }\n', "")
    text = (
        text.replace('floor = "70"', 'floor = "99"')
        .replace("breach >= 2", "breech >= 2")
        .replace("[rounding]", "[rnd]")
    )
    faults = read_scheme(text)
    assert isinstance(faults, list)
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)
    for message in (
        "add `rounding`",
        "`rnd` is not known",
        "add `unit`",
        "add up to 90",
        "`breech`",
        "put it below 90",
    ):
        assert any(message in str(fault) for fault in faults), message


SECTION = '[[sections]]\nid = "all"\nclause = "1"\nen = "All"\nzh = "全部"\nweight = "100"\n'
SECTIONED = SMALL.replace("[[indicators]]", SECTION + "[[indicators]]", 1).replace(
    'nature = "qu', 'section = "all"\nnature = "qu'
)
WEIGHT = '`weight` must be a decimal in quotes, "0.000001" to "100", with at most 6 decimals, like "15"'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('counted = "quantity"\n', "", 'add `counted`: one of "quantity", "amount"'),
        ('[clauses."1"]', '[clauses.5.1]\nen = "a"\nzh = "一"\n[clauses."1"]',
         'write [clauses."5.1"]: a name with a dot in it stands in quotes'),
        ('[clauses."1"]', '[clauses.1.2]\nen = "a"\nzh = "一"\n[clauses."1"]',
         'write [clauses."1.2"]: a name with a dot in it stands in quotes'),
        ('zh = "走访量"\n', "", 'add `zh`: the Chinese words, like "走访"'),
        ('zh = "全部"\n', "", 'add `zh`: the Chinese words, like "走访"'),
        ('weight = "20"', "weight = 20", WEIGHT),
        ('weight = "20"', 'weight = "-20"', WEIGHT),
        ('weight = "20"\n', "", f"add `weight`: {WEIGHT.removeprefix('`weight` must be ')}"),
        ('section = "all"', 'section = "al"', "`al` is no section of this file; did you mean `all`?"),
    ],
)  # fmt: skip
def test_one_wrong_entry_makes_no_mistakes_of_those_that_name_it_or_add_it_up(old: str, new: str, message: str) -> None:
    assert isinstance(read_scheme(SECTIONED), Scheme)
    assert old in SECTIONED
    faults = read_scheme(SECTIONED.replace(old, new, 1))
    assert isinstance(faults, list)
    assert [fault.message for fault in faults] == [message]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('scheme = "small', 'end the text with a plain `"` on the line that it begins on'),
        ('scheme = "small”', '`”` is a full-width sign'),
        ('scheme ＝ "small"', "write `=` instead of the full-width `＝`"),
        ('en = "您好，"\nscheme = “small”', 'x.toml:2: write `"` instead of the full-width `“`'),
        ('positions = ["（一）"，"b"]', "write `,` instead of the full-width `，`"),
        ("silent_days = ９０", "write `9` instead of the full-width `９`"),
        ("a =\u3000 1", "write a plain blank instead of the full-width `U+3000`"),
        ("＃ words", "write `#` instead of the full-width `＃`"),
        ('[[indicators]]\n[indicators.shape]\n[indicators]', "x.toml:3: write [[indicators]], in two brackets"),
        ("[gates]\na = 1\n[[gates]]", "x.toml:1: write [[gates]], in two brackets"),
        ("[tiers]\na = 1\n[tiers]", "x.toml:1: write [[tiers]], in two brackets"),
        ("[quotas]\na = 1", "x.toml:1: write [[quotas]], in two brackets"),
        ("scheme = small", "make this line TOML"),
        ("[kinds\n", "make this line TOML"),
        ('en = "a"\nen = "b"', "write each key and each table once"),
        ("[kinds.a]\n[kinds.a]", "write each key and each table once"),
        ("a = " + "[" * 5000, "nest tables and arrays less deeply"),
        ("a = " + "1" * 5000, "write a number of fewer digits"),
        ("", "add `scheme`"),
        ("kinds = 3\nindicators = 4\ngates = 5\ntiers = 6\nclauses = 7", "write each entry as a table"),
        ("clauses = 3\n[[gates]]\nid = {}\n[[indicators]]\nid = { a = 1 }\n[[tiers]]\nid = []", "`id` must be an id"),
        ("[[tiers]]\nfloor = 'x'\n\n\n'", "make this line TOML"),
        ("indicators = [1, 2]\n[kinds]\nvisit = 3", "write each entry as a table [[indicators]]"),
        ('[[indicators]]\nid = 3\nmeasure = 4\nshape = "x"\nweight = [1]', "`shape` must be a table like"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_scheme_is_told_so_in_lines(text: str, message: str) -> None:
    faults = read_scheme(text, "x.toml")
    assert isinstance(faults, list)
    assert any(message in str(fault) for fault in faults), "\n".join(map(str, faults))
    assert all(1 <= fault.line <= text.count("\n") + 1 for fault in faults)


def test_a_mark_of_the_byte_order_does_no_harm() -> None:
    assert isinstance(read_scheme("\ufeff" + SMALL), Scheme)


LINES = SMALL.splitlines()


@given(st.integers(0, len(LINES) - 1), st.integers(0, 60), st.text(alphabet='"=[]{}.#\n0a中-', max_size=6))
def test_whatever_is_typed_into_a_scheme_the_answer_is_a_scheme_or_lines(row: int, column: int, typed: str) -> None:
    """No traceback, however the file is broken."""
    line = LINES[row]
    text = "\n".join([*LINES[:row], line[:column] + typed + line[column + 1 :], *LINES[row + 1 :]])
    answer = read_scheme(text)
    assert isinstance(answer, Scheme) or all(1 <= fault.line <= text.count("\n") + 1 for fault in answer)


SHAPE = 'shape = { kind = "per-unit", points = "0.5", per = "1", limit = "8" }'
BANDS = ", ".join(f'{{ from = "{n}", to = "{n + 1}", gives = "1" }}' for n in range(10_000))
HOSTILE = {
    "ten thousand bands": (
        SMALL.replace(SHAPE, f'shape = {{ kind = "bands", on = "measured", edges = "from", bands = [{BANDS}] }}'),
        "`shape.bands` must be a list of at least two",
    ),
    "fifty megabytes": (SMALL + " " * 50_000_000, "write a file of at most 1 MB"),
    "a key of half a megabyte": (SMALL.replace('half = "up"', f'half = "up"\n{"h" * 500_000} = 1'), "is not known"),
    "a key over two lines": (SMALL.replace('half = "up"', 'half = "up"\n"a\\nb\\u001b[2J" = 1'), "is not known here"),
    "thirty thousand keys": (
        SMALL + "\n[x]\n" + "\n".join(f"k{n} = 1" for n in range(30_000)), "`x` is not known here",
    ),
    "thousands of unknown keys": (
        SMALL.replace('half = "up"', "\n".join(f'half{n} = "up"' for n in range(5_000))), "did you mean `half`?",
    ),
    "thousands of unknown kinds": (
        SMALL.replace('plus = ["visit"]', f"plus = [{', '.join(f'{chr(34)}v{n}{chr(34)}' for n in range(9_000))}]"),
        "is no kind of this file",
    ),
    "heads of a hundred parts": ("\n".join(f"[a{n}{'.b' * 100}]" for n in range(500)), "nest tables and arrays less"),
    "a number of five thousand digits": (SMALL.replace("days = 30", f"days = {'9' * 5_000}"), "of fewer digits"),
    "thousands of gates": (SMALL + '[[gates]]\nid = "g"\n' * 5_000, "write at most 200 gates: no scheme needs more"),
    "thousands of steps": (
        SMALL + f"steps = [{', '.join(['{}'] * 5_000)}]", "write at most 50 steps: no tier needs more",
    ),
    "a character that is none": (SMALL.replace("Visit", "Vi\0sit"), "make this line TOML"),
    "an escape that is no character": (SMALL.replace("Visit", "Vi\\ud800sit"), "make this line TOML"),
    "lines that end as on old machines": (SMALL.replace("\n", "\r"), "make this line TOML"),
    "a date for a text": (SMALL.replace('scheme = "small"', "scheme = 2026-01-01"), "`scheme` must be an id"),
    "a text for a date": (SMALL.replace("= 2026-01-01", '= "2026-01-01"'), "without quotes, like 2026-01-01"),
    "a moment for a date": (SMALL.replace("= 2026-01-01", "= 2026-01-01T00:00:00Z"), "must be a quarter's first day"),
    "a letter of another script": (SMALL.replace("[kinds.visit]", '[kinds."v\u0456sit"]'), "the kind an id of a-z"),
    "digits of another script": (SMALL.replace('"20"', '"２０"'), "`weight` must be a decimal in quotes"),
    "a weight beyond all numbers": (SMALL.replace('"20"', '"1e9999999"'), "`weight` must be a decimal"),
    "a floor that is no number": (SMALL.replace('floor = "60"', 'floor = "NaN"'), "`floor` must be a decimal"),
    "a floor of five thousand million zeros": (
        SMALL.replace('floor = "60"', 'floor = "-1e5000000000"'), "`floor` must be a decimal",
    ),
    "a list for a table": (SMALL.replace("[rounding]", "[[rounding]]"), "`rounding` must be a table [rounding]"),
    "lists for the kinds": (SMALL.replace("[kinds.visit]", "[[kinds]]").replace("[kinds.", "[other."), "[kinds.<id>]"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_told_in_a_hundred_short_lines_at_most(name: str) -> None:
    text, says = HOSTILE[name]
    faults = fresh_scheme(text, "x.toml")
    assert isinstance(faults, list)
    assert any(says in one.message for one in faults), faults[0]
    assert len(faults) <= 101
    assert all(len(str(one)) < 700 and str(one).isprintable() for one in faults)
    assert all(1 <= one.line <= text.count("\n") + 1 for one in faults)


def test_lines_that_end_as_on_windows_are_counted_alike() -> None:
    text = SMALL.replace('half = "up"', 'half = "sideways"')
    assert read_scheme(text.replace("\n", "\r\n")) == read_scheme(text)
    assert isinstance(read_scheme(SMALL.replace("\n", "\r\n")), Scheme)


def test_a_mistake_within_a_list_over_several_lines_has_its_own_line() -> None:
    rows = ['{ to = "1", gives = "1" },', '{ from = "1", to = "2", gives = 2 }, # two', '{ from = "2", gives = "3" },']
    shape = 'shape = { kind = "bands", on = "measured", edges = "from", bands = [\n' + "\n".join(rows) + "\n] }"
    text = SMALL.replace(SHAPE, shape)
    assert [one.line for one in read_scheme(text)] == [text.count("\n", 0, text.index(rows[1])) + 1]  # type: ignore[union-attr]


@pytest.mark.parametrize("text", [".".join(["a"] * 50_000) + " = 1", "a = " + "[" * 5_000 + "]" * 5_000])
def test_a_file_that_is_nested_by_the_thousand_is_a_fault(text: str) -> None:
    faults = read_scheme(text)
    assert not isinstance(faults, Scheme)
    assert [fault.message for fault in faults] == ["nest tables and arrays less deeply"]
