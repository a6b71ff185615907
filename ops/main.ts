#!/usr/bin/env node
/** The `aws2ncp` command. Exit codes: 0 success, 1 a problem was found, 2 wrong use, 130 interrupted. */
import { Command, CommanderError } from "commander";
import { handleInterrupts, Interrupted } from "../sandbox/rehearsal";
import { blueprintCommand } from "./blueprint";
import { certsCommand } from "./certs";
import { diagramCommand } from "./diagram";
import { doctorCommand } from "./doctor/command";
import { WrongUse } from "./errors";
import { metastoreCommand } from "./metastore/command";
import { orphansCommand } from "./orphans/command";
import { reviewCommand } from "./review/command";
import { sandboxCommand } from "./sandbox";
import { bootstrapCommand } from "./state/command";
import { jobsCommand, statusCommand } from "./status/command";

export function program(): Command {
  const command = new Command("aws2ncp")
    .description(
      "moves a data pipeline from AWS to Naver Cloud Platform, runs it there, and proves that nothing was lost",
    )
    .addCommand(sandboxCommand())
    .addCommand(certsCommand())
    .addCommand(bootstrapCommand())
    .addCommand(doctorCommand())
    .addCommand(orphansCommand())
    .addCommand(blueprintCommand())
    .addCommand(reviewCommand())
    .addCommand(diagramCommand())
    .addCommand(metastoreCommand())
    .addCommand(statusCommand())
    .addCommand(jobsCommand())
    .addHelpText("after", "\nExample:\n  $ npx aws2ncp sandbox rehearse");
  return withExits(command);
}

/** Wrong use must end with 2, not with commander's 1: so it throws, here and in every command below. */
function withExits(command: Command): Command {
  command.exitOverride().showHelpAfterError("(--help shows what is allowed)");
  command.commands.forEach(withExits);
  return command;
}

/** Exit code for what a command threw. */
export function exitCodeFor(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof WrongUse) return 2;
  return error instanceof Interrupted ? 130 : 1;
}

async function main(): Promise<void> {
  handleInterrupts((text) => process.stderr.write(`\n${text}\n`));
  try {
    await program().parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = exitCodeFor(error);
  }
}

if (require.main === module) void main();
