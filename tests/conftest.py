"""What holds for every test: no deadline on a shared machine, and no setting of whoever runs it."""

import os

import hypothesis
import pytest

hypothesis.settings.register_profile("appraise", deadline=None)
hypothesis.settings.load_profile("appraise")


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("APPRAISE_")]:
        monkeypatch.delenv(name)
