"""Digests of what changed, sent by e-mail, chat or webhook."""
