"""How a scheme file is read: its entries, its gate conditions, and each of its mistakes at its line."""
