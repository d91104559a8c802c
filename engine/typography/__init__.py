"""The rules of French and English typography, over words and over the parser's tokens."""
