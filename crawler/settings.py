"""Scrapy's settings, each with its reason where it is not Scrapy's own.

``scrapy crawl`` and ``clinicwatch crawl`` read the same; ``-s NAME=VALUE`` overrides any for one run.
"""

from pipelines.model.page_types import PAGE_TYPES
from pipelines.reading.inflate import ACCEPT_ENCODING

BOT_NAME = "clinicwatch"
SPIDER_MODULES = ["crawler.spiders"]

# who we are: a crawl does not start without a contact (CLINICWATCH_CONTACT or --contact)
CLINICWATCH_CONTACT = ""
CLINICWATCH_DB = "db/corpus.db"

# polite: one request at a time to a host, a second between two, more where its robots.txt says so
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0  # Scrapy would wait 0.5 to 1.5 times the delay
CRAWL_DELAY_MAX = 60.0
ROBOTS_TIMEOUT = 20.0
CONCURRENT_REQUESTS = 32  # no more pages are in flight; with 1, the same web gives the same rows in the same order
DOWNLOAD_TIMEOUT = 60
RETRY_TIMES = 1
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]  # 429 and 503 are the frontier's: Retry-After is obeyed
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # its outcome is stored

# safe: Scrapy's defaults hurt here (a 3 KB brotli bomb took 1.1 GB; a page may name file: and loopback addresses)
DOWNLOAD_MAXSIZE = 10_000_000
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
TWISTED_DNS_RESOLVER = "crawler.http.resolver.GuardedResolver"
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
COOKIES_ENABLED = False
REFERER_ENABLED = False
ROBOTSTXT_OBEY = False  # crawler.http.robots does, after RFC 9309
REDIRECT_ENABLED = False  # a redirect is a capture, its target a page of the frontier
METAREFRESH_ENABLED = False

# lean: bodies stay as transferred until a worker process inflates them; middlewares without a use here are out
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en",
    "Accept-Encoding": ACCEPT_ENCODING,
    "Cache-Control": "max-age=0",
}
COMPRESSION_ENABLED = False
DOWNLOADER_MIDDLEWARES = {
    "crawler.http.guard.GuardMiddleware": 90,
    "crawler.http.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
EXTENSIONS = {"scrapy.extensions.logstats.LogStats": None, "crawler.engine.progress.Progress": 0}
ITEM_PIPELINES = {
    "pipelines.items.ReadPages": 100,
    "pipelines.items.StoreVisits": 200,
}
CONCURRENT_ITEMS = 1  # a response yields one item
WORKER_PROCESSES = 2
SITE_MAX_PAGES = 20_000
VISIT_EVERY = 10.5  # days between two visits of a page, as a mean over the pages of a site; its livelier pages get more
# days between visits, by the type of page: at least, mean days between changes as long as we know nothing, at most.
# Types that are not named have those of "other". The columns min_days and max_days of a site in the corpus narrow them
# for that site. A sitemap is one request that speaks for many pages.
VISIT_DAYS = {"sitemap": (1, 1, 2), **{kind.value: tuple(row.visit_days) for kind, row in PAGE_TYPES.items()}}
PROGRESS_ENABLED = True
LOG_LEVEL = "WARNING"
LOG_FORMATTER = "crawler.engine.log_format.QuietFormatter"
