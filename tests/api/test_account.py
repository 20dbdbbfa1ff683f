"""A scorecard told in the terminal."""

from decimal import Decimal

from api.terminal.account import account
from api.terminal.language import Language
from projections.answers import OutOfReach, Pace, Words
from tests.dashboard.small_bank import NEXT, card

GATE = Words(en="Two breaches", zh="两次违规")
NEVER = Pace(days=None, left=9, longest=260, raised=[], sentence=Words(en="Not even 260 days.", zh="260 天也不够。"))
BARRED = [
    OutOfReach(indicator="visits", reason="barred", gain=Decimal(0), sentence=Words(en="Nothing lifts.", zh="无。"))
]


def test_nothing_follows_what_leaves_no_way() -> None:
    barred = NEXT.model_copy(update={"barred_by": [GATE], "ways": [], "pace": NEVER, "out_of_reach": BARRED})
    assert list(account(card(next_tier=barred), Language.EN))[-1] == "  Nothing does while this holds: Two breaches"
