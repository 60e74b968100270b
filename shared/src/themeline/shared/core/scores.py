"""Scores: calibrated probabilities that two articles belong together."""

FLOOR = 0.5
"""Probability from which a box shows a relation by default. Measured on theme labels: full texts precision .94,
recall .80; headlines .83 and .78 (silver labels); at 0.3 a sixth and a quarter of a box are strays, at 0.7 recall is
.74."""
