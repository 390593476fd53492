"""One crawl: its session, its frontier, its schedule, its progress."""
