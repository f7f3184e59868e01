"""Packing items into messages: nothing lost, nothing over the limit, no quotation cut that fits."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render.markup import Block, BlockKind, Item, Run
from bot.render.split import GOES_ON, WENT_ON, cut, pack, units

LIMIT = (200, 10)


def block(text: str, kind: BlockKind = "text") -> Block:
    return Block(kind=kind, runs=(Run(text=text),))


def cost(each: Block) -> tuple[int, int]:
    return units(each.text) + 2, 1


def costs(message: list[Item]) -> tuple[int, int]:
    blocks = [each for item in message for each in item]
    return sum(cost(each)[0] for each in blocks), len(blocks)


def words_of(messages: list[list[Item]]) -> str:
    blocks = [each for message in messages for item in message for each in item]
    return "".join(each.text for each in blocks if each not in (GOES_ON, WENT_ON))


ITEMS = st.lists(
    st.lists(
        st.builds(
            block, st.text(st.sampled_from("ab \n😀é"), min_size=1, max_size=700), st.sampled_from(["text", "quote"])
        ),
        min_size=1,
        max_size=4,
    ).map(tuple),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(ITEMS)
def test_nothing_is_lost_and_every_message_fits(items: list[Item]) -> None:
    messages = pack(items, cost=cost, limit=LIMIT)
    assert words_of(messages) == "".join(each.text for item in items for each in item)
    for message in messages:
        assert message
        assert costs(message)[0] <= LIMIT[0]
        assert costs(message)[1] <= LIMIT[1]


def test_items_go_whole_into_the_next_message() -> None:
    items = [(block("a" * 90),), (block("b" * 90), block("c" * 50, "quote"))]
    messages = pack(items, cost=cost, limit=LIMIT)
    assert messages == [[items[0]], [items[1]]]


def test_a_quotation_that_fits_a_message_is_not_cut() -> None:
    item = (block("x" * 150), block("q " * 90, "quote"), block("y" * 150))
    messages = pack([item], cost=cost, limit=LIMIT)
    assert [each.text for message in messages for part in message for each in part] == [each.text for each in item]


def test_an_oversized_quotation_goes_on_with_marks_at_blanks() -> None:
    quote = "word " * 100
    messages = pack([(block(quote, "quote"),)], cost=cost, limit=LIMIT)
    blocks = [[each for item in message for each in item] for message in messages]
    assert len(messages) > 2
    assert blocks[0][-1] == GOES_ON
    assert blocks[1][0] == WENT_ON
    assert blocks[-1][0] == WENT_ON
    assert all(each.text.endswith("word ") for some in blocks for each in some if each.kind == "quote")


def test_blocks_are_counted_as_well() -> None:
    items = [(block("a"),) for _ in range(25)]
    assert [len(message) for message in pack(items, cost=cost, limit=LIMIT)] == [10, 10, 5]


def test_many_runs_in_one_block_are_cut_until_each_piece_fits() -> None:
    runs = tuple(Run(text=f"{n} ", style="bold" if n % 2 else "") for n in range(60))
    one = Block(kind="text", runs=runs)
    messages = pack([(one,)], cost=lambda each: (units(each.text), len(each.runs)), limit=(1000, 10))
    assert words_of(messages) == one.text
    assert all(len(each.runs) <= 10 for message in messages for item in message for each in item)


def test_a_block_is_cut_where_a_line_ends() -> None:
    pieces = cut(block("first line\nsecond line\nthird"), size=24)
    assert [piece.text for piece in pieces] == ["first line\nsecond line\n", "third"]


def test_units_count_as_utf_16() -> None:
    assert [units(text) for text in ("abc", "é", "😀", "\ud800")] == [3, 1, 2, 1]
