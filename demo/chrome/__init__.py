"""The page around the text, one module a platform that clinics use."""
