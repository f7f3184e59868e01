"""Queued replies -> the chat platforms: pacing and retries decided apart (``pace``, ``decide``) from sending."""
