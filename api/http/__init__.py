"""The routes: one module per first path segment after /v1, and the doors that need no sign-in."""
