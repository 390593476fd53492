"""Topic: what belongs to the corpus."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.classify.topic import TopicModel, dump_topic, load_topic, score
from pipelines.classify.topic_learn import learn, learn_topic
from pipelines.model.errors import UsageError
from pipelines.model.records import Verdict
from tests.bench.labels import load_model, load_pages, topic_pairs, topic_rates

ROOT = Path(__file__).resolve().parents[3]
SEEDS = sorted((ROOT / ".." / "shared" / "seed-documents").glob("*.txt"))
EXAMPLES = ROOT / "seeds" / "topic"
MODEL = load_model()

PARKING = """Parking at Cedar Ketamine Clinic. Our clinic shares a garage with the bank next door. Take a ticket at the
gate and bring it with you; the front desk will stamp it for two hours. Patients with limited mobility may
stop at the side entrance. On street market days the lot behind the building closes at noon, so please allow
ten extra minutes before your appointment. The bus stops at the corner, and bicycles can be locked in the
yard."""


def texts(folder: str) -> list[str]:
    """Read the documents of one folder of seeds/topic."""
    return [path.read_text(encoding="utf-8") for path in sorted((EXAMPLES / folder).glob("*.txt"))]


@pytest.mark.parametrize(
    "path", SEEDS or [pytest.param(None, marks=pytest.mark.skip(reason="../shared is absent"))], ids=str
)
def test_seed_documents_are_on_topic(path):
    """The documents that a user hands over as the kind to collect belong to the corpus, by their text alone."""
    assert score(MODEL, "", path.read_text(encoding="utf-8")).verdict == Verdict.ON_TOPIC


@pytest.mark.parametrize(
    "path", SEEDS or [pytest.param(None, marks=pytest.mark.skip(reason="../shared is absent"))], ids=str
)
def test_city_names_make_no_difference(path):
    """A doorway for another city is as much on topic."""
    text = path.read_text(encoding="utf-8")
    moved = re.sub(r"\b(?:Dayton|Laguna Beach|Baltimore|Maryland|Ohio|California)\b", "Springfield", text)
    assert score(MODEL, "", moved).score == pytest.approx(score(MODEL, "", text).score, abs=0.02)


def test_parking_page_is_off_topic():
    """A clinic's name does not make its parking page a page about treatment."""
    assert (
        score(MODEL, "Parking at Cedar Ketamine Clinic", PARKING, (), "https://cedarketamine.example/parking").verdict
        == Verdict.OFF_TOPIC
    )


def test_few_words_are_at_most_doubtful():
    """Under fifty words nobody can tell; a person decides."""
    found = score(
        MODEL, "Ketamine infusions", "Ketamine infusion therapy for depression, anxiety and PTSD. Relief within hours."
    )
    assert (found.verdict, found.reasons[0]) == (Verdict.DOUBTFUL, "only 11 words")


def test_spravato_is_near():
    """A page on esketamine as treatment is found."""
    text = texts("ketamine")[0].replace("Ketamine", "Spravato").replace("ketamine", "esketamine")
    assert score(MODEL, "Spravato", text).verdict != Verdict.OFF_TOPIC


@pytest.mark.parametrize("folder", ["background", "laser-eye"])
def test_other_subjects_are_off_topic(folder):
    """What does not speak of the subject does not belong."""
    assert {score(MODEL, "", text).verdict for text in texts(folder)} == {Verdict.OFF_TOPIC}


def test_reasons_name_what_speaks_against():
    """A court report is told by its words, and they are the first reason."""
    text = "Police said on Monday that a doctor was charged. Prosecutors told the court of ketamine. " * 6
    found = score(MODEL, "Doctor charged over ketamine", text)
    assert found.verdict != Verdict.ON_TOPIC
    assert found.reasons[0].startswith("against, news: ")


RISKS = """Isn't ketamine a party drug? It has been abused as a club drug known as Special K, and recreational users
snort the powder at raves. What we do in our clinic is different: a low dose of ketamine through an IV, with
a nurse beside you. Will a drug test show it? Standard drug tests do not look for ketamine. Can I become
addicted? Ketamine can be misused, and daily illicit use leads to tolerance. With six infusions for
depression the risk of dependence is low. Avoid alcohol before treatment."""


