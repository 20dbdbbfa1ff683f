"""The store by its URL: what is told of one that can't be used, and that no password of it is ever shown."""

from pathlib import Path

import pytest

from api.cli import main
from api.settings import Settings
from tests.postgres.server import Server

SECRET = "canary-of-a-password"
MALFORMED = {
    "another make": f"mysql://anna:{SECRET}@db/bank",
    "an at sign in the password": f"postgresql://anna:{SECRET}@{SECRET}@db/bank",
    "a slash in the password": f"postgresql://anna:{SECRET}/{SECRET}@db/bank",
    "a slash after digits": f"postgresql://anna:12/{SECRET}@db/bank",
    "a port that is none": f"postgresql://anna:{SECRET}@db:{SECRET}/bank",
    "an unknown option": f"postgresql://anna:{SECRET}@db/bank?{SECRET}=1",
    "no URL": f"dbname=bank password={SECRET}",
}


def told(store: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path) -> str:
    """What a command says on stderr that finds its store by this URL; a traceback may be wanted, too."""
    monkeypatch.setenv("APPRAISE_DATA_DIR", str(folder))
    monkeypatch.setenv("APPRAISE_STORE", store)
    assert main(["token", "list"]) == 1
    said = capsys.readouterr()
    assert SECRET not in said.out + said.err
    return said.err


@pytest.mark.parametrize("name", MALFORMED)
def test_a_url_that_leads_nowhere_is_refused_with_the_remedy(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = told(MALFORMED[name], capsys, monkeypatch, tmp_path)
    assert said.startswith("APPRAISE_STORE: write postgresql://user:password@host:port/database")
    assert said.count("\n") == 1


@pytest.mark.parametrize("debug", ["0", "1"])
def test_a_server_that_is_not_there_is_told_in_one_line(
    debug: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("APPRAISE_DEBUG", debug)
    said = told(f"postgresql://anna:{SECRET}@127.0.0.1:1/bank", capsys, monkeypatch, tmp_path)
    assert said == "PostgreSQL can't be reached; see that it runs, and that the store's URL leads there\n"


def test_what_the_server_itself_refuses_is_told_in_its_words(
    postgres: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = postgres.new_store().replace("/postgres?", f"/nowhere?password={SECRET}&")
    assert told(url, capsys, monkeypatch, tmp_path) == 'PostgreSQL refuses: database "nowhere" does not exist\n'


def test_a_user_who_may_make_no_tables_is_told_so(
    postgres: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = postgres.new_store()
    postgres.run("CREATE ROLE guest LOGIN")
    url = store.replace("postgres:@", "guest@")
    assert told(url, capsys, monkeypatch, tmp_path).startswith("PostgreSQL refuses: ")


def test_a_database_that_holds_no_unicode_is_refused(
    postgres: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    postgres.run("CREATE DATABASE narrow ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    url = postgres.new_store().replace("/postgres?", "/narrow?").split("&options")[0]
    assert "ENCODING 'UTF8'" in told(url, capsys, monkeypatch, tmp_path)


def test_the_settings_show_no_password() -> None:
    settings = Settings(store=f"postgresql://anna:{SECRET}@db/bank")
    assert SECRET not in f"{settings!r} {settings} {settings.model_dump_json()}"
    assert settings.store_url == f"postgresql://anna:{SECRET}@db/bank"
