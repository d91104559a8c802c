"""Build, check and publish the site around Pelican: one folder for each step."""
