"""A schema after ours, whose migration rebuilds the root of all tables."""
