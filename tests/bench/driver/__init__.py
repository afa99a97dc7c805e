"""The driver of ./dev bench: starts what is measured, puts load on it, and judges the figures."""
