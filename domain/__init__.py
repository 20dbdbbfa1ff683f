"""Facts in; events or a refusal out. Imports nothing else of ours."""
