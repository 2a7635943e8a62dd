"""Exams: a paper is drawn, answered against the server's clock, and reported on."""
