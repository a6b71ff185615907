import { type Command, CommanderError } from "commander";
import { CHECKS } from "../../ops/doctor/checks";
import { WrongUse } from "../../ops/errors";
import { exitCodeFor, program } from "../../ops/main";
import { exportLines } from "../../ops/sandbox";
import { Interrupted } from "../../sandbox/rehearsal";

/** The program with its output kept away from the test's. */
function quiet(): Command {
  const silence = (command: Command): void => {
    command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
    command.commands.forEach(silence);
  };
  const command = program();
  silence(command);
  return command;
}

const exitOf = (args: string[]): Promise<number> =>
  quiet()
    .parseAsync(args, { from: "user" })
    .then(() => 0, exitCodeFor);

it.each([
  [["sandbox", "up", "--help"], 0],
  [["sandbox", "--help"], 0],
  [["sandbox", "fly"], 2],
  [["sandbox", "shell"], 2],
  [["sandbox", "up", "--fast"], 2],
  [["orphans", "--help"], 0],
  [["orphans", "--delete"], 2],
  [["orphans", "no-such-pipeline.yaml"], 2],
  [["fly"], 2],
  [["doctor", "--help"], 0],
  [["doctor", "--only"], 2],
  [["doctor", "--only", "moon"], 2],
  [["doctor", "one.yaml", "two.yaml"], 2],
  [["blueprint", "check", "--help"], 0],
  [["blueprint", "check"], 2],
  [["blueprint", "fly"], 2],
])("%j ends with %d", async (args, code) => {
  expect(await exitOf(args)).toBe(code);
});

it("tells a found problem from wrong use and from ctrl-C", () => {
  expect([new Error("x"), new WrongUse("x"), new Interrupted()].map(exitCodeFor)).toEqual([1, 2, 130]);
  expect(exitCodeFor(new CommanderError(0, "commander.helpDisplayed", "help"))).toBe(0);
});

const sandbox = program().commands.find((command) => command.name() === "sandbox") as Command;

it("has the promised commands", () => {
  expect(sandbox.commands.map((command) => command.name())).toEqual([
    "up",
    "status",
    "shell",
    "env",
    "rehearse",
    "down",
  ]);
});

it.each(sandbox.commands.map((command) => [command.name(), command] as const))(
  "%s has --json, and help with an example",
  (name, command) => {
    let help = "";
    command.configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    expect(help).toContain("--json");
    expect(help).toMatch(new RegExp(`\\nExample:\\n  \\$ .*npx aws2ncp sandbox ${name}`));
  },
);

it("doctor has --json, an example, and names every check", () => {
  const doctor = program().commands.find((command) => command.name() === "doctor") as Command;
  let help = "";
  doctor.configureOutput({ writeOut: (text) => (help += text) });
  doctor.outputHelp();
  expect(help).toContain("--json");
  expect(help).toMatch(/\nExample:\n {2}\$ npx aws2ncp doctor /);
  for (const { name, about } of CHECKS) expect(help).toMatch(new RegExp(`\\n  ${name} +${about.slice(0, 20)}`));
});

it("a pipeline file that does not load is what doctor finds", async () => {
  const written: string[] = [];
  const out = jest.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  try {
    expect(await exitOf(["doctor", "/nowhere/pipeline.yaml", "--json"])).toBe(0);
    expect(process.exitCode).toBe(1);
  } finally {
    out.mockRestore();
    process.exitCode = undefined;
  }
  expect(JSON.parse(written.join(""))).toEqual({
    ok: false,
    findings: [
      {
        check: "pipeline",
        severity: "error",
        place: expect.stringMatching(/nowhere\/pipeline\.yaml:1:1$/),
        found: expect.stringContaining("can't be read"),
        try: "give the path of a pipeline file as the first argument",
      },
    ],
  });
});

it("quotes values for a shell", () => {
  expect(exportLines({ A: "plain", B: "it's $HOME" })).toBe("export A='plain'\nexport B='it'\\''s $HOME'");
});
