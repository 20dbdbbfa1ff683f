"""The benchmarks at a tiny size, so that they can't rot."""
