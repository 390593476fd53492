"""How each platform dresses a page: one module a platform, and what they share."""
