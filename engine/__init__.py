"""The program around Pelican: one folder for each step from the texts to the published site."""
