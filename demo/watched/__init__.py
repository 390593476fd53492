"""A second fictional web, frozen, with edits, events and dynamic content at each simulated date."""
