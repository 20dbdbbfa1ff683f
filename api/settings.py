"""What a bank sets: environment variables that begin with APPRAISE_, or a file `.env` in the working folder.

One that is empty is as good as not set.
"""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

COOKIE = "appraise_session"
"""The cookie that holds a person's session."""


class Settings(BaseSettings):
    """`data_dir` holds the store, the read model and the owner's lock; `timezone` decides what a day is; `api_url` is
    where a dashboard of its own finds the API; `debug` shows a traceback where something unforeseen goes wrong."""

    model_config = SettingsConfigDict(
        env_prefix="APPRAISE_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data_dir: Path = Path("data")
    timezone: str = "Asia/Shanghai"
    api_url: str | None = None
    debug: bool = False

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("write the name of a time zone, like Asia/Shanghai") from None
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The bank's time zone."""
        return ZoneInfo(self.timezone)


class WrongSetting(ValueError):
    """A setting has no usable value; the message names the setting and says what would be right."""


def read_settings() -> Settings:
    """The settings in force; WrongSetting where one of them can't be used."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "APPRAISE_" + str(first["loc"][0]).upper() if first["loc"] else ".env"
        raise WrongSetting(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None
