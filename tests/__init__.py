"""The tests mirror the houses; laws/, browser/ and data/ stand beside them."""
