"""Demo banks that several tests look at, built once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.demo import DemoSummary, build_demo
from domain.bank import Bank, open_bank
from projections.follower import Follower
from projections.read_model import ReadModel

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Demo:
    """A demo bank with its read model."""

    summary: DemoSummary
    bank: Bank
    read_model: ReadModel


def open_store(data_dir: Path) -> Bank:
    return open_bank(data_dir, clock=lambda: NOW)


@contextmanager
def followed(bank: Bank, data_dir: Path, summary: DemoSummary) -> Iterator[Demo]:
    follower = Follower(bank, data_dir / "read_model.duckdb")
    follower.catch_up()
    yield Demo(summary, bank, ReadModel(bank, follower))
    follower.stop()
    bank.close()


@pytest.fixture(scope="package")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Twelve RMs in the running quarter."""
    data_dir = tmp_path_factory.mktemp("small")
    bank = open_store(data_dir)
    with followed(bank, data_dir, build_demo(bank, 12, 1)) as demo:
        yield demo


@pytest.fixture(scope="package")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Two hundred RMs in the running quarter."""
    data_dir = tmp_path_factory.mktemp("large")
    bank = open_store(data_dir)
    with followed(bank, data_dir, build_demo(bank, 200, 1)) as demo:
        yield demo
