/** Templates and literal files of the Ansible roles, read at synth. Templates are Jinja2 as far as nunjucks knows it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import nunjucks from "nunjucks";

export { sortedJson } from "../../pipeline/sorted-json";

/** The folder `ansible-templates` of this project, found from the sources and from the compiled program alike. */
export function templatesFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, "ansible-templates");
    if (existsSync(join(candidate, "roles"))) return candidate;
  }
  throw new Error(`ansible-templates/roles: not found in any folder above ${__dirname}; run from a complete checkout`);
}

const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(templatesFolder()), {
  autoescape: false,
  throwOnUndefined: true,
  trimBlocks: true,
  lstripBlocks: true,
});

/** Renders `PATH` below ansible-templates. An undefined variable is an error that names the template. */
export function renderTemplate(path: string, context: object): string {
  try {
    return environment.render(path, context);
  } catch (error) {
    throw new Error(`ansible-templates/${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** A file delivered as it lies in `ansible-templates/roles/ROLE/files`. */
export function readRoleFile(role: string, path: string): string {
  return readFileSync(join(templatesFolder(), "roles", role, "files", path), "utf8");
}

/** Names of the files in a folder of a role's `files`, sorted. */
export function listRoleFiles(role: string, folder: string): string[] {
  return readdirSync(join(templatesFolder(), "roles", role, "files", folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}
