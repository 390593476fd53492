# ruff: noqa: E501  # markup stands as sites send it
"""What a reader notices of the main text: nothing of the frame, nothing lost, in the frames of fifteen platforms."""

from __future__ import annotations

import difflib
import json

import numpy as np
import pytest

from pipelines.reading import blocks, dom, gbdt, main_text
from pipelines.reading.read import read
from tests.support.chromes import PLATFORMS, Post, expected_text, read_seed, render, seed_files
from tests.support.more_chromes import MORE_PLATFORMS

URL = "https://maple-clinic.example/blog/what-to-know/"
SEEDS = seed_files()


def similarity(found: str, wanted: str) -> float:
    """Compare two texts word by word."""
    return difflib.SequenceMatcher(None, found.split(), wanted.split(), autojunk=False).ratio()


@pytest.mark.skipif(not SEEDS, reason="the shared example documents are not here")
@pytest.mark.parametrize("platform", [*PLATFORMS, *MORE_PLATFORMS])
@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_example_documents_come_back_from_any_frame(platform: str, path) -> None:
    """Each of the five documents is read whole, and nothing else, whatever stands around it."""
    title, paragraphs = read_seed(path)
    draw = {**PLATFORMS, **MORE_PLATFORMS}[platform]
    reading = read(draw(Post(title, paragraphs, URL, {})).encode(), URL)
    assert similarity(reading.text, expected_text(paragraphs)) >= 0.99


def landing_page(body: str) -> bytes:
    """Put a service page's sections between a menu and a footer."""
    menu = "".join(f'<li><a href="/{name}/">{name}</a></li>' for name in ("Home", "Services", "Team", "Contact"))
    return f"""<html lang="en"><head><title>Ketamine Therapy | Cedar Clinic</title></head><body><header><nav><ul>{menu}</ul></nav>
</header><main><section><h1>Ketamine Therapy</h1><p>Our clinic offers infusions for people whose depression did not yield to two medicines
and more, under the eyes of an anesthesiologist and a nurse.</p></section>{body}</main>
<footer><p>12 Linden Street</p><p>© 2024 Cedar Clinic</p></footer></body></html>""".encode()


ANSWERS = {
    "How long does a visit take?": "About two hours from door to door, of which forty minutes are the infusion itself.",
    "Does insurance pay for it?": "Most plans pay for the first talk, few pay for the infusions; we give you the bill that they ask for.",
    "May I drive home?": "No. Please bring someone who takes you home and stays with you for the evening, if that can be arranged.",
}


def accordion(question: str, answer: str) -> str:
    """Draw a pair of question and answer where ``question`` and ``answer`` hold ``{}``."""
    pairs = "".join(question.format(asked) + answer.format(said) for asked, said in ANSWERS.items())
    return f"<section><h2>Questions</h2><div>{pairs}</div></section>"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("<button aria-expanded='false' class='accordion-button'>{}</button>", "<div class='accordion-collapse collapse'><p>{}</p></div>"),
        ("<details><summary>{}</summary>", "<p>{}</p></details>"),
        ("<div class='elementor-tab-title' role='button'><a class='elementor-toggle-title'>{}</a></div>", "<div class='elementor-tab-content' hidden><p>{}</p></div>"),
        ("<h5 class='et_pb_toggle_title'>{}</h5>", "<div class='et_pb_toggle_content clearfix' style='display: none;'><p>{}</p></div>"),
        ("<label for='q'>{}</label><input type='checkbox' id='q'>", "<div class='panel' aria-hidden='true'>{}</div>"),
        ("<li class='accordion-item'><h4 class='accordion-item__title-wrapper'><button class='accordion-item__click-target'><span>{}</span></button></h4>", "<div class='accordion-item__dropdown'><div><p>{}</p></div></div></li>"),
        ("<dt>{}</dt>", "<dd>{}</dd>"),
    ],
    ids=["bootstrap", "details", "elementor", "divi", "checkbox", "squarespace", "definition list"],
)  # fmt: skip
def test_questions_of_an_accordion_stay(question: str, answer: str) -> None:
    """A FAQ keeps its questions, wherever its theme hides them."""
    lines = read(landing_page(accordion(question, answer)), "https://cedar.example/ketamine/").text.split("\n")
    wanted = [line for pair in ANSWERS.items() for line in pair]
    assert [line for line in lines if line in wanted] == wanted


