"""The web side: health, metrics, evidence and digest pages, calendars and feeds. Loaded only where WEB_URL is set."""
