"""What may be requested, how politely, and what an answer means."""
