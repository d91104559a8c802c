"""The pictures of the texts: each in the formats and widths that the pages need, made once.

`inspection` tells what a file is or why it cannot be taken, `variants` which files are made of it,
`markup` gives its HTML, `cache` makes the files. Their names hold a digest of the photo and of the
way they are made, so that a browser may keep them for ever, and the cache and both language sites
share them.
"""
