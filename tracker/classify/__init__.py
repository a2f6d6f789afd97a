"""Who fetched it: rules in order of certainty over a hit and what is known. Pure."""
