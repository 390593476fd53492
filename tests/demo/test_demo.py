"""The demo web: the same for ever, hard in the way of real sites, and as its truth says."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import subprocess
import sys
import tracemalloc
from collections import Counter, deque
from html import unescape
from itertools import combinations
from pathlib import Path
from statistics import mean, median
from urllib.parse import urljoin

import pytest

from demo.bank import SEEDS, load_bank
from demo.plan import plan_site
from demo.report import seeds_csv, truth_json
from demo.sites import PLATFORMS
from demo.world import make_world

ROOT = Path(__file__).resolve().parents[2]
TICKS = range(4)
KINDS = {
    "claim",
    "price",
    "risk removed",
    "sentence added",
    "title",
    "description",
    "wording",
    "cosmetic",
    "moved",
    "gone",
    "new",
}
DIGEST = """
import hashlib
from demo.report import truth_json
from demo.world import make_world
world = make_world(7, 60)
digest = hashlib.sha256(truth_json(world, range(3)).encode())
for url in world.truth(2):
    digest.update(world.answer(url, 2).body)
print(digest.hexdigest())
"""


@pytest.fixture(scope="module")
def world():
    """Make the standard web."""
    return make_world()


@pytest.fixture(scope="module")
def truths(world):
    """Tell the truth of each tick."""
    return [world.truth(tick) for tick in TICKS]


def shingles(lines):
    """Give all runs of five words."""
    words = re.findall(r"\w+", " ".join(lines).lower())
    return {tuple(words[start : start + 5]) for start in range(len(words) - 4)}


def jaccard(one, two):
    """Measure how alike two sets are."""
    return len(one & two) / len(one | two)


def visible(body):
    """Give what a page shows, tags and scripts left out."""
    text = re.sub(rb"<(script|style)\b.*?</\1>", b" ", body, flags=re.DOTALL)
    charset = "cp1252" if b"charset=windows-1252" in body else "utf-8"
    return unescape(re.sub(rb"<[^>]*>", b" ", text).decode(charset))


def squeezed(text):
    """Leave out white space and the bars between cells."""
    return re.sub(r"[\s|]+", "", text)


# The same for ever


def test_two_runs_give_the_same_bytes():
    """Whatever the hash seed of Python, the world and its truth are the same."""
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_another_seed_gives_another_text(world):
    """The seed decides the texts, the roster stays."""
    other = make_world(2)
    url = "http://cedar-ketamine.example/faq/"
    assert world.answer(url, 0).body != other.answer(url, 0).body


def test_the_stored_truth_is_current(world):
    """`seeds/demo/truth.json` is what the generator says today."""
    assert (SEEDS / "truth.json").read_text(encoding="utf-8") == truth_json(world, TICKS)


def test_the_seeds_file_is_current(world):
    """`seeds/demo/sites.csv` names the sites of the standard world."""
    assert (SEEDS / "sites.csv").read_text(encoding="utf-8") == seeds_csv(world)


def test_the_guide_explains_every_oddity(world):
    """Each word that a site can have stands in `docs/demo-web.md`."""
    guide = (ROOT / "docs" / "demo-web.md").read_text(encoding="utf-8")
    assert all(f"`{word}`" in guide for site in world.sites for word in site.has)


# Size


def test_the_standard_world_has_300_pages(world):
    """About 300 pages on at least 12 clinics."""
    assert 290 <= sum(len(plan_site(site)) for site in world.sites) <= 310
    assert sum(site.source_class in {"clinic", "telehealth"} for site in world.sites) >= 12


@pytest.mark.parametrize("pages", [60, 800, 2000])
def test_a_world_has_about_the_size_asked_for(pages):
    """Other sizes are met within a tenth."""
    found = sum(len(plan_site(site)) for site in make_world(1, pages).sites)
    assert abs(found - pages) <= pages / 10


def test_one_large_clinic():
    """The single world is one host with all the pages."""
    (site,) = make_world(1, 800, single=True).sites
    assert len(plan_site(site)) == 800


def test_a_large_world_costs_little():
    """100,000 pages are made and asked in a few megabytes."""
    load_bank()
    tracemalloc.start()
    large = make_world(1, 100_000)
    answer = large.answer(large.sites[-1].home, 0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status == 200
    assert peak < 16 * 2**20


@pytest.fixture(scope="module")
def bodies(world, truths):
    """Give the pages of each platform as they are sent."""
    found = {}
    for url, page in truths[0].items():
        if page.fate == "page":
            found.setdefault(world.hosts[page.site].platform, []).append(world.answer(url, 0).body)
    return found


def test_pages_weigh_what_real_pages_weigh(bodies):
    """A page has 30-180 KB, about 110 in the mean."""
    sizes = [len(body) for found in bodies.values() for body in found]
    assert min(sizes) >= 30_000
    assert max(sizes) <= 180_000
    assert 90_000 <= mean(sizes) <= 125_000


@pytest.mark.parametrize("platform", PLATFORMS)
def test_pages_are_as_dense_as_real_ones(bodies, platform):
    """Half of a platform's pages have 700 to 1,250 elements: the mean of real clinic pages is about 1,000."""
    assert 700 <= median(len(re.findall(rb"<[A-Za-z]", body)) for body in bodies[platform]) <= 1250


