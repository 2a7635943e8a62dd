"""For those who look after the exercises: reports, statistics, interventions, coverage."""
