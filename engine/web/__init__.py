"""The writing page of ./inv write: its server, the processes that work for it, its page."""
