"""Tests of the crawler and its commands."""
