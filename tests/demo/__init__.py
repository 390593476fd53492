"""Tests of the fictional web."""
