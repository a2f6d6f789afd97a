"""The Gmail add-on over HTTP: Google calls, we answer with cards, from the database alone."""
