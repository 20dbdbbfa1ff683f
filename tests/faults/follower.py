"""A process that follows a bank: it says `ready`, follows all that a line on its input asks for, and never tidies up.

It steps in batches of a few rows, so that there are many moments between two of them, and says after each where it is.
"""

import sys
from functools import partial
from pathlib import Path

from domain.bank import open_bank
from projections import follower, log_batches

log_batches.BATCH = 25
follower.RUN = 25
say = partial(print, flush=True)
following = follower.Follower(open_bank(Path(sys.argv[1])), Path(sys.argv[2]))
say("ready", following.told)
while following.step():
    say(following.position)
say("done")
sys.stdin.read()
