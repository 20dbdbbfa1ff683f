"""The demo bank: a generator that is deterministic by its seed, and the habits it follows."""

from api.demo.demo import DemoSummary, build_demo

__all__ = ["DemoSummary", "build_demo"]
