"""Tables, views, indexes and full-text search of the corpus."""
