"""Asks Presto by its REST interface, as any client does: standard input has {url, ca, user, password, catalog, sql}, standard output the rows."""
import base64
import json
import ssl
import sys
import urllib.request

asked = json.load(sys.stdin)
login = base64.b64encode(f"{asked['user']}:{asked['password']}".encode()).decode()
headers = {"Authorization": f"Basic {login}", "X-Presto-User": asked["user"], "X-Presto-Catalog": asked["catalog"]}
opener = urllib.request.build_opener(
    urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=asked["ca"]))
)


def page(url, body=None):
    with opener.open(urllib.request.Request(url, data=body, headers=headers), timeout=120) as answer:
        return json.load(answer)


rows = []
found = page(f"{asked['url']}/v1/statement", asked["sql"].encode())
while True:
    if "error" in found:
        sys.exit(f"{found['error'].get('errorName')}: {found['error'].get('message')}")
    rows += found.get("data", [])
    if "nextUri" not in found:
        break
    found = page(found["nextUri"])
print(json.dumps(rows))
