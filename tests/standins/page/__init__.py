"""The stand-ins' page: the sender's Gmail, the recipients' inboxes and the Slack DM, side by side."""
