"""Write one page: a recipe, the dice of the page and the slots of the clinic give the blocks.

Each item of a recipe throws its own dice, so that an edit of one sentence leaves all others as they are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crawler.demo.bank import load_bank, load_toml
from crawler.demo.changes import MATERIAL, life_of, revision
from crawler.demo.clock import tick_date
from crawler.demo.content import Block, Content
from crawler.demo.grammar import Dice, expand
from crawler.demo.plan import CONDITIONS, SERVICES, Page
from crawler.demo.sites import standard_site
from crawler.demo.voice import authors, page_slots

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from crawler.demo.sites import Site

__all__ = ["Pen", "last_change", "write_page"]

_STYLES = {"l": "li", "o": "ol", "p": "p", "h": "p"}
#: How a doorway page works its town into a sentence, before and after it.
_STUFFING = (
    ("", " in {0}"),
    ("In {0}, ", ""),
    ("For {0} residents, ", " near {0}"),
    ("", ", as {0} patients tell us"),
    ("Around {0}, ", ""),
    ("", " for {0} and the {0} area"),
    ("", ""),
)
_TABLE = (
    ("Single infusion", "price"),
    ("Series of six", "package"),
    ("Booster", "booster"),
    ("Late cancellation", "fee"),
)


@dataclass(frozen=True, slots=True)
class Pen:
    """All that the sentences of one page depend on."""

    site: Site
    page: Page
    slots: dict[str, str]
    edits: Counter[str]
    used: dict[str, set[str]] = field(default_factory=dict)

    def dice(self, *key: object) -> Dice:
        """Throw for one item of the page."""
        return Dice(self.site.seed, self.page.text_key, *key)

    def say(self, template: str, dice: Dice) -> str:
        """Say one template, first letter large."""
        text = expand(template, dice, self.slots, load_bank().phrases)
        return text[0].upper() + text[1:]

    def choose(self, name: str, sentences: tuple[str, ...], dice: Dice, number: int) -> list[str]:
        """Choose sentences of a section that this page has not used before, and say them."""
        used = self.used.setdefault(name, set())
        chosen = dice.some([sentence for sentence in sentences if sentence not in used], number)
        used.update(chosen)
        return [self._stuffed(self.say(template, dice), dice) for template in chosen]

    def _stuffed(self, sentence: str, dice: Dice) -> str:
        """Put the town into most sentences of a doorway page, as such pages do: it is all that tells them apart."""
        if self.page.recipe != "doorway":
            return sentence
        place, (before, after) = self.slots["place"], dice.pick(_STUFFING)
        said = f"{before.format(place)}{_small(sentence) if before else sentence}"
        return said[:-1] + after.format(place) + said[-1]


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


def _small(sentence: str) -> str:
    """Begin a sentence with a small letter, unless its first word is a name or an abbreviation."""
    kept = sentence[1].isupper() or sentence.startswith(("I ", "Dr.", "Spravato"))
    return sentence if kept else sentence[0].lower() + sentence[1:]


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
    if style in _SPECIAL:
        yield from _SPECIAL[style](pen, dice, number)
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


def _questions(pen: Pen, dice: Dice, number: int) -> Iterator[Block]:
    for section in dice.some(list(load_bank().files["faq"].values()), number):
        yield Block("q", pen.say(dice.pick(section.heads), dice))
        answers = dice.some(section.sentences, dice.between(2, 3))
        yield Block("a", " ".join(pen.say(answer, dice) for answer in answers))


def _prices(pen: Pen, dice: Dice, number: int) -> Iterator[Block]:
    yield Block("row", "Service | Price")
    for label, slot in _TABLE[:number]:
        yield Block("row", f"{label} | ${pen.slots[slot]}")


def _voices(pen: Pen, dice: Dice, number: int) -> Iterator[Block]:
    for template in dice.some(load_bank().lines("people", "testimonial"), number):
        yield Block("quote", pen.say(template, dice))


def _staff(pen: Pen, dice: Dice, number: int) -> Iterator[Block]:
    bank = load_bank()
    for name in authors(pen.site)[:number]:
        yield Block("person", f"{name}, {dice.pick(bank.lines('people', 'degree'))}")
        yield Block("p", pen.say(dice.pick(bank.section("team").sentences), dice))


_SPECIAL = {"q": _questions, "t": _prices, "v": _voices, "s": _staff}


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
    return blocks


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
