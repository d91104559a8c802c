"""What runs before a build: new texts and translations, and the help that a writer has."""
