"""Whether a request comes from a page of this very address: the cookie alone does not say so."""

from collections.abc import Mapping
from urllib.parse import urlsplit


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a page of this very address sent a request; browsers say so on every unsafe method.

    SameSite alone doesn't separate two ports of one host.
    """
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site") == "same-origin"
    return host_of(origin) == headers.get("host") and headers.get("sec-fetch-site") in (None, "same-origin")


def host_of(origin: str) -> str | None:
    """The host of an Origin header; None where it is no address."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
