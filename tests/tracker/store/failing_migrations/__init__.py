"""A schema after ours that cannot be reached."""
