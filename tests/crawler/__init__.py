"""Crawler."""
