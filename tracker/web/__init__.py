"""The only place that serves HTTP."""
