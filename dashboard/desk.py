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
        """The units in the order of the tree: each parent before its children."""
        return _below(self.me.units, None)


def _below(units: list[Unit], parent: str | None) -> list[Unit]:
    known = {unit.org for unit in units}
    children = [unit for unit in units if (unit.parent if unit.parent in known else None) == parent]
    return [unit for child in children for unit in (child, *_below(units, child.org))]
