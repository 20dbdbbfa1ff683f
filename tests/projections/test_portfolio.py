"""The portfolio: the customers of an RM by the newest assignment, now and as of a position, page by page."""

from decimal import Decimal

from projections.read_model import ReadModel
from tests.bank import TestBank, done


def posts(model: ReadModel, rm: str, as_of: int | None = None) -> list[tuple[str, str]]:
    return [(each.customer, each.post) for each in model.portfolio(rm, as_of=as_of).customers]


def test_an_rm_looks_after_the_customers_whose_a_or_b_post_they_hold(story: TestBank) -> None:
    done(story.assign("C2", a_rm="r2", b_rm="r1"))
    position = done(story.assign("C1", segment="private", assets="1200000.05", b_rm="")).position
    with story.following() as model:
        assert posts(model, "r1") == [("C1", "A"), ("C2", "B")]
        assert posts(model, "r2") == [("C2", "A")]
        assert posts(model, "r3") == []
        first = model.portfolio("r1").customers[0]
        assert (first.segment, first.assets, first.position) == ("private", Decimal("1200000.05"), position)


def test_only_the_newest_assignment_of_a_customer_stands(story: TestBank) -> None:
    then = done(story.assign("C1", a_rm="r1", b_rm="r2")).position
    done(story.assign("C1", a_rm="r3", b_rm="r1"))
    done(story.assign("C1", a_rm="r3", b_rm="", assets="7"))
    with story.following() as model:
        assert [posts(model, rm) for rm in ("r1", "r2", "r3")] == [[], [], [("C1", "A")]]
        assert [posts(model, rm, then) for rm in ("r1", "r2", "r3")] == [[("C1", "A")], [("C1", "B")], []]
        assert posts(model, "r1", then - 1) == []
        assert model.portfolio("r3").customers[0].assets == Decimal(7)


def test_a_customer_given_away_and_taken_back_is_held_again(story: TestBank) -> None:
    for a_rm, b_rm in (("r1", "r2"), ("r3", ""), ("r3", "r2"), ("r2", "r1")):
        done(story.assign("C1", a_rm=a_rm, b_rm=b_rm))
    with story.following() as model:
        assert [posts(model, rm) for rm in ("r1", "r2", "r3")] == [[("C1", "B")], [("C1", "A")], []]


def test_a_portfolio_comes_page_by_page_in_the_order_of_codes(story: TestBank) -> None:
    for customer in ("C3", "客户", "C1", "a", "C2"):
        done(story.assign(customer))
    done(story.assign("C9", a_rm="r2", b_rm="r3"))
    with story.following() as model:
        pages, after = [], None
        while True:
            page = model.portfolio("r1", after=after, limit=2)
            pages.append([each.customer for each in page.customers])
            after = page.after
            if after is None:
                break
        assert pages == [["C1", "C2"], ["C3", "a"], ["客户"]]
        assert page.total == 5  # of the last page, too
