"""Where a learner stands, what to do next, and how they want to practise."""
