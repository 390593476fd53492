"""A demo web for watching over time: few pages change, many are noisy, and the generator knows which and how."""