def test_a_price_table_stays_a_row_a_line() -> None:
    """What a visit costs is main text, and a price stays beside what it buys."""
    rows = (("Service", "Price"), ("First talk", "$150"), ("Infusion, 40 minutes", "$425"), ("Six infusions", "$2,300"))
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    reading = read(
        landing_page(f"<section><h2>Prices</h2><table>{cells}</table></section>"), "https://cedar.example/prices/"
    )
    assert {"Infusion, 40 minutes | $425", "Six infusions | $2,300"} <= set(reading.text.split("\n"))
    assert {block.kind for block in reading.blocks if "$" in block.text} == {"row"}


def test_sections_of_a_landing_page_stay() -> None:
    """Cards without a paragraph element hold what a clinic promises."""
    cards = "".join(
        f'<div class="elementor-column"><div class="elementor-widget-icon-box"><h3>{head}</h3><div class="elementor-icon-box-description">{said}</div></div></div>'
        for head, said in (
            ("Rapid relief", "Many people notice a change within hours of their first visit to us."),
            ("Personal plans", "We set dose and rhythm with you, and change them when your days change."),
            ("Gentle rooms", "Low light, a reclining chair, your own music and a nurse within reach."),
        )
    )
    text = read(landing_page(f"<section><h2>Why us</h2>{cards}</section>"), "https://cedar.example/").text
    assert all(head in text for head in ("Why us", "Rapid relief", "within hours", "Gentle rooms", "within reach"))
    assert "Linden Street" not in text


SECTION = (
    "<h3>What the first visit is like</h3><p>You meet a physician and a nurse, who ask about your history and your medicines "
    "for most of an hour before anything is planned.</p><p>Nothing is infused on that day, and you may drive home yourself.</p>"
)


def test_a_section_drawn_again_for_phones_is_said_once() -> None:
    """A builder sends the section for desktops and, deeper and in other tags, for phones: the text has it once."""
    for_phones = SECTION.replace("h3", "h4").replace("<p>", "<div><p>").replace("</p>", "</p></div>")
    body = f'<section class="hide-phone">{SECTION}</section><section class="only-phone"><div><div>{for_phones}</div></div></section>'
    reading = read(landing_page(body), "https://cedar.example/ketamine/")
    assert reading.text.count("Nothing is infused on that day") == 1
    assert [block.region for block in reading.blocks if block.text.startswith("Nothing")] == ["main", "said twice"]


def test_plans_that_say_the_same_keep_their_lines() -> None:
    """Cards of one shape are data: each plan keeps the line on what it includes."""
    line = "<p>Includes the first talk with a physician, the infusion itself and one call on the day after.</p>"
    cards = "".join(f"<div><h3>{name} plan</h3>{line}</div>" for name in ("Single", "Monthly", "Yearly"))
    reading = read(landing_page(f"<section>{cards}</section>"), "https://cedar.example/ketamine/")
    assert reading.text.count("Includes the first talk") == 3


@pytest.mark.parametrize(
    "names", ['id="onetrust-consent-sdk"', 'class="cmplz-cookiebanner"', 'id="CybotCookiebotDialog"']
)
def test_what_a_consent_manager_says_is_frame(names: str) -> None:
    """The long texts that a consent manager brings along are never the page's own, wherever they stand."""
    said = (
        "<p>These cookies let us measure how people move through the pages and are set by our own servers alone.</p>"
        * 6
    )
    reading = read(
        landing_page(f"{SECTION}<div {names}><h2>Your choices</h2>{said}</div>"), "https://cedar.example/ketamine/"
    )
    assert "Nothing is infused on that day" in reading.text
    assert "cookies" not in reading.text + reading.other_text


def test_a_custom_element_within_a_line_does_not_end_it() -> None:
    """Browsers show an element of their makers' own as part of the line it stands in."""
    body = "<p>One study of <x-source><a href='/s'>forty people</a></x-source> found a change, another did not.</p>"
    card = "<x-card><div>First card</div></x-card><x-card>Second card</x-card>"
    tree = dom.parse(f"<body>{body}{card}</body>")
    dom.prune(tree)
    found = [segment.text for segment in blocks.segments(tree)]
    assert found == ["One study of forty people found a change, another did not.", "First card", "Second card"]


def test_many_comments_below_an_article_are_not_its_text() -> None:
    """What fifty readers wrote is longer than the article that they wrote below, and no part of it."""
    article = "".join(f"<p>Paragraph {number}: {SECTION[40:190]}, as the clinic says.</p>" for number in range(12))
    comments = "".join(
        f'<li class="comment"><p>Comment {number}: I went there in spring and would like to hear how others did after it.</p></li>'
        for number in range(50)
    )
    reading = read(landing_page(f'<article>{article}</article><ol class="comment-list">{comments}</ol>'), URL)
    assert "Paragraph 11" in reading.text
    assert "Comment 3" not in reading.text


