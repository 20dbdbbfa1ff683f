"""What a bank sets: environment variables that begin with APPRAISE_, or a file `.env` in the working folder.

One that is empty is as good as not set.
"""

import os
from importlib.resources import files
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

COOKIE = "appraise_session"
"""The cookie that holds a person's session."""


class Settings(BaseSettings):
    """`data_dir` holds the store, the read model and the owner's lock; `store` is the URL of a PostgreSQL database that
    is the store instead, and shows itself to nobody, for it may hold a password; `timezone` decides what a day is;
    `api_url` is where a dashboard of its own finds the API; `trusted_proxies` are the addresses whose word is taken for
    who asks (by X-Forwarded-For and -Proto), none unless told; `debug` shows a traceback where something unforeseen
    goes wrong."""

    model_config = SettingsConfigDict(
        env_prefix="APPRAISE_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data_dir: Path = Path("data")
    store: SecretStr | None = None
    timezone: str = "Asia/Shanghai"
    api_url: str | None = None
    trusted_proxies: str | None = None
    debug: bool = False

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        """One of the names that every machine and DuckDB know, too; `localtime` is none of them."""
        if name not in files("tzdata").joinpath("zones").read_text(encoding="utf-8").split():
            raise ValueError("write the name of a time zone, like Asia/Shanghai")
        return name

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, text: str | None) -> str | None:
        for part in (text or "").split(",") if text else ():
            try:
                ip_network(part.strip())
            except ValueError:
                raise ValueError("write addresses or networks with commas between, like 10.0.0.5,10.1.0.0/16") from None
        return text

    @field_validator("store")
    @classmethod
    def _known_store(cls, url: SecretStr | None) -> SecretStr | None:
        if url:
            from domain import postgres_connections  # PostgreSQL's driver is loaded by those who use it

            postgres_connections.check_url(url.get_secret_value())
        return url

    @property
    def store_url(self) -> str | None:
        """The URL of the store with its password, for whoever opens it; None where it stands in the data dir."""
        return self.store.get_secret_value() if self.store else None

    @property
    def zone(self) -> ZoneInfo:
        """The bank's time zone."""
        return ZoneInfo(self.timezone)


class WrongSetting(ValueError):
    """A setting has no usable value; the message names the setting and says what would be right."""


def check_folder(data_dir: Path) -> None:
    """WrongSetting where a data dir can't be one, whatever stands in it."""
    try:
        str(data_dir).encode()
    except UnicodeEncodeError:
        said = f"{str(data_dir)!a} is no text in UTF-8: name a folder by a path that is"
        raise WrongSetting(f"APPRAISE_DATA_DIR: {said}") from None
    if data_dir.exists() and not data_dir.is_dir():
        raise WrongSetting(f"APPRAISE_DATA_DIR: {data_dir} is a file: name a folder, or one that is yet to be made")
    if data_dir.is_dir() and not os.access(
        data_dir, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids
    ):
        raise WrongSetting(f"APPRAISE_DATA_DIR: {data_dir} can't be written to: name a folder that you may write to")


def read_settings() -> Settings:
    """The settings in force; WrongSetting where one of them can't be used."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "APPRAISE_" + str(first["loc"][0]).upper() if first["loc"] else ".env"
        raise WrongSetting(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None
