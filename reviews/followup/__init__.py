"""What becomes of findings between one revision and the next: followed, talked about, waived,
planned, mended."""
