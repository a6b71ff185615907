import { type Command, CommanderError } from "commander";
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
  [["fly"], 2],
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

it("quotes values for a shell", () => {
  expect(exportLines({ A: "plain", B: "it's $HOME" })).toBe("export A='plain'\nexport B='it'\\''s $HOME'");
});
