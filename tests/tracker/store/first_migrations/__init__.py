"""The schema of the first release."""