def test_a_clinic_s_words_on_risks_are_not_held_against_it():
    """A clinic that answers questions on abuse uses a drug leaflet's words, and is found all the same."""
    assert score(MODEL, "Is it safe?", RISKS).verdict != Verdict.OFF_TOPIC


@pytest.mark.parametrize("half", ["dev", "heldout"])
def test_labelled_pages(half):
    """With doubtful counted as found 98 in 100 are found, and 95 in 100 that are called on topic are."""
    found = topic_rates(topic_pairs(load_pages(half), MODEL))
    assert found["recall, doubtful found"] >= 0.98
    assert found["precision, on topic"] >= 0.95


def test_a_topic_file_survives_reading_and_printing():
    """What is printed is read again as the same topic."""
    assert load_topic(dump_topic(MODEL)) == MODEL


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name = ", "1: this is not TOML"),
        ("[subject]\nketamine = 1", "1: has no name; add a line name = ..."),
        ('name = "  "\n[subject]\nketamine = 1', "1: name must not be empty"),
        ('name = "x"', "1: has no subject; add a table [subject]"),
        ('name = "x"\n[subject]', "2: subject must not be empty"),
        ('name = "x"\n[subject]\nketamine = "much"', "3: subject: ketamine must be a number, not 'much'"),
        ('name = "x"\n[subject]\nketamine = true', "3: subject: ketamine must be a number, not True"),
        ('name = "x"\n[subject]\nketamine = 0', "3: subject: ketamine must be above 0, not 0"),
        ('name = "x"\n[subject]\nketamine = 11', "3: subject: ketamine must be at most 10, not 11"),
        ('name = "x"\n[subject]\n"!!" = 1', "3: subject: term '!!' has no word"),
        (
            'name = "x"\nsubjects = 1\n[subject]\na1 = 1',
            "2: unknown field 'subjects'; known are name, thresholds, subject",
        ),
        ('name = "x"\n[subject]\nketamine = 1\n[thresholds]\ndoubtful = 0.9', "4: thresholds: doubtful < on_topic"),
        (
            'name = "x"\n[subject]\nketamine = 1\n[thresholds]\non = 1',
            "5: thresholds: unknown field 'on'; known are on_t",
        ),
        ('name = "x"\n[subject]\nketamine = 1\n[thresholds]\ncontext = 0', "5: thresholds: context must be above 0"),
        ('name = "x"\nagainst = 1\n[subject]\nketamine = 1', "2: against must be a table, not 1"),
        ('name = "x"\n[subject]\nketamine = 1\n[against]\nnews = 1', "5: against: news must be a table, not 1"),
    ],
)
def test_a_bad_topic_file_says_what_is_wrong_and_where(text, problem):
    """One clear line names file, line and problem."""
    with pytest.raises(UsageError, match=re.escape(f"topic.toml:{problem}")):
        load_topic(text)


def test_weights_are_learnt_from_examples():
    """Learning finds the subject and its company, and leaves out words that any page has."""
    learnt = learn(texts("ketamine"), texts("background"))
    assert list(learnt.subject) == ["ketamine"]
    assert {"infusion", "depression", "relief", "dissociation"} <= set(learnt.context)
    assert not {"parking", "the", "dallas"} & set(learnt.context)


def laser_topic(examples: list[str]) -> TopicModel:
    """Learn the other topic."""
    return learn_topic("laser eye surgery", examples, texts("background"), MODEL)


def test_another_topic_is_five_examples():
    """Five pages on laser eye surgery make a topic: each left out in turn is found, other subjects are not."""
    examples = texts("laser-eye")
    for at, left_out in enumerate(examples):
        model = laser_topic(examples[:at] + examples[at + 1 :])
        assert score(model, "", left_out).verdict != Verdict.OFF_TOPIC
    strangers = texts("background") + texts("ketamine")
    assert [score(laser_topic(examples), "", text).verdict for text in strangers] == [Verdict.OFF_TOPIC] * len(
        strangers
    )


def test_learning_needs_examples():
    """One example is no kind."""
    with pytest.raises(ValueError, match="at least 3 examples"):
        learn(["a text"], ["another"])


@pytest.mark.parametrize("text", ["", "\x00", "ketamine " * 50_000, "¿?" * 1_000, "a" * 100_000])
def test_odd_texts_get_a_verdict(text):
    """Any text gets a score between 0 and 1."""
    assert 0 <= score(MODEL, "", text).score <= 1
