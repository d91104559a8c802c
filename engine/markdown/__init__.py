"""A text's body: CommonMark and what this site adds to it, as HTML; no file, no site."""
