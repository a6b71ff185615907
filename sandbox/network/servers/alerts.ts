/**
 * Somebody else's service that takes alerts: writes down each JSON document that is posted to its secret path, and refuses
 * everything else. Arguments: certificate, key, file with its URL, file to write to.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:https";
import { answerTo, LONGEST_BODY } from "../alerts";

const [certificate = "", key = "", webhook = "", received = ""] = process.argv.slice(2);
const { pathname } = new URL(readFileSync(webhook, "utf8").trim());

createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (chunk: string) => {
    if (body.length <= LONGEST_BODY) body += chunk;
  });
  request.on("end", () => {
    const { method = "", url = "", headers } = request;
    const status = answerTo({ method, path: url, contentType: headers["content-type"] ?? "", body }, pathname);
    const now = new Date().toISOString();
    if (status === 200)
      appendFileSync(received, `${JSON.stringify({ received: now, body: JSON.parse(body) as unknown })}\n`);
    // Without the path: it is the secret.
    console.log(`${now} ${request.socket.remoteAddress ?? ""} ${method} ${status}`);
    response.writeHead(status, { "Content-Type": "text/plain" }).end(status === 200 ? "ok\n" : "refused\n");
  });
}).listen(443, "0.0.0.0");
