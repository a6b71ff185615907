import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { JOB_FILE_BYTES, readJobs } from "../../pipeline/jobs";
import type { PipelineFile } from "../../pipeline/schema";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jobs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (path: string, content: string | Buffer = "x\n"): void => {
  mkdirSync(join(folder, "jobs", dirname(path)), { recursive: true });
  writeFileSync(join(folder, "jobs", path), content);
};
const read = (jobs?: string) => readJobs({ airflow: { index: "", jobs } } as unknown as PipelineFile, folder);
const told = (): string[] => read("jobs").problems.map(({ message }) => message);

it("reads all files in the order of their paths, but what running or an editor has left", () => {
  for (const path of ["b.py", "a/query.sql", "__pycache__/b.pyc", ".git/config", "b.py~", ".gitignore"])
    put(path, `${path}\n`);
  expect(read("jobs")).toEqual({
    files: [
      { path: "a/query.sql", content: "a/query.sql\n" },
      { path: "b.py", content: "b.py\n" },
    ],
    problems: [],
  });
});

it("no folder named is no files", () => {
  expect(read()).toEqual({ files: [], problems: [] });
});

it("says that the folder is missing", () => {
  expect(read("jobs").problems).toEqual([
    {
      path: ["airflow", "jobs"],
      message: '"jobs" is no folder beside the pipeline file',
      allowed: "a folder of DAGs and of what they use",
      hint: "mkdir jobs, or remove the line",
    },
  ]);
});

it("refuses names of the pipeline's own", () => {
  put("aws2ncp_logs.py");
  put("aws2ncp_batch/gate.py");
  put("reports/aws2ncp.py");
  put("my_aws2ncp.py");
  expect(told()).toEqual([
    "jobs/aws2ncp_batch/gate.py has a name that would shadow the pipeline's own",
    "jobs/aws2ncp_logs.py has a name that would shadow the pipeline's own",
    "jobs/reports/aws2ncp.py has a name that would shadow the pipeline's own",
  ]);
});

it("refuses what can't be delivered as text", () => {
  put("a b.py");
  put(".env");
  put("job.jar", Buffer.from([0x50, 0x4b, 0, 1]));
  put("latin.py", Buffer.from([0xe4, 0x0a]));
  put("data.csv", "x".repeat(JOB_FILE_BYTES + 1));
  put("fits.csv", "x".repeat(JOB_FILE_BYTES));
  symlinkSync("/etc/passwd", join(folder, "jobs", "link.py"));
  expect(told()).toEqual([
    "jobs/.env has a name that can't be delivered",
    "jobs/a b.py has a name that can't be delivered",
    "jobs/data.csv has 1048577 bytes",
    "jobs/job.jar is no text in UTF-8",
    "jobs/latin.py is no text in UTF-8",
    "jobs/link.py is no plain file",
  ]);
});
