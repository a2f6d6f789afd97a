"""Twotick's bot: what people see of the tracker in Slack."""
