"""Short texts: written, locked, rated by their authors and, on request, by colleagues."""
