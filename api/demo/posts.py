"""Who holds the A and the B post of the premium customers, as tables of a customers file."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from api.demo.desk import CUSTOMERS
from api.demo.habits import Habits
from api.demo.staff import Staff

STEP = 10_000
"""Assets are told in so many CNY."""


def first_posts(staff: Staff, members: list[int], habits: Habits, seed: int) -> pa.Table:
    """The customers of some members: each holds the A posts of their own, a colleague of the outlet the B posts."""
    number = habits.posts
    chance = np.random.default_rng([seed, 8, members[0] if members else 0])
    least = np.array([segment.least for segment in habits.segments])
    share = np.array([segment.share for segment in habits.segments])
    segment = chance.choice(len(least), len(members) * number, p=share / share.sum())
    richer = chance.uniform(1, 1.8, len(segment))
    names = pa.array([each.name for each in habits.segments])
    backups = colleagues(staff, members)
    return _table(
        staff,
        np.repeat(np.array(members, dtype=np.int64), number),
        np.tile(np.arange(1, number + 1), len(members)),
        names.take(pa.array(segment)),
        np.rint(least[segment] * richer / STEP).astype(np.int64) * STEP,
        np.repeat(np.array([backups.get(member, -1) for member in members], dtype=np.int64), number),
    )


def colleagues(staff: Staff, members: list[int]) -> Mapping[int, int]:
    """Of each member the next one of the same outlet, the last one's is the first; nobody is their own."""
    by_outlet: dict[str, list[int]] = {}
    for member in members:
        by_outlet.setdefault(staff.members[member].outlet.org, []).append(member)
    rings = [ring for ring in by_outlet.values() if len(ring) > 1]
    return {ring[n]: ring[(n + 1) % len(ring)] for ring in rings for n in range(len(ring))}


def _table(
    staff: Staff, member: np.ndarray, place: np.ndarray, segment: pa.Array, assets: np.ndarray, backup: np.ndarray
) -> pa.Table:
    rms = pa.array([each.rm for each in staff.members])
    code = pc.utf8_lpad(pc.cast(pa.array(member * CUSTOMERS + place), pa.string()), 10, "0")
    return pa.table(
        {
            "customer": pc.binary_join_element_wise("C", code, ""),
            "segment": segment,
            "assets": pc.cast(pa.array(assets), pa.string()),
            "a_rm": rms.take(pa.array(member)),
            "b_rm": pc.fill_null(rms.take(pa.array(backup, mask=backup < 0)), ""),
        }
    )
