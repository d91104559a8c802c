"""Save the owner's texts in git, and update the software."""
