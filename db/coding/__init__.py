"""What people decided: the file of votes, teams, samples."""
