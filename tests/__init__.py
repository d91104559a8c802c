"""The tests: pure functions beside their module's name, then the built site as a visitor meets it."""
