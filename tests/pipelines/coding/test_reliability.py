"""A round of coding is measured code by code, on what two or more coders voted on."""

from __future__ import annotations

from pipelines.coding.reliability import CodedUnit, Vote, disagreements, measure, round_rows


def votes(code, *pairs, first="ann", second="bo"):
    """Make the votes of two coders, one pair of values a unit; None is no vote."""
    return [
        Vote(code, CodedUnit("text", f"t{number}"), coder, value)
        for number, pair in enumerate(pairs)
        for coder, value in zip((first, second), pair, strict=True)
        if value is not None
    ]


def test_each_code_is_measured_by_itself():
    """The figures of one code say nothing of another."""
    price, risk = measure(
        votes("risk", ("yes", "no"), ("no", "yes")) + votes("price", ("yes", "yes"), ("no", "no")),
        {"price": "boolean", "risk": "boolean"},
    )
    assert (price.code, price.figures.kappa, risk.figures.kappa) == ("price", 1.0, -1.0)


def test_what_one_coder_voted_alone_is_not_shown():
    """A matrix must not tell the vote of the first coder to the second."""
    (told,) = measure(votes("price", ("yes", "yes"), ("no", None)), {"price": "boolean"})
    assert [unit.key for unit in told.units] == ["t0"]
    assert told.confusion == {("yes", "yes"): 1}


def test_sets_are_compared_as_sets():
    """Naming one route of two is nearer than naming another."""
    near = votes("route", ("im|iv", "iv"), ("nasal", "nasal"), ("sc", "sc"))
    far = votes("route", ("im|iv", "oral"), ("nasal", "nasal"), ("sc", "sc"))
    told = [measure(given, {"route": "set"})[0].figures.alpha for given in (near, far)]
    assert told[0] > told[1]


def test_disagreements_lead_to_their_units():
    """The cell of a matrix names the texts that lie in it."""
    (told,) = measure(votes("price", ("yes", "no"), ("no", "yes"), ("no", "no")), {"price": "boolean"})
    assert [unit.key for unit in disagreements(told)] == ["t0", "t1"]
    assert [unit.key for unit in disagreements(told, ("no", "yes"))] == ["t1"]


def test_three_coders_have_no_kappa_and_no_matrix():
    """Cohen's kappa is of two; alpha and AC1 take any number."""
    three = votes("price", ("yes", "yes"), ("no", "no")) + votes("price", ("yes", None), ("no", None), first="cy")
    (told,) = measure(three, {"price": "boolean"})
    assert (told.figures.kappa, told.confusion, told.figures.alpha) == (None, {}, 1.0)


def test_rows_name_no_coder():
    """What is exported tells coders by their place."""
    (row,) = round_rows(measure(votes("price", ("yes", "no"), ("no", "no")), {"price": "boolean"}), "1")
    assert "ann" not in str(row)
    assert row["prevalence"] == [{"no": 0.5, "yes": 0.5}, {"no": 1.0}]


def test_a_round_without_votes_has_no_rows():
    """Nothing is measured where nobody voted."""
    assert measure([], {"price": "boolean"}) == []
