"""Tests of the corpus, its passes, its export and its pages."""
