"""Watched."""
