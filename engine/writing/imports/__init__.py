"""What `./inv import` reads: blogs of Pelican, Jekyll and Hugo, in Markdown."""
