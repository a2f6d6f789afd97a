"""Twotick's tracker: what was sent, what was fetched, what we believe."""
