"""Why something was not done, told where it was asked for."""

from collections.abc import Sequence

import streamlit as st

from api.client import ApiProblem
from dashboard import notices
from dashboard.remedies import remedy
from dashboard.words import Say


def refused(say: Say, trouble: ApiProblem) -> None:
    """Why something was not done, field by field; what is no refusal is for the frame to say."""
    if trouble.status >= 500 or trouble.status == notices.UNAUTHORISED:
        raise trouble
    told: Sequence[str] = [fault.detail for fault in trouble.errors] or [trouble.detail]
    for text in told:
        fault(remedy(say, text))


def fault(text: str) -> None:
    st.markdown(f":red[:material/error: {notices.plain(text)}]")
