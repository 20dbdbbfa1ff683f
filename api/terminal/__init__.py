"""What the commands share: how they open the bank and ask the API, what they print, and why they stop."""
