"""One screen a file: `show(desk)` draws it."""
