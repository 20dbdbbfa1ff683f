"""Who holds the A and the B post of the premium customers, as tables of a customers file."""

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from api.demo.desk import CUSTOMERS
from api.demo.habits import Habits
from api.demo.staff import Staff
from api.demo.work import Whole

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


def handed_over(posts: pa.Table, staff: Staff) -> Iterator[tuple[date, list[dict[str, str]]]]:
    """For each member who leaves, the last day and lines that leave them no post: who held a B post gets the A post."""
    leaving = {each.rm: each.left_on for each in staff.members if each.left_on is not None}
    named = pa.array(list(leaving), pa.string())
    concerned = posts.filter(pc.or_(pc.is_in(posts["a_rm"], named), pc.is_in(posts["b_rm"], named))).to_pylist()
    for rm, left_on in leaving.items():
        own = [line | {"a_rm": line["b_rm"], "b_rm": ""} for line in concerned if line["a_rm"] == rm and line["b_rm"]]
        yield left_on, own + [line | {"b_rm": ""} for line in concerned if line["b_rm"] == rm]


def _table(staff: Staff, member: Whole, place: Whole, segment: pa.Array, assets: Whole, backup: Whole) -> pa.Table:
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
