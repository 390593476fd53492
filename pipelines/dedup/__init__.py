"""Exact and near-duplicates: fingerprints, families, shared passages."""
