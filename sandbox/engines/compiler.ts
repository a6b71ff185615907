/** A compiler of Java for a runtime that has none: Eclipse's, and what hands it to programs that ask Java for one. */
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../paths";
import { run } from "../run";
import { java } from "./apache";
import { jarsOf, ensurePart, listed, type Part } from "./part";

const ECJ = "ecj-3.33.0.jar";
const source = (): string => join(projectRoot(), "sandbox", "engines", "compiler", "ToolProvider.java");

/** `lib/ecj-3.33.0.jar`, and `java.compiler` with what replaces a class of that module. */
export const compiler: Part = {
  from: async () => `${await readFile(source(), "utf8")} ${await listed("compiler")}`,
  make: async (folder, note) => {
    await jarsOf("compiler").make(folder, note);
    const home = await ensurePart("java", java, note);
    const work = join(folder, "source");
    await mkdir(work);
    await cp(source(), join(work, "ToolProvider.java"));
    // As Java 8, which knows no modules: of these, Java's own would claim the package.
    const compile = ["-jar", join(folder, "lib", ECJ), "-8", "-d", join(folder, "java.compiler"), work];
    await run(join(home, "bin", "java"), compile);
    await rm(work, { recursive: true });
  },
};
