/**
 * The account under which Airflow's jobs run on a cluster node that has the clients of Spark, Hive and Sqoop: its key starts
 * those three programs and nothing else.
 */
import type { HostPlan, JobFile, Plan } from "../../pipeline/plan-types";
import { HADOOP } from "./accounts";
import { LIBRARY } from "./render-java";
import type { FileSpec, Job, Scope } from "./render-types";
import { secretParts } from "./secret-parts";

/** Account, login of Presto, user of Hive and owner of files in HDFS: programs, no person. */
export const BATCH = "batch";

/** Where the company's jobs lie on that node. */
export const JOBS_FOLDER = "/opt/aws2ncp/jobs";

/** The node that the placement leaves most room on: the third. */
export function isClientNode({ cluster, airflow }: Plan, { fqdn }: HostPlan): boolean {
  return airflow !== undefined && cluster?.spec.nodes[2]?.fqdn === fqdn;
}

/** The company's files below a folder, and the folders on the way to them. */
export function jobFiles(folder: string, files: readonly JobFile[]): Required<Pick<Job, "folders" | "files">> {
  const above = (path: string): string[] =>
    path
      .split("/")
      .slice(0, -1)
      .map((_, index, names) => names.slice(0, index + 1).join("/"));
  const folders = [...new Set(files.flatMap(({ path }) => above(path)))].sort();
  return {
    folders: [{ path: folder }, ...folders.map((path) => ({ path: `${folder}/${path}` }))],
    files: files.map(({ path, content }): FileSpec => ({ path: `${folder}/${path}`, content, code: true })),
  };
}

export function batchClientJob({ plan, platform }: Scope): Job {
  const jobs = jobFiles(JOBS_FOLDER, plan.airflow?.jobs ?? []);
  const program = `${LIBRARY}/batch_client.py`;
  // Ambari's accounts, hdfs among them, need no ticket without Kerberos.
  const home = plan.cluster?.spec.kerberos === undefined;
  const units = ["service", "timer"].map((kind) => `aws2ncp-batch-home.${kind}`);
  const sources = plan.parties.airflow.map((block) => block.replace(/\/32$/, ""));
  return {
    folders: [{ path: LIBRARY }, { path: "/opt/aws2ncp" }, ...jobs.folders],
    files: [
      { path: program, source: "batch_client.py" },
      ...(home ? units.map((unit) => ({ path: `/etc/systemd/system/${unit}`, source: unit })) : []),
      ...jobs.files,
    ],
    secretFiles: [
      {
        path: `/etc/ssh/authorized_keys/${BATCH}`,
        parts: secretParts(
          `restrict,from="${sources.join(",")}",command="${platform.python} -B ${program}" <<batch_ssh_public_key>>\n`,
        ),
        group: HADOOP.name,
        mode: "0640",
      },
    ],
    vars: { batch_client_group: HADOOP.name, batch_client_jobs: JOBS_FOLDER, batch_client_home: home },
  };
}
