"""Read blogs of Pelican, Jekyll and Hugo in Markdown, for `./inv import`."""
