"""The built folder: its pages, their weight and policy, redirections, compressed copies."""
