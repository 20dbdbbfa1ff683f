"""How a session of the dashboard reaches the API: with the cookie that the sign-in page gave the browser."""

import os
from urllib.parse import quote, urlsplit

import streamlit as st

from api.client import COOKIE, Client

SIGN_IN = "/sign-in"
DEFAULT_ADDRESS = "http://127.0.0.1:8000"


def connect() -> Client | None:
    """A client that asks as the person who signed in, one for each session of the page, so that its reads see what
    it wrote; None where the browser has no session.

    `serve` names its own address in APPRAISE_API_URL; a dashboard of its own is given the API's.
    """
    cookie = st.context.cookies.get(COOKIE)
    if not cookie:
        return None
    kept = st.session_state.get("client")
    if not isinstance(kept, Client):
        kept = Client(base_url=os.environ.get("APPRAISE_API_URL", DEFAULT_ADDRESS), cookie=cookie)
        st.session_state["client"] = kept
    return kept


def is_sign_in_page() -> bool:
    """Whether the browser stands where the sign-in page should."""
    return urlsplit(st.context.url or "").path.rstrip("/") == SIGN_IN


def sign_in_address() -> str:
    """The sign-in page, told where to come back to: the page and what it was set to."""
    here = urlsplit(st.context.url or "/")
    query = "&".join(f"{quote(key)}={quote(value)}" for key, value in st.query_params.items())
    target = (here.path or "/") + (f"?{query}" if query else "")
    return f"{SIGN_IN}?next={quote(target, safe='')}"
