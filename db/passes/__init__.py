"""What depends on other pages: passes after a crawl, one driver, one file a pass."""
