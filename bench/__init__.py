"""What the code costs, as ratios and microseconds: `make bench`."""
