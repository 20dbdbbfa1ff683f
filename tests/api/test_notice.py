"""The grade notice as PDF, read back by a reader of PDFs: one page in each language, and nothing in it is ever run."""

import io
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from api.notice import fonts
from api.notice.contents import LONGEST_TEXT, WORDS, Language, Told
from api.notice.rendered import notice
from api.problems import Problem
from dashboard.words import Say
from domain.calendar import Quarter
from domain.scheme import Scheme
from projections.answers.reviews import Review
from tests.api.house import House
from tests.api.noticed import reviewed, shipped


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return shipped()


def made(review: Review, scheme: Scheme | None, language: Language = "en", bank: str = "Riverside Bank") -> bytes:
    return notice(Told(review, scheme, bank, ZoneInfo("Asia/Shanghai"), language))


def read(pdf: bytes) -> str:
    """The text of the one page, without what only breaks its lines."""
    [page] = PdfReader(io.BytesIO(pdf)).pages
    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]  # A4
    return re.sub(r"\s+", " ", page.extract_text())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_notice_names_who_which_quarter_by_which_scheme_and_with_what_result(
    scheme: Scheme, language: Language
) -> None:
    review = reviewed(scheme=scheme)
    text, card = read(made(review, scheme, language)), review.result.card
    assert card.tier_name is not None
    for part in (
        "Riverside Bank", "rm017", "2026Q4", "2026-10-01", "90.25", "2027Q1", "head-1", "dept-2", card.digest,
        getattr(card.tier_name, language), getattr(scheme, language), WORDS["title"][language],
    ):  # fmt: skip
        assert part in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_line_stands_there_with_its_figures_its_points_and_its_reason(scheme: Scheme, language: Language) -> None:
    review = reviewed(scheme=scheme)
    bare = read(made(review, scheme, language)).replace(" ", "")
    assert len(review.result.lines) == 23
    for line in review.result.lines:
        assert line.sentence is not None
        for part in (getattr(line.name, language), getattr(line.sentence, language)):
            assert part.replace(" ", "") in bare, line.indicator
        assert f"{line.measured:,}" in bare
        assert line.target is None or f"{line.target:,}" in bare


def test_a_condition_that_held_says_what_it_did_to_the_tier(scheme: Scheme) -> None:
    text = read(made(reviewed(scheme=scheme), scheme))
    assert "A breach of conduct (clause 2.1); the tier is at best Qualified." in text


def test_an_approved_notice_says_until_when_and_how_to_appeal_and_a_final_one_that_it_stands(scheme: Scheme) -> None:
    approved, final = (read(made(reviewed(state, scheme=scheme), scheme)) for state in ("approved", "final"))
    assert "You may appeal until January 25, 2027" in approved
    assert "within 10 working days" in approved
    assert "an appeal never worsens it" in approved
    assert "This grade is final" in final
    assert "You may appeal" not in final
    assert "Made final by hr-4, January 18, 2027 14:03" in final


def test_the_same_review_gives_the_same_bytes_and_another_one_others(scheme: Scheme) -> None:
    one, again, other = (made(reviewed(comment=text, scheme=scheme), scheme) for text in ("A", "A", "B"))
    assert one == again
    assert one != other


