"""The dashboard run in this process, on a bank of answers instead of an API."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import connection
from tests.dashboard.small_bank import SmallBank

APP = Path(connection.__file__).parent / "app.py"
Open = Callable[..., AppTest]


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
        page.run()
        if screen:
            page._page_hash = calc_hash(screen)
            page.run()
        return page

    return run


def texts(page: AppTest) -> str:
    """Everything the page says in words, one text a line."""
    said = [*page.title, *page.header, *page.markdown, *page.caption]
    alerts = [*page.success, *page.info, *page.warning, *page.error]
    return "\n".join(str(element.value) for element in [*said, *alerts, *page.html])
