"""Read the built folder; measure pages; write policies, redirections and compressed copies."""
