"""Everything that the add-on shows, as Google's cards. Pure."""
