"""The designs of a team or of an organisation side by side: heat map, trend, what is due."""
