"""Apply French and English typography to words and to the tokens of the parser."""