def test_a_section_that_is_named_by_its_heading_is_no_comments() -> None:
    """A section in the middle of a text stays, though its id, made of its heading, speaks of comments and replies."""
    part = "Sentences of a page about how the staff of a small museum answers the letters that visitors write. " * 4
    sections = "".join(
        f'<section id="{name}"><h2>{name.replace("-", " ")}</h2><p>{part}{name}.</p><p>{part}</p></section>'
        for name in ("who-writes", "how-we-respond-to-comments", "what-we-keep", "where-letters-go")
    )
    text = read(landing_page(f"<main><h1>Letters</h1>{sections}</main>"), URL).text
    for name in ("who-writes", "how-we-respond-to-comments", "where-letters-go"):
        assert f"{name}." in text


def test_kinds_are_known() -> None:
    """A line knows whether it was a heading, a paragraph, an item or a row."""
    tree = dom.parse("<h2>Head</h2><p>One<br>two</p><ul><li>Item</li></ul><table><tr><th>A</th><td>B</td></tr></table>")
    assert tree is not None
    found = [(segment.kind, segment.text) for segment in blocks.segments(tree)]
    assert found == [("heading", "Head"), ("paragraph", "One\ntwo"), ("item", "Item"), ("row", "A | B")]


def test_a_spoken_noscript_is_text() -> None:
    """A forum that serves machines its thread in <noscript> is read; a request for JavaScript is not."""
    said = "One of many posts of a thread that a machine may read without running any program. " * 5
    page = f"<body><div>Loading</div><noscript><p>{said}</p></noscript><noscript>Please enable JavaScript.</noscript></body>"
    text = read(page.encode(), URL).text
    assert said.strip() in text
    assert "enable" not in text


def test_the_best_set_adapts_to_doubt() -> None:
    """Where every block is doubtful some are still chosen; one sure block among hopeless ones stays alone."""
    sizes = np.array([10, 10, 10, 10], dtype=np.float32)
    doubtful = np.array([0.4, 0.35, 0.3, 0.3], dtype=np.float32)
    sure = np.array([0.95, 0.05, 0.04, 0.03], dtype=np.float32)
    assert main_text.best_set(sizes, doubtful).sum() == 4
    assert main_text.best_set(sizes, sure).tolist() == [True, False, False, False]


def test_a_long_notice_in_doubt_does_not_outweigh_a_short_text() -> None:
    """A hidden notice of 7,000 words, each paragraph with one chance in four, stays out of a product's 150 words."""
    sizes = np.array([50] * 3 + [100] * 70, dtype=np.float32)
    chances = np.array([0.8] * 3 + [0.25] * 70, dtype=np.float32)
    assert main_text.best_set(sizes, chances, 2.5).tolist() == [True] * 3 + [False] * 70


def test_what_has_no_chance_is_never_chosen() -> None:
    """A page of which nothing can be main text has an empty one."""
    assert not main_text.best_set(np.array([3, 4], dtype=np.float32), np.zeros(2, dtype=np.float32)).any()


def test_rows_go_down_the_trees_to_their_leaves() -> None:
    """The answer is yes above the threshold, the answers are the bits of the leaf's number, and leaves add up."""
    trees_of_two = [
        {"questions": [0, 1], "values": [-1.0, 0.25, 7.0, 3.0]},
        {"questions": [1, 1], "values": [-0.5, 9.0, 9.0, -0.5]},
    ]
    data = {"names": ["a", "b"], "base": 0.5, "splits": [[0, 1.0], [1, 2.0]], "trees": trees_of_two}
    trees = gbdt.parse_trees(json.loads(json.dumps(data)))
    rows = np.array([[1.0, 9.0], [1.5, 2.0], [1.5, 2.5]], dtype=np.float32)
    wanted = 1 / (1 + np.exp(-np.array([7.0, 0.25, 3.0])))
    assert np.allclose(gbdt.probabilities(trees, rows), wanted)


def test_render_is_stable() -> None:
    """The same post gives the same page."""
    assert render("wix", "A", ["B b."], URL) == render("wix", "A", ["B b."], URL)


def test_a_page_of_a_frame_alone_says_what_its_frame_says() -> None:
    """A site that is being built shows its menu and nothing else: that is its text, and its edits are changes."""
    page = '<body><header><nav><a href="#">Our Home</a><a href="#">Services</a></nav></header></body>'
    assert "Services" in read(page.encode(), URL).text
