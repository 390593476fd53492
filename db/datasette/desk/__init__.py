"""The review desk behind its pages: who codes, what is asked, which document is next, what a screen shows."""
