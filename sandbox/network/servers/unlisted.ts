/** A stranger on the internet: answers HTTPS to whoever gets through. Arguments: certificate, key. */
import { readFileSync } from "node:fs";
import { createServer } from "node:https";

const [certificate = "", key = ""] = process.argv.slice(2);

createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
  console.log(
    `${new Date().toISOString()} ${request.socket.remoteAddress ?? ""} ${request.method ?? ""} ${request.url ?? ""}`,
  );
  response.writeHead(200, { "Content-Type": "text/plain" }).end("unlisted\n");
}).listen(443, "0.0.0.0");
