"""The texts of the content folder: found, read by one schema, with all their faults; no Pelican."""
