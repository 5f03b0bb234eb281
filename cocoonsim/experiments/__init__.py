"""Runs about runs: comparisons of arms on shared draws, and where the runs are carried out."""
