"""What runs inside the build: one module, one job; from a text to what templates show."""
