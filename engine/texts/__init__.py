"""Read and validate the texts of the content folder, without Pelican and without settings."""
