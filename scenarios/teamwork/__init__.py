"""What a team does together: taking one exercise, sets to work through, and what it adds up to."""
