"""Check the texts as an editor would: spelling, links, images, headings, headers."""
