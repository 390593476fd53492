"""The schedule over sixty simulated days: fewer requests than a crawl every week, and news earlier."""

from __future__ import annotations

from statistics import mean

import pytest

from tests.bench.simulate import PRINTED, compare


@pytest.mark.parametrize("mix", ["busy", "calm"])
def test_ours_dominates_a_weekly_crawl(mix):
    """On a web that the rule was not tuned on: fewer requests, and a change is found sooner on average."""
    told = compare(PRINTED[0], mix)
    ours, weekly = told["ours"], told["weekly, everything"]
    assert ours.requests < weekly.requests
    assert mean(ours.delays) < mean(weekly.delays)
