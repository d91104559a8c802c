"""What runs around Pelican: checks before, a build aside, the swap at the end, the preview."""
