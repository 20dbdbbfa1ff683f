"""The screen of the raw history: what is sought stands in the address, and every event says something."""

from datetime import UTC, datetime

import pytest

from api.client import ApiProblem
from dashboard import event_words
from dashboard.words import Say
from domain import events as vocabulary
from projections.answers import LoggedEvent
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import KINDS, SmallBank, me


def logged(position: int = 7, type: str = "ActionRecorded", **changes: object) -> LoggedEvent:
    told: dict[str, object] = {
        "position": position, "stream": "action:crm:A1", "version": 1, "type": type, "by": "crm", "rm": "rm005",
        "rm_name": "陈雨桐", "recorded_at": datetime(2026, 9, 14, 9, 30, tzinfo=UTC), "texts": {},
        "state": {"rm": "rm005", "kind": "visit", "occurred_on": "2026-09-14", "quantity": "2", "customer": "00138",
                  "amount": "0", "counts": False},
    }  # fmt: skip
    return LoggedEvent.model_validate(told | changes)


def audited(**told: object) -> SmallBank:
    return SmallBank(person=me("auditor"), history=[logged(9), logged(7)], **told)  # type: ignore[arg-type]


def asked(bank: SmallBank) -> dict[str, object]:
    return dict([told for name, told in bank.sent if name == "list_events"][-1])


def event_classes() -> list[type[vocabulary.Event]]:
    return [one for one in vars(vocabulary).values() if isinstance(one, type) and issubclass(one, vocabulary.Event)][1:]


@pytest.mark.parametrize("one", event_classes(), ids=lambda one: one.TOPIC)
def test_every_event_has_a_type_in_words_and_a_sentence_of_its_own_fields(one: type[vocabulary.Event]) -> None:
    fields = dict.fromkeys(one.model_fields, "2")
    event = logged(type=one.TOPIC, state=fields)
    for language in ("en", "zh"):
        say = Say(language)
        assert event_words.type_of(say, event) == say(event_words.TYPES[one.TOPIC])
        sentence = event_words.sentence(say, event, {})
        assert event_words.NOBODY not in sentence
        assert "{" not in sentence


def test_a_sentence_tells_kind_figure_note_and_what_the_event_waits_for() -> None:
    event = logged(texts={"note": "met at the fair"})
    said = event_words.sentence(Say("en"), event, {kind.kind: kind for kind in KINDS})
    assert said == (
        "陈雨桐, Sep 14, 2026: Visit, 2 visits. It waits for verification. Customer 00138. Note: met at the fair"
    )


def test_an_event_of_a_newer_version_stands_under_its_own_name() -> None:
    unknown = logged(type="MoonSeen", state={})
    assert event_words.type_of(Say("zh"), unknown) == event_words.sentence(Say("zh"), unknown, {}) == "MoonSeen"


def test_a_link_from_a_figure_lands_with_its_filters_set(opened: Open) -> None:
    bank = audited()
    page = opened(bank, "events", rm="rm005", kind="visit", quarter="2026Q3", stream="action:crm:A1")
    told = asked(bank)
    assert (told["rm"], told["kind"], told["quarter"], told["stream"]) == ("rm005", "visit", "2026Q3", "action:crm:A1")
    assert page.selectbox(key="event-kind").value == "visit"
    assert [told["search"] for name, told in bank.sent if name == "list_rms"] == ["rm005"]  # for the name


def test_a_person_is_found_by_name_and_let_go_again(opened: Open) -> None:
    bank = audited()
    page = opened(bank, "events", after="900")
    assert "list_rms" not in [name for name, _ in bank.sent]
    page.session_state["who"] = True
    page.run()
    page.text_input(key="find-person").set_value("陈").run()
    page.button(key="choose-rm005").click().run()
    assert (asked(bank)["rm"], asked(bank)["after"]) == ("rm005", None)
    page.session_state["who"] = True
    page.run()
    page.button(key="choose-all").click().run()
    assert asked(bank)["rm"] is None


def test_another_question_begins_with_its_first_page(opened: Open) -> None:
    bank = audited()
    page = opened(bank, "events", after="900")
    assert asked(bank)["after"] == 900
    page.selectbox(key="event-type").select("ActionRecorded").run()
    assert (asked(bank)["type"], asked(bank)["after"]) == ("ActionRecorded", None)


def test_a_page_is_turned_on_and_back(opened: Open) -> None:
    bank = audited()
    page = opened(bank, "events")
    assert page.button(key="events-back").disabled
    page.button(key="events-on").click().run()
    assert asked(bank)["after"] == 7


def test_an_event_is_shown_in_full_with_its_seal_and_leads_to_its_stream(opened: Open) -> None:
    bank = audited()
    page = opened(bank, "events", position="7", rm="rm005")
    assert "Seal 3 covers the positions 1 to 1,000" in texts(page).replace("\\", "")
    assert '"customer": "00138"' in page.code[0].value
    page.button(key="go-stream").click().run()
    assert (asked(bank)["stream"], asked(bank)["rm"]) == ("action:crm:A1", None)


def test_where_no_event_stands_it_says_so_and_the_list_stands_all_the_same(opened: Open) -> None:
    trouble = ApiProblem(404, "Not found", "name a log position")
    page = opened(audited(trouble={"read_event": trouble}), "events", position="8")
    assert "No event that you may read stands at position 8." in texts(page)
    assert len(page.dataframe) == 1


def test_who_has_a_scope_is_told_to_name_somebody(opened: Open) -> None:
    page = opened(audited(trouble={"list_events": ApiProblem(403, "Not allowed", "name an RM")}), "events")
    assert "Name a relationship manager" in texts(page)


def test_nothing_found_is_a_state_of_its_own(opened: Open) -> None:
    bank = audited()
    bank.history = []
    assert "No event fits" in texts(opened(bank, "events", lang="en", rm="nobody"))
