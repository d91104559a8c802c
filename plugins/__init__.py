"""What runs inside the build: one module, one job; from Markdown in `content/` to what the templates show."""
