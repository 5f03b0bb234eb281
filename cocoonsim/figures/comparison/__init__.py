"""Figures of a comparison: the arms over time, and the paired differences between them."""
