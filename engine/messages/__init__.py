"""Translate what commands say to the owner: English is in the code, other languages are here.

A `.po` file is the catalogue of a language; `catalogue.py` reads it, `extraction.py` adds the
messages of the code that it lacks.
"""
