"""Whole runs of the program, as a user makes them."""
