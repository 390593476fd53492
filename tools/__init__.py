"""Scripts that make data of ours."""
