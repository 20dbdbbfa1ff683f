"""What every screen works with: the client, who asks, the language, and where the other screens are."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from api.client import Client
from dashboard.words import Say
from projections.answers import Me, Unit


@dataclass(frozen=True)
class Desk:
    """One person's desk during one run of the page."""

    client: Client
    me: Me
    say: Say
    pages: Mapping[str, st.Page]

    def may(self, operation: str) -> bool:
        """Whether the table of permissions gives this person the operation."""
        return operation in self.me.operations

    @property
    def tree(self) -> list[Unit]:
        """The units in the order of the tree: each parent before its children. Kept until the tree changes."""
        kept: tuple[int, list[Unit]] | None = st.session_state.get("tree")
        if kept is None or kept[0] != self.me.units_at:
            kept = st.session_state["tree"] = (self.me.units_at, self.client.list_units())
        return kept[1]
