"""Benches are run by hand; some need packages that the tests do not."""

collect_ignore_glob = ["*.py"]
