"""Measure the figures that the docs quote."""
