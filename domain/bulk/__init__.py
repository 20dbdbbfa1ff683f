"""The bank's door for whole tables: lines are checked, encoded and compared set-wise, in SQL made from the same rules.

`rules` turns a field's rule into SQL, `register_tables` the register into tables, `subjects` says what one kind of
line needs beside its fields, `clearing` clears the lines that are plainly right and writes their stored state.
What it does not clear is decided by the one-line door, so that each refusal has one text.
"""