@pytest.mark.parametrize("platform", PLATFORMS)
def test_no_page_shows_a_template(bodies, platform):
    """Every slot and number of the chrome is filled."""
    assert not any(b"%(" in body or "§".encode() in body for body in bodies[platform])


def test_every_link_leads_to_a_known_address(world, truths):
    """The links of menus, lists and cards lead to addresses of the truth, to pictures and feeds, or to https hosts."""
    for url in list(truths[0])[::9]:
        for found in links(url, world.answer(url, 0)):
            if found.startswith("http://") and not world.is_trap(found):
                known = truths[0].keys() & {found.split("?")[0], f"{found}/"}
                assert known or re.search(r"/(feed|wp-json)/$|\.\w{2,4}(\?|$)", found), (url, found)


# The texts


def test_distinct_documents_are_not_near_duplicates(truths):
    """Two documents of no common family share less than a third of their word 5-shingles."""
    pages = [page for page in truths[0].values() if page.distinct]
    sets = [shingles(page.lines) for page in pages]
    for one, two in combinations(range(len(pages)), 2):
        if not pages[one].family or pages[one].family != pages[two].family:
            assert jaccard(sets[one], sets[two]) < 0.3, (pages[one].url, pages[two].url)


def test_doorway_pages_differ_in_the_town_alone(truths):
    """With its town masked, each doorway page of a family says the same; at least one family has 12 pages."""
    families = {}
    for page in truths[0].values():
        if page.family_kind == "doorway" and page.distinct:
            town = page.title.removeprefix("Ketamine Therapy near ")
            families.setdefault(page.family, []).append("\n".join(page.lines).replace(town, "TOWN"))
    assert max(map(len, families.values())) >= 12
    assert all(len(set(texts)) == 1 for texts in families.values())


def test_families_cross_advertisers(truths):
    """A template and reprints are shared by different advertisers, and the truth says so."""
    kinds = {}
    for page in truths[0].values():
        kinds.setdefault((page.family_kind, page.family), set()).add(page.advertiser)
    shared = {kind for (kind, _), advertisers in kinds.items() if kind and len(advertisers) > 1}
    assert shared == {"cross-advertiser template", "syndication", "exact"}


def test_spun_pages_say_the_same_in_other_words(truths):
    """A spun page has its source's lines in order, and hardly a run of five words of it."""
    spun = [page for page in truths[0].values() if page.family_kind == "spun text"]
    assert len({page.advertiser for page in spun}) == 2
    for page in spun:
        source = truths[0][page.source]
        assert len(page.lines) == len(source.lines)
        assert page.advertiser != source.advertiser
        assert jaccard(shingles(page.lines), shingles(source.lines)) < 0.15


def test_a_second_path_has_most_of_the_page(truths):
    """A page at an old address lacks what was added at the new one."""
    old, new = sorted(
        (page for page in truths[0].values() if page.family_kind == "page version" and not page.copy_of),
        key=lambda page: len(page.lines),
    )
    assert (old.site, old.lines) == (new.site, new.lines[:-2])


def test_texts_have_the_lengths_of_real_ones(truths):
    """Documents have about 120 to 1,500 words."""
    words = [len(" ".join(page.lines).split()) for page in truths[0].values() if page.distinct]
    assert min(words) >= 110
    assert 1000 <= max(words) <= 1500


def test_no_slot_is_left_open(truths):
    """Every choice and slot of the templates is filled."""
    for page in truths[3].values():
        assert not re.search(r"[\[\]{}]", " ".join((*page.lines, page.title, page.description))), page.url


def test_no_sentence_is_taken_from_the_examples(truths):
    """Not one sentence stands in the example documents of `../shared`."""
    folder = ROOT.parent / "shared" / "seed-documents"
    if not folder.is_dir():
        pytest.skip("../shared/seed-documents is not there")
    theirs = {squeezed(one) for path in folder.glob("*.txt") for one in sentences(path.read_text(encoding="utf-8"))}
    ours = {squeezed(one) for page in truths[0].values() for one in sentences("\n".join(page.lines))}
    assert not theirs & ours


