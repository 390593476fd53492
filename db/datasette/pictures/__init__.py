"""Pictures of the corpus as inline SVG: pure functions from numbers to markup, and the queries for the numbers."""
