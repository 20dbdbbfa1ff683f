"""A scheme in words: every entry of a version clause by clause, and what changed between two versions."""