def sentences(text):
    """Cut a text into sentences of more than three words."""
    return [one for one in re.split(r"(?<=[.!?])\s+|\n", text) if len(one.split()) > 3]


# The truth is what is served


@pytest.mark.parametrize("tick", TICKS)
def test_every_address_answers_as_the_truth_says(world, truths, tick):
    """Status, redirect target and the whole main text."""
    for url, page in truths[tick].items():
        answer = world.answer(url, tick)
        assert answer.status == page.status, url
        assert dict(answer.headers).get("Location", "") == page.location
        if page.lines:
            shown = squeezed(visible(answer.body))
            assert all(squeezed(line) in shown for line in page.lines), url


def test_copies_repeat_their_original(truths):
    """The truth of a copy has the lines of the page that it names."""
    for page in truths[0].values():
        if page.copy_of:
            assert truths[0][page.copy_of].lines == page.lines
            assert truths[0][page.copy_of].distinct or truths[0][page.copy_of].fate != "page"


@pytest.mark.parametrize("tick", TICKS[1:])
def test_every_kind_of_change_happens_at_every_tick(truths, tick):
    """The clock has claims, prices, titles, moves, losses and news at each turn."""
    found = {change.kind for page in truths[tick].values() for change in page.changes if change.tick == tick}
    assert found >= KINDS


@pytest.mark.parametrize("tick", TICKS[1:])
def test_a_change_is_seen_on_the_page(world, truths, tick):
    """Before its tick a page shows the old line, from then on the new one."""
    for page in truths[tick].values():
        for change in page.changes:
            if change.tick == tick and change.kind in {"claim", "price"} and page.status == 200:
                address = page.url if page.url in truths[tick - 1] else None
                after = squeezed(visible(world.answer(page.url, tick).body))
                assert all(squeezed(line) in after for line in change.new)
                if address:
                    before = squeezed(visible(world.answer(address, tick - 1).body))
                    assert all(squeezed(line) in before for line in change.old)


def test_pages_without_a_change_keep_their_text(truths):
    """No text changes unless the truth has a change for it."""
    for url, page in truths[1].items():
        before = truths[0].get(url)
        if before and page.fate == before.fate == "page" and page.lines != before.lines:
            assert any(change.tick == 1 for change in page.changes), url


# What is hard


def crawl(world, truth):
    """Follow every link, sitemap and redirect from the seeds; traps are entered twice only."""
    todo = deque(site.home for site in world.sites)
    todo += [site.home + "sitemap.xml" for site in world.sites]
    todo += [site.home.replace(site.host, site.alias) for site in world.sites if site.alias]
    todo += [f"http://www.{site.host}/" for site in world.sites if "www" in site.has]
    seen = Counter(todo)
    while todo:
        url = todo.popleft()
        for found in links(url, world.answer(url, 0)):
            if found.startswith("http://") and not seen[found] and not ("?" in found and "?" in url):
                todo.append(found)
            seen[found] += 1
    return set(seen)


def links(url, answer):
    """Give the addresses to which an answer leads."""
    body = gzip.decompress(answer.body) if url.endswith(".gz") and answer.status == 200 else answer.body
    text = body.decode("utf-8", "replace")
    found = re.findall(r'<loc>(.*?)</loc>|<(?:a|link)\s[^>]*?href="([^"#]+)', text)
    targets = [unescape(one or two) for one, two in found] + [dict(answer.headers).get("Location", "")]
    return [urljoin(url, target).split("#")[0] for target in targets if target and "share.invalid" not in target]


def test_a_hand_made_page_is_in_an_old_charset(world):
    """The site of 2005 declares windows-1252 in the page only, and means it."""
    answer = world.answer("http://tidewater-pain.example/blog.html", 0)
    assert dict(answer.headers)["Content-Type"] == "text/html"
    assert "…" in answer.body.decode("cp1252")


def test_traps_are_told(world):
    """Any address of a trap is known as one, any other is not."""
    assert world.is_trap("http://lantern-psychiatry.example/events?month=2041-07")
    assert world.is_trap("http://riverbend-recovery.example/find-a-time/?sid=00ff&page=12")
    assert not world.is_trap("http://cedar-ketamine.example/events?month=2041-07")


def test_every_page_can_be_found(world, truths):
    """All addresses of the truth are reached by links, sitemaps and redirects, but those behind a wall."""
    found = crawl(world, truths[0])
    missing = [url for url, page in truths[0].items() if url not in found and page.found_by != "nowhere"]
    assert missing == []


