"""The store of the data dir, opened for one command that writes to it directly; a server may run beside it."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.settings import check_folder, read_settings
from domain.bank import STORE, Bank, open_bank


@contextmanager
def opened_bank() -> Iterator[Bank]:
    """The bank of the data dir, which is made where it is missing."""
    settings = read_settings()
    check_folder(settings.data_dir)
    bank = open_bank(settings.data_dir, settings.timezone, store=settings.store_url)
    try:
        yield bank
    finally:
        bank.close()


def stands() -> bool:
    """Whether a store has been made for these settings."""
    settings = read_settings()
    check_folder(settings.data_dir)
    return settings.store_url is not None or (settings.data_dir / STORE).exists()
