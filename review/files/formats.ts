/** Which format a file has, and how each is read into values that can be compared by meaning. */
import { parse as parseYaml } from "yaml";
import type { FileKind, Json } from "../report";
import { readCron } from "./cron";
import { readIni } from "./ini";
import { readLines } from "./lines";
import { readXml } from "./xml";

interface Format {
  readonly kind: FileKind;
  /** Of the file's path on its host. The first that matches counts. */
  readonly path: RegExp;
}

const FORMATS: readonly Format[] = [
  { kind: "json", path: /\.json$/ },
  { kind: "yaml", path: /\.ya?ml$|^\/etc\/cloud\/cloud\.cfg\.d\/.*\.cfg$/ },
  { kind: "xml", path: /\.xml$/ },
  { kind: "cron", path: /^\/etc\/cron\.d\/|^\/etc\/crontab$/ },
  {
    kind: "ini",
    path: /^\/etc\/systemd\/|\.(service|timer|mount|socket|ini|properties)$|\/(rclone\.conf|airflow\.cfg|ambari-agent\.ini|pg_service\.conf)$/,
  },
  // A line is a statement: "#" begins a comment, empty lines and white space mean nothing, and the order counts.
  {
    kind: "lines",
    path: /^\/etc\/(squid|ssh|chrony(\.conf)?|chrony|sudoers\.d|logrotate\.d|apt|security|postgresql)(\/|$)|^\/etc\/(hosts|chrony\.conf)$|\.(nft|conf)$/,
  },
];

/** Comments of formats that are read line by line. */
const COMMENTS: readonly (readonly [RegExp, RegExp])[] = [[/^\/etc\/apt\//, /^\s*(\/\/|#)/]];

/** Whether it is a program in which a bare word is a name, and no value. */
export const isCode = (path: string): boolean => path.endsWith(".py");

export function kindOf(path: string): FileKind {
  return FORMATS.find((format) => format.path.test(path))?.kind ?? "text";
}

/**
 * The meaning of a text; undefined where the format is unknown or the text is none of its format: then its lines are compared.
 */
export function readFile(path: string, text: string): Json | undefined {
  try {
    switch (kindOf(path)) {
      case "json":
        return JSON.parse(text) as Json;
      case "yaml":
        return parseYaml(text) as Json;
      case "xml":
        return readXml(text);
      case "ini":
        return readIni(text);
      case "cron":
        return readCron(text);
      case "lines":
        return readLines(text, COMMENTS.find(([of]) => of.test(path))?.[1]);
      case "text":
      case "secret":
        return undefined;
    }
  } catch {
    return undefined;
  }
}
