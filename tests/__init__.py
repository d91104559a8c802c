"""Tests of pure functions, by their module's name, and of the built site, as a visitor meets it."""
