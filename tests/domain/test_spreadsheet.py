"""What a text must be like that a spreadsheet opens."""

import pytest

from domain.spreadsheet import FORMULA, LONGEST_TEXT, fitting, harmless


@pytest.mark.parametrize("sign", FORMULA)
def test_a_text_that_would_run_as_a_formula_gets_an_apostrophe_before_it(sign: str) -> None:
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("text", ["", "Chen Wei", "1-2", "a=b", "'=1", " =1"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    assert fitting("长" * LONGEST_TEXT) == "长" * LONGEST_TEXT
    assert fitting("长" * (LONGEST_TEXT + 1)) == "长" * (LONGEST_TEXT - 1) + "…"
