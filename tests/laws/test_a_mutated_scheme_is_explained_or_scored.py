"""Law: a scheme file with a mutation is explained by line and key, or is sound and scores as the reference does."""

import random
import re
from decimal import Decimal
from pathlib import Path

import pytest

from domain.scheme import Scheme, read_scheme
from projections.trial import score
from projections.tried import Figure, Tried
from tests.reference import as_fractions
from tests.reference_of_peers import grades
from tests.schemes.cases import SCHEMES, SHIPPED

EXAMPLES = [file for file in sorted(SCHEMES.glob("examples/*.toml")) if file.stem != "cases"]
FILES = [*EXAMPLES, *{file.parent: file for file in SHIPPED}.values()]
"""The examples of the language, and the newest version of each shipped scheme."""
MUTANTS = 200
"""Of all files together."""
NUMBER = re.compile(r'"-?[0-9]+(?:[.][0-9]+)?"')


def mutated(text: str, chance: random.Random) -> str:
    """A key dropped, a number negated or of another type, two numbers of a line swapped, a word taken out of it, or the
    values of one key exchanged between two entries."""
    lines = text.split("\n")
    places = [n for n, line in enumerate(lines) if " = " in line and not line.startswith("#")]
    while True:
        n = chance.choice(places)
        line, numbers = lines[n], list(NUMBER.finditer(lines[n]))
        match chance.choice(["drop", "negate", "type", "swap", "word", "exchange", "exchange"]):
            case "drop":
                changed = None
            case "negate" if numbers:
                one = chance.choice(numbers)
                changed = f'{line[: one.start()]}"-{one[0][1:]}{line[one.end() :]}'
            case "type" if numbers:
                one = chance.choice(numbers)
                changed = line[: one.start()] + one[0].strip('"') + line[one.end() :]
            case "swap" if len(numbers) > 1:
                a, b = sorted(chance.sample(numbers, 2), key=lambda each: each.start())
                changed = line[: a.start()] + b[0] + line[a.end() : b.start()] + a[0] + line[b.end() :]
            case "word":
                changed = line.replace(chance.choice(re.findall(r"[a-z_]{3,}", line) or ["="]), "", 1)
            case "exchange":
                key = line.split(" = ")[0]
                other = chance.choice([m for m in places if lines[m].split(" = ")[0] == key])
                lines[other], changed = line, lines[other]
            case _:
                continue
        if changed != line:
            return "\n".join([*lines[:n], *([] if changed is None else [changed]), *lines[n + 1 :]])


def people(scheme: Scheme, chance: random.Random) -> dict[str, Tried]:
    """Some who reached more and less, on edges and beside them; where people are compared, enough for that."""
    names = [*(name for name, _ in scheme.measured()), *scheme.kinds]
    carried = {one.id for one in scheme.indicators if one.carried}
    return {
        f"rm{n}": Tried(
            certified=chance.random() < 0.8,
            figures={
                name: Figure(
                    Decimal(chance.randrange(-200, 4000)) / 20, chance.choice([None, Decimal(50), Decimal(100)]),
                    carried=Decimal(20) if name in carried and chance.random() < 0.5 else None,
                )
                for name in names
                if chance.random() < 0.9
            },
        )
        for n in range(12 if scheme.peer_levels() else 4)
    }  # fmt: skip


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_mutant_is_refused_with_lines_or_scores_as_the_reference_does(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    chance = random.Random(f"{file.parent.name}/{file.stem}")
    mutants = -(-MUTANTS // len(FILES))
    refused = 0
    for _ in range(mutants):
        mutant = mutated(text, chance)
        read = read_scheme(mutant, "mutant.toml")
        if isinstance(read, Scheme):
            tried = people(read, chance)
            assert {trial.rm: as_fractions(trial) for trial in score(read, tried)} == grades(read, tried), mutant
        else:
            refused += 1
            assert read
            assert all(1 <= fault.line <= mutant.count("\n") + 1 and fault.message for fault in read)
    assert mutants // 4 < refused < mutants
