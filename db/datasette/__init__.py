"""The browser's side of the corpus: what Datasette is told, and the pages that we add to it."""
