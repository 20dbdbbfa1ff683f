"""The demo bank's organisation tree: head office, branches, sub-branches, outlets."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.demo.habits import Names, Tree


@dataclass(frozen=True, slots=True)
class Node:
    """A unit of the demo bank; `org` tells its place (`O0203` is the third outlet of the second sub-branch)."""

    org: str
    parent: str
    level: str
    name: str

    @property
    def supervisor(self) -> str:
        """The person id of the unit's head."""
        return f"head-{self.org}"

    @property
    def is_outlet(self) -> bool:
        """Whether RMs serve here."""
        return self.level == "outlet"

    def line(self) -> dict[str, str]:
        """The unit as a line of an orgs file."""
        return {"org": self.org, "parent": self.parent, "level": self.level, "name": self.name}


def grow(tree: Tree, names: Names) -> list[Node]:
    """Every unit, parents first."""
    root = Node("HO", "", "head office", names.bank)
    branches = [
        Node(f"B{n:02}", root.org, "branch", names.branch.format(place=place))
        for n, place in enumerate(names.branches[: tree.branches], 1)
    ]
    sub_branches = list(_sub_branches(tree, names, branches))
    return [root, *branches, *sub_branches, *_outlets(tree, names, sub_branches)]


def branch_of(outlet: Node, tree: list[Node]) -> Node:
    """The branch that an outlet belongs to."""
    units = {each.org: each for each in tree}
    return units[units[outlet.parent].parent]


def _sub_branches(tree: Tree, names: Names, branches: list[Node]) -> Iterator[Node]:
    for n, place in enumerate(names.sub_branches[: tree.sub_branches]):
        above = branches[n * len(branches) // tree.sub_branches]
        yield Node(f"S{n + 1:02}", above.org, "sub-branch", names.sub_branch.format(place=place))


def _outlets(tree: Tree, names: Names, sub_branches: list[Node]) -> Iterator[Node]:
    for n, (place, number) in enumerate(_places(tree.outlets, len(sub_branches))):
        street = names.streets[n % len(names.streets)]
        name = names.outlet.format(place=names.sub_branches[place], street=street)
        yield Node(f"O{place + 1:02}{number:02}", sub_branches[place].org, "outlet", name)


def _places(outlets: int, sub_branches: int) -> Iterator[tuple[int, int]]:
    """Which sub-branch each outlet lies in, and its number there; the first ones have one more."""
    for place in range(sub_branches):
        yield from ((place, number) for number in range(1, len(range(place, outlets, sub_branches)) + 1))
