"""What is made beside the pages of a site."""
