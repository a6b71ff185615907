"""Posts one JSON message through the proxy's port B. The URL is a secret: no error tells more of it than its host."""
import http.client
import json
import ssl
from urllib.parse import urlsplit

SECONDS = 20


class NotDelivered(Exception):
    """The webhook did not take the message; the text says why without the URL."""


def post(url, host, proxy, trust_file, message):
    """Posts to `url`, which must be at `host`, through `proxy` (name, port). Done when the answer is 2xx; no redirect is followed."""
    try:
        parts = urlsplit(url)
        right = (parts.scheme, parts.hostname, parts.port or 443, parts.username) == ("https", host, 443, None)
    except ValueError:
        right = False
    if not right:
        raise NotDelivered(f"the URL is not at https://{host}\n  allowed: a URL of the host in alerts.host\n  try: correct the secret alert_webhook and deploy")
    connection = http.client.HTTPSConnection(*proxy, timeout=SECONDS, context=trusting(trust_file))
    connection.set_tunnel(host, 443)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, json.dumps(message), {"Content-Type": "application/json", "User-Agent": "aws2ncp"})
        answer = connection.getresponse()
        answer.read(65536)
    except OSError as error:
        raise NotDelivered(f"{host}: {error}") from None
    except (http.client.HTTPException, ValueError) as error:  # whose texts can quote the URL
        raise NotDelivered(f"{host}: {type(error).__name__}") from None
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise NotDelivered(f"{host} answered {answer.status}")


def trusting(trust_file):
    """TLS that believes the system's CAs and those of the pipeline's trust bundle."""
    try:
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_verify_locations(trust_file)
        return context
    except OSError as error:
        raise NotDelivered(f"{trust_file}: can't be used: {error.strerror or error}") from None