HOSTILE = [
    '#panic("run")', "#read(\"/etc/hostname\")", "*bold* _slanted_ $x^2$", "= Heading", "@cited <label>", "\\ \\u{41}",
    '"; #let x = 1', "{rm} {0}", "<script>alert(1)</script>", "// comment", "/* open",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_or_comment_that_looks_like_code_stands_there_as_it_was_written(scheme: Scheme, text: str) -> None:
    review = reviewed(name=text, comment=f"Comment: {text}", scheme=scheme)
    shown = read(made(review, scheme, bank=text)).replace(" ", "")
    bare = text.replace(" ", "")
    assert f"{bare}(rm017)" in shown
    assert f"Comment:{bare}" in shown
    assert shown.startswith(bare)


def test_a_long_comment_is_cut_so_that_the_notice_keeps_to_its_page(scheme: Scheme) -> None:
    text = read(made(reviewed(comment="word " * 1_000, scheme=scheme), scheme))
    assert text.count("word") == LONGEST_TEXT // len("word ")


def without_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_found", [])
    monkeypatch.setattr(fonts, "CHINESE", ("No Such Font",))


def test_without_a_chinese_font_a_chinese_notice_says_what_to_install(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_chinese(monkeypatch)
    with pytest.raises(Problem) as refused:
        made(reviewed(scheme=scheme), scheme, "zh")
    assert (refused.value.body.status, "fonts-noto-cjk" in refused.value.body.detail) == (503, True)


def test_without_a_chinese_font_an_english_notice_says_where_the_chinese_words_are(
    scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_chinese(monkeypatch)
    text = read(made(reviewed(name="林悦", scheme=scheme), scheme))
    assert "(in Chinese: see the review)" in text
    assert "90.25" in text


@pytest.mark.parametrize("state", ["open", "rated", "submitted", "returned", "reopened"])
def test_there_is_no_notice_before_a_second_person_has_approved(scheme: Scheme, state: Any) -> None:
    with pytest.raises(Problem) as refused:
        made(reviewed(state, scheme=scheme), scheme)
    assert refused.value.body.status == 404


def test_there_is_no_notice_of_a_result_that_has_moved_since_it_was_approved(scheme: Scheme) -> None:
    review = reviewed(scheme=scheme)
    card = review.result.card.model_copy(update={"digest": "f" * 64})
    moved = review.model_copy(update={"result": review.result.model_copy(update={"card": card})})
    with pytest.raises(Problem) as refused:
        made(moved, scheme)
    assert "approve the review again" in refused.value.body.detail


def test_who_has_no_grade_is_told_why_and_no_figure(scheme: Scheme) -> None:
    review = reviewed(scheme=scheme)
    card = review.result.card.model_copy(
        update={"status": "short-service", "score": None, "tier": None, "tier_name": None, "coefficient": None}
    )
    result = review.result.model_copy(update={"card": card, "lines": [], "gates": []})
    text = read(made(review.model_copy(update={"result": result}), scheme))
    assert "No grade: too few working days" in text
    assert "Coefficient" not in text
    assert "performance pay" not in text


def test_every_word_of_the_notice_stands_in_both_languages() -> None:
    gaps = {key: [set(re.findall(r"{(\w+)}", text)) for text in words.values()] for key, words in WORDS.items()}
    assert all(words.keys() == {"en", "zh"} for words in WORDS.values())
    assert [key for key, (en, zh) in gaps.items() if en != zh] == []


def test_the_notice_names_the_page_and_the_button_of_an_appeal_as_they_are_called_there() -> None:
    for language, words in WORDS["until"].items():
        say = Say(language)
        assert say("My review") in words
        assert say("Appeal") in words


def test_a_reopened_review_still_gives_the_notice_of_the_grade_that_stands(scheme: Scheme) -> None:
    final = reviewed("final", scheme=scheme)
    row = final.row.model_copy(update={"state": "reopened", "round": 2})
    text = read(made(final.model_copy(update={"row": row}), scheme))
    assert "Until a new grade is final this one stands" in text
    assert "round 1" in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_rm_gets_the_notice_of_an_approved_review_and_a_reading_by_another_is_kept(
    bank: House, language: Language
) -> None:
    path = bank.noticed("r1")
    answer = bank.ask("GET", f"{path}/notice?language={language}", "rm")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    text = read(answer.content)
    review = bank.office.read_model.review("r1", Quarter.parse(path.rpartition("/")[2]))
    assert review is not None
    assert review.result.card.digest in text
    assert "Head office" in text
    before = len(bank.client("auditor").list_card_readings(rm="r1"))
    assert bank.client("hr").grade_notice("r1", review.row.quarter, language) == answer.content
    newest, *rest = bank.client("auditor").list_card_readings(rm="r1")
    assert (newest.reader, newest.what, len(rest)) == ("the-hr", "notice", before)


def test_a_review_that_nobody_opened_has_no_notice(bank: House) -> None:
    assert bank.ask("GET", "/v1/reviews/r1/2026Q4/notice?language=en", "hr").status_code == 404
