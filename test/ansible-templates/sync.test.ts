import { spawnSync } from "node:child_process";
import { join } from "node:path";

it("the sync job passes its tests in Python, with the real rclone", () => {
  const result = spawnSync("python3", ["-B", "-m", "unittest"], {
    cwd: join(__dirname, "sync"),
    encoding: "utf8",
    timeout: 540_000,
  });
  if (result.status !== 0) throw new Error(result.stderr);
  expect(/Ran (\d+) tests/.exec(result.stderr)?.[1]).toBe("146");
}, 550_000);
