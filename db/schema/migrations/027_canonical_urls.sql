-- Addresses are read as browsers read them. A page that was stored under another spelling of its address takes the one
-- spelling, so that links find it; where a page of that address is known as well, the other is its alias. Captures keep
-- the address that was asked for. `canonical_url` is a function of the program (pipelines/text/urls.py).
UPDATE OR IGNORE pages SET url = canonical_url(url)
    WHERE alias_of IS NULL AND canonical_url(url) IS NOT NULL AND canonical_url(url) != url;
UPDATE pages SET alias_of = (SELECT own.id FROM pages AS own WHERE own.url = canonical_url(pages.url)),
        state = 'excluded', outcome = 'alias', reason = 'another spelling of an address that is known', due_at = NULL
    WHERE alias_of IS NULL AND canonical_url(url) IS NOT NULL AND canonical_url(url) != url;
