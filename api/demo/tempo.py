"""On which days of a quarter how much is done, who has not written of late, and whose head is behind."""

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from api.demo.habits import Habits, Tempo
from api.demo.staff import Staff
from api.demo.stories import Story
from api.demo.work import Whole
from domain.calendar import Quarter

Weights = NDArray[np.float32]
LAST_DAYS = 5
"""Working days of a spurt: what happened within a week."""


def tempo_of(
    members: Whole, days: list[date], told: Mapping[int, Story], habits: Tempo, chance: np.random.Generator
) -> Weights:
    """Member by working day: how likely a line falls on it, as weights."""
    period = chance.uniform(*habits.wave_days, len(members)).astype(np.float32)
    phase = chance.uniform(0, 2 * np.pi, len(members)).astype(np.float32)
    before_end = np.arange(len(days), 0, -1, dtype=np.float32) - 1
    weights = 1 + habits.wave * np.sin(2 * np.pi * before_end / period[:, None] + phase[:, None], dtype=np.float32)
    for row in np.flatnonzero(np.isin(members, list(told))).tolist():
        story = told[int(members[row])]
        if story.swing:
            weights[row] = 1 + story.swing * habits.swing * np.cos(2 * np.pi * before_end / habits.swing_days)
        elif story.spurt != 1:
            weights[row] = np.where(before_end < LAST_DAYS, story.spurt, 1)
    paced: Weights = (weights * _of_days(days, habits, chance)).astype(np.float32)
    return paced


def _of_days(days: list[date], habits: Tempo, chance: np.random.Generator) -> NDArray[np.float64]:
    """What the days weigh for everybody; a Saturday that is worked for a holiday is as a Friday."""
    by_weekday = np.array([habits.weekdays[min(day.weekday(), 4)] for day in days])
    months = [(day.year, day.month) for day in days]
    ends = np.array([months[n + 1 : n + 1 + habits.month_end_days].count(month) for n, month in enumerate(months)])
    at_end = (ends < habits.month_end_days) & (np.arange(len(days)) < len(days) - habits.month_end_days)
    noise: NDArray[np.float64] = chance.lognormal(0, habits.noise, len(days))
    weights: NDArray[np.float64] = noise * by_weekday * np.where(at_end, habits.month_end, 1)
    return weights


def silent_days(members: Whole, told: Mapping[int, Story], habits: Habits, chance: np.random.Generator) -> Whole:
    """For how many working days up to the last each has not written a line."""
    least, most = habits.paperwork.silent_days
    silent = np.where(
        chance.random(len(members)) < habits.paperwork.silent, chance.integers(least, most + 1, len(members)), 0
    )
    for row in np.flatnonzero(np.isin(members, list(told))).tolist():
        silent[row] = told[int(members[row])].silent_days
    return silent


def waiting_days(members: Whole, staff: Staff, last: date, habits: Habits, seed: int) -> Whole:
    """How many working days of each RM nobody has verified yet; some outlets' heads are behind."""
    chance = np.random.default_rng([seed, 7])
    manned = sorted({each.outlet.org for each in staff.members} - staff.prompt)
    behind = chance.permutation(manned)[: max(1, round(habits.paperwork.behind * len(manned)))].tolist()
    least, most = habits.paperwork.behind_days
    waiting = dict(zip(behind, chance.integers(least, most + 1, len(behind)).tolist(), strict=True))
    by_place = np.array([waiting.get(outlet.org, habits.paperwork.backlog_days) for outlet in staff.outlets])
    found: Whole = by_place[staff.outlets_on(members, np.full(len(members), last.toordinal()))]
    return found


def shares_of(quarter: Quarter, is_running: bool, habits: Habits, seed: int) -> dict[str, float]:
    """The shares of the tiers in a quarter: no two are alike."""
    spread = habits.spread
    chance = np.random.default_rng([seed, 6, quarter.year, quarter.number])
    uneven = spread.uneven
    shares = spread.running if is_running else spread.tiers
    return {tier: share * float(chance.uniform(1 - uneven, 1 + uneven)) for tier, share in shares.items()}
