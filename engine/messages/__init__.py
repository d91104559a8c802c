"""The words that commands say to the owner: in English in the code, in other languages here.

A `.po` file is the catalogue of a language; `catalogue.py` reads it, `extraction.py` adds the
messages of the code that it lacks.
"""
