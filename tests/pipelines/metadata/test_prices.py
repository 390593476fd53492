"""A sum keeps what it is for, what it buys once, and what is not in it."""

from __future__ import annotations

import pytest

from pipelines.metadata.prices import PriceLine, find_prices


def prices_of(*texts, struck=()):
    """Find the sums in these lines; one that begins with # is a heading."""
    lines, start = [], 0
    for text in texts:
        words = text.removeprefix("#").strip()
        lines.append(PriceLine(words, "heading" if text.startswith("#") else "paragraph", "text", start))
        start += len(words) + 1
    return find_prices(lines, struck)


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["Single infusion | $425 | 40 minutes"], ("$425", 425, 425, "USD", "", "Single infusion")),
        (["# Starter", "$1,299.50", "per month"], ("$1,299.50", 1299.5, 1299.5, "USD", "per month", "Starter")),
        (["Each infusion is $650."], ("$650", 650, 650, "USD", "infusion", "Each infusion is $650.")),
        (["# Six infusions", "$2,400 – $2,700"], ("$2,400 – $2,700", 2400, 2700, "USD", "", "Six infusions")),
        (["Cita inicial: COP 200,000"], ("COP 200,000", 200000, 200000, "COP", "", "Cita inicial: COP 200,000")),
        (["# Sitzung", "350,00 €"], ("350,00 €", 350, 350, "EUR", "", "Sitzung")),
        (["# Membership", "$99/month"], ("$99", 99, 99, "USD", "month", "Membership")),
        (["It costs around $5k in all."], ("$5k", 5000, 5000, "USD", "", "It costs around $5k in all.")),
    ],
)  # fmt: skip
def test_a_sum_is_read_with_its_unit_and_its_label(texts, found):
    """In rows, cards, sentences, ranges, other currencies and languages."""
    price = prices_of(*texts)[0]
    assert (price.amount, price.low, price.high, price.currency, price.unit, price.label) == found
    whole = "\n".join(text.removeprefix("#").strip() for text in texts)
    assert whole[price.start : price.end].strip() == price.amount


def test_what_is_not_included_stands_beside_the_sum():
    """In the same card, and not in that of the next sum."""
    first, second = prices_of(
        "# One infusion",
        "$425",
        "The doctor's visit is not included.",
        "# Six infusions",
        "$2,400",
        "All visits included.",
    )
    assert (first.excludes, second.excludes) == ("The doctor's visit is not included.", "")


def test_a_former_price_is_told_as_one():
    """Struck through, or in words."""
    former, now = prices_of("# One infusion", "$500", "$425", struck=["$500"])
    assert (former.is_former, now.is_former) == (True, False)
    assert [price.is_former for price in prices_of("First visit $99, regularly $250")] == [False, True]


@pytest.mark.parametrize("text", ["Call 512 555 0100", "80% of people", "In 2024", "Room 12", "$", "a$b"])
def test_other_numbers_are_no_sums(text):
    """Telephone numbers, shares, years."""
    assert prices_of(text) == ()


def test_a_line_of_megabytes_is_read_up_to_its_limit():
    """Sums are looked for at its start, and their labels as well: what stands behind costs nothing."""
    line = "First visit $150 " + "word " * 400_000
    (price,) = prices_of(line + "$300")
    assert (price.low, len(price.label) <= 160) == (150.0, True)
