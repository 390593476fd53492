"""Datasette."""
