"""Create, import, rename and delete texts; write the reference pages and the editor help."""