def test_some_pages_have_only_one_way_to_them(truths):
    """Some pages stand in sitemaps only, some are linked only."""
    ways = Counter(page.found_by for page in truths[0].values() if page.distinct)
    assert ways["sitemap"] >= 5
    assert ways["link"] >= 5


@pytest.mark.parametrize(
    ("url", "status", "says"),
    [
        ("http://tidewater-pain.example/robots.txt", 404, b""),
        ("http://granite-peak-ketamine.example/robots.txt", 200, b"Disallow: /patients/"),
        ("http://granite-peak-ketamine.example/robots.txt", 200, b"Crawl-delay: 0.05"),
        ("http://harborlight-infusions.example/robots.txt", 200, b"Sitemap: http://harborlight"),
        ("http://juniper-mind.example/no-such-page/", 200, b"could not be found"),
        ("http://cedar-ketamine.example/no-such-page/", 404, b"could not be found"),
        ("http://pelican-wellness.example/", 403, b"Just a moment"),
        ("http://quarry-mood.example/", 200, b"Just a moment"),
        ("http://northpine-clinic.example/", 200, b'name="tdm-reservation" content="1"'),
        ("http://lantern-psychiatry.example/events?month=2999-12", 200, b"month=3000-01"),
        ("http://riverbend-recovery.example/find-a-time/?sid=1&page=9", 200, b"page=10"),
        ("http://www.orchard-infusions.example/", 301, b""),
        ("http://nobody.example/", 502, b""),
    ],
)
def test_the_oddities_of_the_web(world, url, status, says):
    """Robots rules, soft 404, walls, traps, reservations and redirects answer as on real sites."""
    answer = world.answer(url, 0)
    assert answer.status == status
    assert says in answer.body


def test_the_empty_site_has_no_word(world):
    """A home page that is all script."""
    body = world.answer("http://prairie-calm.example/", 0).body
    assert visible(body).split() == ["Prairie", "Calm"]
    assert b"<title>" in body


def test_a_print_page_names_its_original(world, truths):
    """A print copy carries rel=canonical."""
    url = next(url for url in truths[0] if "/print/" in url)
    assert f'<link rel="canonical" href="{truths[0][url].copy_of}">'.encode() in world.answer(url, 0).body


def test_noise_differs_at_every_request(world):
    """A nonce and a counter change, the text does not."""
    url = "http://harborlight-infusions.example/"
    first, second = (world.answer(url, 0, {"x-demo-request": number}).body for number in "12")
    assert first != second
    assert len(first) == len(second)


def test_other_sites_are_quiet(world):
    """Where there is no noise, two requests give the same bytes."""
    url = "http://cedar-ketamine.example/"
    assert world.answer(url, 0, {"x-demo-request": "1"}) == world.answer(url, 0, {"x-demo-request": "2"})


@pytest.mark.parametrize(
    ("host", "header", "asked"),
    [
        ("magnolia-neuro.example", "ETag", "if-none-match"),
        ("northpine-clinic.example", "Last-Modified", "if-modified-since"),
    ],
)
def test_validators_are_honoured_until_the_text_changes(world, truths, host, header, asked):
    """A page answers 304 to its own validator as long as its words are the same, and 200 after."""
    for url, page in truths[3].items():
        if page.site == host and page.fate == "page" and page.kind != "home" and url in truths[0]:
            value = dict(world.answer(url, 0).headers)[header]
            again = world.answer(url, 3, {asked: value})
            changed = any(change.old or change.new for change in page.changes)
            assert again.status == (200 if changed else again.status)
            assert again.status in ({200} if changed else {200, 304})
            assert world.answer(url, 0, {asked: value}).status == 304


def test_gzip_is_sent_to_those_who_take_it(world):
    """A site that compresses does so only if asked, and the text is the same."""
    url = "http://cedar-ketamine.example/"
    plain, packed = world.answer(url, 0), world.answer(url, 0, {"accept-encoding": "gzip"})
    assert dict(packed.headers)["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_alias_host_repeats_the_clinic(truths):
    """Each page of the staging host is a copy of the clinic's own."""
    copies = [page for url, page in truths[0].items() if "sitestaging" in url and page.fate == "copy"]
    assert len(copies) >= 12
    assert all("saguaro-infusion.example" in page.copy_of for page in copies)


def test_hashes_of_the_truth_are_those_of_the_lines(world, truths):
    """The compact truth names a text by the sha256 of its lines joined by newlines."""
    url = "http://cedar-ketamine.example/faq/"
    digest = hashlib.sha256("\n".join(truths[0][url].lines).encode()).hexdigest()
    assert digest in truth_json(world, range(1))
