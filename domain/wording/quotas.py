"""How a quota moved a tier down, or leaves no way up, in words."""

from domain.money import plain
from domain.scheme import Scheme
from domain.shapes.words import Told


def quota_words(scheme: Scheme, quota: str, place: int, peers: int, wanted: int, already: int) -> Told:
    """Which quota it was, by which numbers, and what it leaves."""
    one = next(each for each in scheme.quotas if each.id == quota)
    tier = scheme.tiers[place]
    limits = "" if scheme.coefficient else f", coefficient {plain(tier.coefficient)} at most"
    limits_zh = "" if scheme.coefficient else f"，绩效系数最高 {plain(tier.coefficient)}"
    return (
        f"{one.en}: of {peers} graded people {wanted} have to be {tier.en} or lower, {already} were; the lowest scores "
        f"follow: {tier.en}{limits}.",
        f"{one.zh}：参评 {peers} 人中须有 {wanted} 人为{tier.zh}及以下，原有 {already} 人，按得分由低到高下调："
        f"{tier.zh}{limits_zh}。",
    )


def room_words(scheme: Scheme, quota: str, place: int, peers: int, room: int) -> Told:
    """How many of a group a quota leaves in the tiers better than the one at a place, and that these are taken."""
    one = next(each for each in scheme.quotas if each.id == quota)
    tier = scheme.tiers[place - 1]
    better, better_zh = (tier.en, tier.zh) if place == 1 else (f"{tier.en} or better", f"{tier.zh}及以上")
    taken = ", and as many better scores stand before" if room else ""
    taken_zh = "，且已有同样多的人得分更高" if room else ""
    return (
        f"{one.en}: in a group of {peers} at most {room} can be {better}{taken}.",
        f"{one.zh}：参评 {peers} 人中最多 {room} 人可评为{better_zh}{taken_zh}。",
    )
