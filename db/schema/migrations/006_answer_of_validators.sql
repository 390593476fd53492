-- Keep how the answer ended that a page's ETag and Last-Modified are of: a 304 says that it would end so again.
ALTER TABLE pages ADD COLUMN answered TEXT;
