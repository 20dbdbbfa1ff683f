"""How a quota moved a tier down, in words."""

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
