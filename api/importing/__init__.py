"""Importing a file: its lines handed to the bank, what was rejected, what it all comes to, and how it is stopped."""
