"""Publish the built site: compare, upload, activate, verify, roll back."""
