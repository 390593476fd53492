"""Write one page: a recipe, the dice of the page and the slots of the clinic give the blocks.

Each item of a recipe throws its own dice, so that an edit of one sentence leaves all others as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo.bank import load_bank, load_toml
from demo.changes import MATERIAL, life_of, revision
from demo.clock import tick_date
from demo.content import Block, Content
from demo.families import rewritten
from demo.page import CONDITIONS, SERVICES, Page
from demo.persona import authors, page_slots
from demo.renderer import Pen
from demo.sites import standard_site
from demo.special import SPECIAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from demo.grammar import Dice
    from demo.sites import Site

__all__ = ["last_change", "write_description", "write_page"]

_STYLES = {"l": "li", "o": "ol", "p": "p", "h": "p"}


def write_page(site: Site, page: Page, tick: int) -> Content:
    """Write what a page says at a tick."""
    life = life_of(site, page)
    edits = revision(life, tick)
    writer = _writer(site, page)
    pen = Pen(writer, page, page_slots(writer, page, edits["price"]), edits)
    published = tick_date(life.born) if life.born else page.published
    return Content(
        title=_title(pen),
        description=_description(pen),
        author=pen.dice("author").pick(authors(writer)),
        published=published,
        modified=_modified(site, page, tick, published),
        blocks=tuple(_edited(list(_blocks(pen)), pen)),
    )


def write_description(site: Site, page: Page, tick: int) -> str:
    """Write what a page's description says at a tick, without the page: lists of posts show it."""
    writer, edits = _writer(site, page), revision(life_of(site, page), tick)
    return _description(Pen(writer, page, page_slots(writer, page, edits["price"]), edits))


def _writer(site: Site, page: Page) -> Site:
    """Find whose voice a page has: a reprint keeps the voice of its source."""
    return standard_site(site.seed, page.source.split("/")[2]) if page.source else site


def last_change(site: Site, page: Page, tick: int) -> date:
    """Give the day on which a page's words last changed."""
    born = life_of(site, page).born
    return _modified(site, page, tick, tick_date(born) if born else page.published)


def _modified(site: Site, page: Page, tick: int, published: date) -> date:
    ticks = [
        event.tick
        for event in life_of(site, page).events
        if event.tick <= tick and event.kind in MATERIAL | {"wording"}
    ]
    return tick_date(ticks[-1]) if ticks else published


def _title(pen: Pen) -> str:
    label, dice = pen.page.label, pen.dice("title")
    if pen.page.is_post() or pen.page.recipe in {"archive", "doorway"}:
        return label + _title_suffix(pen)
    forms = {
        "home": ("Ketamine Therapy in {city}, {state}", "{clinic}: Ketamine Treatment in {city}"),
        "faq": ("Frequently Asked Questions", "Questions about Ketamine Therapy"),
        "condition": (f"Ketamine for {label}", f"{label}: Ketamine Treatment in {{city}}"),
    }
    return pen.say(dice.pick(forms.get(pen.page.recipe, (label,))), dice) + _title_suffix(pen)


def _title_suffix(pen: Pen) -> str:
    steps = pen.edits["title"]
    return (
        pen.say(("", " Near {city}", " You Can Trust", " Without the Wait")[min(steps, 3)], pen.dice()) if steps else ""
    )


def _description(pen: Pen) -> str:
    section = load_bank().section("closing" if pen.page.recipe != "home" else "opening")
    dice = pen.dice("description", pen.edits["description"])
    return pen.say(dice.pick(section.sentences), dice)


def _blocks(pen: Pen) -> Iterator[Block]:
    if "noted" in pen.page.flags:
        yield Block(
            "p",
            f"This article first appeared on the website of {pen.site.name} and is reprinted here with its permission.",
        )
    for index, item in enumerate(_items(pen)):
        if item == "claim":
            yield Block("p", _claim(pen))
        else:
            yield from _item_blocks(pen, item, index)


def _items(pen: Pen) -> list[str]:
    recipe: dict[str, Any] = load_toml("recipes.toml").get(pen.page.recipe, {})
    if not recipe:
        return []
    dice = pen.dice("items")
    middle = dice.some(recipe["some"], dice.between(*recipe["pick"]))
    return [*recipe["first"], *middle, *recipe["last"]]


def _item_blocks(pen: Pen, item: str, index: int) -> Iterator[Block]:
    style, name, spread = item.split(":")
    dice = pen.dice(index, item)
    number = dice.between(*map(int, spread.split("-")))
    if style in SPECIAL:
        yield from SPECIAL[style](pen, dice, number)
        return
    section = load_bank().section(_section_name(pen, name, dice))
    if style != "p" and section.heads:
        yield Block("h2", pen.say(dice.pick(section.heads), dice).rstrip(":"))
    sentences = pen.choose(section.name, section.sentences, dice, number)
    if style in "lo":
        yield from (Block(_STYLES[style], sentence) for sentence in sentences)
    else:
        yield from _paragraphs(sentences, dice)


def _paragraphs(sentences: list[str], dice: Dice) -> Iterator[Block]:
    while sentences:
        cut = dice.between(1, 4)
        yield Block("p", " ".join(sentences[:cut]))
        sentences = sentences[cut:]


def _section_name(pen: Pen, name: str, dice: Dice) -> str:
    if name == "@subject":
        return pen.page.subject
    if name == "@condition":
        return pen.page.subject if pen.page.subject in CONDITIONS else dice.pick(tuple(CONDITIONS))
    return dice.pick(tuple(SERVICES)) if name == "@service" else name


def _claim(pen: Pen) -> str:
    dice = pen.dice("claim")
    versions = dice.pick(list(load_bank().files["claims"].values())).sentences
    return pen.say(versions[(dice.below(len(versions)) + pen.edits["claim"]) % len(versions)], dice)


def _edited(blocks: list[Block], pen: Pen) -> list[Block]:
    """Make the edits that are no new throw: a sentence less, a sentence more, another wording."""
    if pen.edits["risk removed"]:
        blocks = _without_sentence(blocks, pen.edits["risk removed"])
    if pen.edits["wording"]:
        blocks = [Block(block.kind, _reworded(block.text)) if block.kind == "p" else block for block in blocks]
    for number in range(pen.edits["sentence added"]):
        dice = pen.dice("added", number)
        blocks.append(Block("p", pen.say(dice.pick(load_bank().section("news").sentences), dice)))
    return rewritten(blocks, pen.page.flags)


def _without_sentence(blocks: list[Block], number: int) -> list[Block]:
    """Take away the last list items or short paragraphs that name a risk."""
    risky = [
        block
        for block in blocks
        if block.kind in {"li", "p"}
        and any(word in block.text for word in ("bladder", "risk", "not FDA", "dangerous", "addict", "off-label"))
    ]
    return [block for block in blocks if block not in risky[-number:]]


def _reworded(text: str) -> str:
    return text.replace("do not", "don't").replace("does not", "doesn't").replace("cannot", "can't")
