/** The sandbox's Ambari, asked on its own host. */
import { hostExec } from "../../../sandbox/hosts";
import { readSecret } from "../../../sandbox/secrets";

export interface AmbariAnswer {
  readonly status: number;
  readonly body: any;
}

/** @param path below /api/v1. The password goes in by standard input. */
export async function ambari(path: string): Promise<AmbariAnswer> {
  const program = [
    "import base64, http.client, json",
    `password = ${JSON.stringify(await readSecret("ambari-admin-password"))}`,
    'login = base64.b64encode(("admin:" + password).encode()).decode()',
    'connection = http.client.HTTPConnection("localhost", 8080)',
    `connection.request("GET", ${JSON.stringify(`/api/v1${path}`)}, headers={"Authorization": "Basic " + login})`,
    "answer = connection.getresponse()",
    'print(json.dumps({"status": answer.status, "body": json.loads(answer.read())}))',
  ];
  const { stdout } = await hostExec("hdp-1", ["python3", "-"], { input: program.join("\n") });
  return JSON.parse(stdout) as AmbariAnswer;
}
