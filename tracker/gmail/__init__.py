"""The only place that knows Google."""
