"""Whether the server in this container answers: exit status 0, or 1. Without a web side there is nothing to ask.

(Docker starts a container again whose process ends; what is unhealthy it only shows, and a balancer avoids.)
"""

import os
import sys
import urllib.error
import urllib.request

SECONDS = 3.0


def healthy() -> bool:
    if not os.environ.get("WEB_URL", "").strip():
        return True
    port = os.environ.get("WEB_PORT", "").strip() or "8080"
    try:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"http://127.0.0.1:{port}/healthz", timeout=SECONDS) as answer:
            return bool(answer.read(16) == b"ok\n")
    except (OSError, urllib.error.URLError):
        return False


if __name__ == "__main__":
    sys.exit(0 if healthy() else 1)
