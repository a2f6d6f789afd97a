"""A schema after ours that would lose accounts and keep their messages."""
