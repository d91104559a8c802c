"""Encode each picture of the texts once, in all formats and widths that pages need.

`inspection` validates a file, `variants` lists its encoded files, `markup` returns its HTML,
`cache` encodes. The names of the encoded files contain a digest of the photo and of the encoding,
so that a browser may cache them forever, and both language sites share them.
"""
