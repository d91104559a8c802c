"""The owner's history, kept by git, and the versions of the software."""
