"""Small inputs with their right values, and what connects checks from outside with the project."""
