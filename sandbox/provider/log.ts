/** Terraform shows a plugin's stderr under TF_LOG, if it is hclog's JSON. */
export function log(level: "debug" | "info" | "warn" | "error", message: string): void {
  const line = { "@level": level, "@message": message, "@module": "stand-in", "@timestamp": new Date().toISOString() };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
