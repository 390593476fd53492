"""A fictional web of clinics with a clock and its truth, served through an HTTP proxy."""
