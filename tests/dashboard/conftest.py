"""The dashboard run in this process, on a bank of answers instead of an API."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import connection
from tests.dashboard.small_bank import SmallBank

APP = Path(connection.__file__).parent / "app.py"
Open = Callable[..., AppTest]


@pytest.fixture(autouse=True, scope="session")
def _no_search_for_components() -> Iterator[None]:
    """Each run would look through all that is installed for components of pages, which takes most of its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", list)
        yield


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a screen as the person of a bank (None: not signed in) sees it, in a language, with settings in the
    address."""

    def run(bank: SmallBank | None, screen: str = "", lang: str = "en", **settings: str) -> AppTest:
        monkeypatch.setattr(connection, "connect", lambda: bank)
        page = AppTest.from_file(str(APP), default_timeout=30)
        page.query_params["lang"] = lang
        for name, value in settings.items():
            page.query_params[name] = value
        if screen:
            page._page_hash = calc_hash(screen)
        return page.run()

    return run


@pytest.fixture
def tables_taken(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The lines of each CSV that a page offers, by the name of its file."""
    offered: dict[str, list[str]] = {}

    def take(name: str, make: Callable[[], bytes], file_name: str, **rest: object) -> None:
        if name == "CSV":
            offered[file_name] = make().decode("utf-8-sig").splitlines()

    monkeypatch.setattr(st, "download_button", take)
    return offered


def texts(page: AppTest) -> str:
    """Everything the page says in words, one text a line."""
    said = [*page.title, *page.header, *page.markdown, *page.caption]
    alerts = [*page.success, *page.info, *page.warning, *page.error]
    return "\n".join(str(element.value) for element in [*said, *alerts, *page.html])
