"""Everything that touches the network, the clock or the loop of Scrapy."""
