"""The demo bank: what it plans, what comes about, and how it is built."""
