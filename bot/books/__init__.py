"""The bot's own bookkeeping (settings, inbox, outbox) on the same database as the facts."""
