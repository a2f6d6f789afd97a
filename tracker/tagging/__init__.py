"""Pixels and tracked links, spliced into the sender's own bytes. Pure."""
