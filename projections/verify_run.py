"""Verification of a payroll run beside its manifest: its grades in the log, and what the facts come to now."""

from collections import defaultdict
from collections.abc import Sequence

from domain.bank import Bank
from domain.payroll import Content
from domain.payroll_files import PaidGrade
from domain.payroll_proof import GRADED, Final, KeptRun, differing_run, finals_of, rewritten_between
from domain.proof import Difference
from projections import answers
from projections.read_model import ReadModel


def nearer(bank: Bank, kept: KeptRun, found: Difference) -> Difference:
    """What is to be said of a log that is not the one of a manifest: which grade differs, where one does, and between
    which positions the log does."""
    different = differing_run(bank, kept)
    says = [different.says] if different else []
    if between := rewritten_between(bank.log, kept):
        first, last = between
        says.append(f"The first event that is not the one of the manifest stands between positions {first} and {last}")
    says.append(found.says)
    if different is None:
        return Difference(". ".join(says), between[0] if between else None)
    return Difference(". ".join(says), different.position, different.stream, different.topic)


def check_run(bank: Bank, kept: KeptRun, read_model: ReadModel) -> answers.VerifiedRun | Difference:
    """Whether a run is the one of a manifest, and its grades still follow from their facts."""
    if different := differing_run(bank, kept):
        return different
    if between := rewritten_between(bank.log, kept):
        return Difference(f"The log has no such seal as the manifest names up to position {between[1]}")
    run = read_model.run(kept.quarter, kept.run)
    assert run is not None
    content = read_model.run_content(run)
    if content.digest != kept.json_digest:
        return Difference(f"The read model does not hold the run {kept.run} of {kept.quarter} as the log does")
    finals = {final.position: final for final in finals_of(bank.log, kept.quarter, kept.at).graded}
    if other := _not_recomputed(content, read_model):
        final = finals[other[0].log_position]
        return _moved(final, len(other))
    return answers.VerifiedRun(quarter=str(kept.quarter), run=kept.run, employees=len(content.grades))


def _moved(final: Final, number: int) -> Difference:
    more = f" (and {number - 1} more)" if number > 1 else ""
    return Difference(
        f"The grade at position {final.position} of {final.stream}{more} is not what its facts and ratings come to: it "
        "became final otherwise, or is reckoned by other rules now",
        final.position, final.stream, "GradeFinalised",
    )  # fmt: skip


def _not_recomputed(content: Content, read_model: ReadModel) -> list[PaidGrade]:
    """The grades that the facts and ratings of their positions don't come to. All are reckoned on the ratings of one
    position first: where that gives the same result, it is proven; the others each by the position of its own."""
    newest = max(grade.rated_at for grade in content.grades)
    left = _others(content.grades, newest, content, read_model)
    by_position: dict[int, list[PaidGrade]] = defaultdict(list)
    for grade in left:
        by_position[grade.rated_at].append(grade)
    found = [other for at, grades in by_position.items() for other in _others(grades, at, content, read_model)]
    return sorted(found, key=lambda grade: grade.log_position)


def _others(grades: Sequence[PaidGrade], rated_at: int, content: Content, read_model: ReadModel) -> list[PaidGrade]:
    facts_at = {grade.employee: grade.facts_at for grade in grades}
    results = read_model.review_results(content.quarter, list(facts_at), facts_at, rated_at, afresh=True)
    digests = {result.rm: result.digest for result in results if result.status == GRADED}
    return [grade for grade in grades if digests.get(grade.employee) != grade.digest]
