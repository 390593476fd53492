"""The verdict of a page beside its site: price pages, stubs, pages that cite studies, pages that make a claim."""

from pipelines.classify.site_topic import ScoredPage, is_relevant_site, judge_pages
from pipelines.classify.topic import load_topic, score
from tests.support.command import ROOT

MODEL = load_topic((ROOT / "seeds/topic.toml").read_text(encoding="utf-8"))
HOME = ScoredPage(0.9, 9, "on topic", (), "home", 400, True)
OTHER = ScoredPage(0.0, 0, "off topic", (), "service", 400, False)
# a clinic that says where its figures come from, in the words of those sources
CAREFUL = " ".join(
    f"Doctors at hospital {number} gave ketamine to adults with depression and a placebo to others, and a systematic"
    f" review of such trials [{number}] counts the participants whose MADRS at baseline fell by half, with its 95 CI."
    " We do not know yet for how long an infusion helps, and we say so before each treatment."
    for number in range(1, 19)
)


def one(page: ScoredPage, *others: ScoredPage) -> str:
    """Judge a page on a site with others."""
    return judge_pages([page, *others])[0].verdict


def test_a_site_is_relevant_by_its_home_page_or_by_a_quarter_of_its_pages():
    """One post on a site of other things makes no clinic of it."""
    post = HOME._replace(page_type="blog")
    assert is_relevant_site([HOME, OTHER, OTHER, OTHER, OTHER])
    assert is_relevant_site([post, post, OTHER, OTHER, OTHER])
    assert not is_relevant_site([post, OTHER])
    assert not is_relevant_site([post, post, *[OTHER] * 10])
    assert not is_relevant_site([HOME._replace(words=20), OTHER])


def test_a_price_page_and_a_stub_take_the_verdict_of_their_site():
    """Hardly a word of the subject stands on them; elsewhere they stay as they are."""
    prices = ScoredPage(0.0, 0, "off topic", (), "price", 60, False)
    stub = ScoredPage(0.3, 1, "doubtful", ("only 27 words",), "service", 27, False)
    for page in (prices, stub):
        assert one(page, HOME) == "on topic"
        assert one(page, OTHER) == page.verdict
    assert one(stub._replace(mentions=0), HOME) == "doubtful"
    assert one(stub._replace(page_type="other"), HOME) == "doubtful"
    assert one(stub._replace(page_type="archive"), HOME) == "doubtful"


def test_a_careful_page_that_cites_its_studies_is_relevant_on_a_clinics_site():
    """950 words of trials and reviews look like a journal by themselves; the site decides, and the reason says so."""
    assert 900 < len(CAREFUL.split()) < 1_000
    alone = score(MODEL, "How well does ketamine work?", CAREFUL, (), "https://cedar.example/evidence/")
    assert alone.verdict != "on topic"
    page = ScoredPage(alone.score, alone.mentions, str(alone.verdict), alone.reasons, "service", 957, True)
    judged = judge_pages([page, HOME])[0]
    assert judged.verdict == "on topic"
    assert judged.reasons[0] == "a page that cites studies, judged by its site, which is about the topic"
    assert one(page._replace(mentions=2), HOME) == "doubtful"
    assert one(page, OTHER) == "doubtful"  # it makes a claim, and nothing says that the site is about the topic


def test_a_page_with_a_claim_is_at_least_uncertain():
    """Where it or its site speaks of the subject; what a dentist promises of teeth is no claim about it."""
    claim = OTHER._replace(has_claim=True)
    assert one(claim, HOME) == "doubtful"
    assert one(claim._replace(mentions=0.5), OTHER) == "doubtful"
    assert one(claim, OTHER) == "off topic"
    assert one(OTHER, HOME) == "off topic"
