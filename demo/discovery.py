"""How a site tells crawlers what it has: robots.txt, sitemaps, feeds."""

from __future__ import annotations

import gzip
from html import escape
from typing import TYPE_CHECKING

from demo.clock import http_date, iso_time
from demo.request import Answer, Request, plain
from demo.view import make_scene
from demo.writing import last_change, write_page
from pipelines.model.page_types import PageType

if TYPE_CHECKING:
    from demo.page import Page
    from demo.view import Scene

__all__ = ["CRAWL_DELAY", "DISALLOWED", "answer_discovery", "robots_txt"]

CRAWL_DELAY = "0.05"
DISALLOWED = "/patients/"
_XML = "application/xml; charset=UTF-8"
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_FEED_POSTS = 6


def answer_discovery(request: Request) -> Answer | None:
    """Answer what is asked by crawlers only."""
    if request.path == "/robots.txt":
        return robots_txt(request)
    if request.path in {"/feed/", "/feed"} and "feed" in request.site.has:
        return plain(_feed(_scene(request)), "application/rss+xml; charset=UTF-8")
    if request.path.startswith("/sitemap") and "no-sitemap" not in request.site.has:
        return _sitemap_file(request)
    return None


def robots_txt(request: Request) -> Answer:
    """Answer the rules of a site, or 404 where it has none."""
    site = request.site
    if "robots-404" in site.has:
        return plain("no such file", "text/plain", 404)
    lines = ["User-agent: *", "Disallow: /wp-admin/", "Allow: /wp-admin/admin-ajax.php"]
    lines += [f"Disallow: {DISALLOWED}"] if "disallow" in site.has else []
    lines += [f"Crawl-delay: {CRAWL_DELAY}"] if "crawl-delay" in site.has else []
    lines += ["", f"Sitemap: {request.base}/sitemap.xml"] if "robots-sitemap" in site.has else []
    return plain("\n".join(lines) + "\n", "text/plain; charset=UTF-8")


def _scene(request: Request) -> Scene:
    return make_scene(request.site, request.base, request.tick)


def _sitemap_file(request: Request) -> Answer | None:
    scene, has = _scene(request), request.site.has
    parts = {"sitemap-pages.xml": False, "sitemap-posts.xml": True}
    name, suffix = request.path[1:], ".gz" if "sitemap-gz" in has else ""
    if not has & {"sitemap-index", "sitemap-gz"}:
        return plain(_urlset(scene, None), _XML) if name == "sitemap.xml" else None
    if name in {"sitemap.xml", "sitemap_index.xml"}:
        return plain(_index(scene, [part + suffix * posts for part, posts in parts.items()]), _XML)
    for part, posts in parts.items():
        if name == part + suffix * posts:
            text = _urlset(scene, posts)
            return (
                plain(gzip.compress(text.encode(), mtime=0), "application/x-gzip")
                if suffix and posts
                else plain(text, _XML)
            )
    return None


def _gzipped(text: str) -> Answer:
    return plain(gzip.compress(text.encode(), mtime=0), "application/x-gzip")


def _index(scene: Scene, names: list[str]) -> str:
    items = "".join(f"<sitemap><loc>{scene.base}/{name}</loc></sitemap>\n" for name in names)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {_NAMESPACE}>\n{items}</sitemapindex>\n'


def _urlset(scene: Scene, posts: bool | None) -> str:
    chosen = [page for page in scene.pages if _in_sitemap(page) and (posts is None or page.is_post() == posts)]
    items = "".join(_url_entry(scene, page) for page in chosen)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {_NAMESPACE}>\n{items}</urlset>\n'


def _url_entry(scene: Scene, page: Page) -> str:
    day = iso_time(last_change(scene.site, page, scene.tick))
    return f"<url><loc>{escape(scene.href(page))}</loc><lastmod>{day}</lastmod></url>\n"


def _in_sitemap(page: Page) -> bool:
    return page.listed != "link" and page.kind is not PageType.ARCHIVE


def _feed(scene: Scene) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(scene.site.name)}</title><link>{scene.base}/</link><language>en-US</language>"
        f"{''.join(_entry(scene, page) for page in scene.posts[:_FEED_POSTS])}</channel></rss>"
    )


def _entry(scene: Scene, page: Page) -> str:
    content = write_page(scene.site, page, scene.tick)
    return (
        f"<item><title>{escape(content.title)}</title><link>{escape(scene.href(page))}</link><dc:creator>{escape(content.author)}</dc:creator>"
        f"<pubDate>{http_date(content.published)}</pubDate><description>{escape(content.description)}</description></item>\n"
    )
