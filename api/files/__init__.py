"""Files that people send, read as batches of text: one module per format, all with the same verdicts and messages."""
