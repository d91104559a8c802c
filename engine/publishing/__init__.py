"""What runs after the build: checks of the built site."""
