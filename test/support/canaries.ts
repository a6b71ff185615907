/** A search for secrets where none may lie: their values and what programs make of them, in files, objects of git and processes. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { join } from "node:path";

/** Shorter texts would be found by chance. */
const SHORTEST = 16;

/** Part of a text's base64 that is the same wherever in a longer text it stands, for each of the three places. */
function base64Parts(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString("base64");
    // The first characters mix with what stands before, the last with what follows.
    return encoded.replace(/=+$/, "").slice(shift === 0 ? 0 : shift + 1, -1);
  });
}

/** Lines of a private key that are nobody else's: of OpenSSH's format the first says only what it is. */
function keyLines(pem: string): string[] {
  const body = pem.split("\n").filter((line) => line !== "" && !line.startsWith("-----"));
  const own = pem.includes("OPENSSH") ? body.slice(1) : body;
  return own.filter((line) => line.length >= SHORTEST);
}

/** Every form in which a secret could be seen. */
export function needlesOf(value: string): string[] {
  const atoms = value.includes("PRIVATE KEY-----") ? keyLines(value) : [value];
  const forms = atoms.flatMap((atom) => [
    atom,
    encodeURIComponent(atom),
    JSON.stringify(atom).slice(1, -1),
    atom.replaceAll("/", "\\/"), // as some programs write JSON
    ...base64Parts(atom),
    Buffer.from(atom).toString("hex"),
  ]);
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST);
}

/** Secrets to look for: by each form the secret's name. */
export class Canaries {
  private readonly names: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    const empty = [...values].filter(([, value]) => needlesOf(value).length === 0).map(([name]) => name);
    if (empty.length > 0) throw new Error(`too short to be looked for: ${empty.join(", ")}`);
    this.names = new Map([...values].flatMap(([name, value]) => needlesOf(value).map((form) => [form, name] as const)));
  }

  /** The forms, one a line: what `grep -F -f` reads. */
  get patterns(): string {
    return `${[...this.names.keys()].join("\n")}\n`;
  }

  /** grep's options that print each place and the form found there; the forms come by standard input. */
  static readonly GREP = ["grep", "-aroHFs", "-D", "skip", "-f", "-"] as const;

  /** "PLACE: SECRET" for each line of grep's, each once. */
  found(output: string): string[] {
    const forms = [...this.names.keys()].sort((a, b) => b.length - a.length);
    const lines = output.split("\n").filter((line) => line !== "");
    const named = lines.map((line) => {
      const form = forms.find((each) => line.endsWith(`:${each}`));
      if (form === undefined) throw new Error(`grep found what nobody looked for: ${line.slice(0, 40)}`);
      return `${line.slice(0, -form.length - 1)}: ${this.names.get(form)}`;
    });
    return [...new Set(named)].sort();
  }

  /** Searches files and folders of this machine, but for folders of these names. */
  inFiles(paths: readonly string[], except: readonly string[] = []): string[] {
    const [program, ...args] = [...Canaries.GREP, ...except.map((name) => `--exclude-dir=${name}`), "--", ...paths];
    return this.found(ran(program, args, this.patterns));
  }

  /** Searches a text. */
  inText(name: string, text: string): string[] {
    return [...this.names].flatMap(([form, secret]) => (text.includes(form) ? [`${name}: ${secret}`] : [])).sort();
  }

  /** Searches all objects of a git repository, reachable or not, and the tracked files as they lie there. */
  inGit(folder: string): string[] {
    const objects = "git cat-file --batch-all-objects --batch --unordered --buffer";
    const tracked = "git ls-files -z | xargs -0 -r cat --";
    return [objects, tracked].flatMap((command) => {
      // Both need standard input: grep's patterns come by another descriptor.
      const script = `${command} 2>/dev/null | grep -aohF -f <(cat <&3)`;
      const { stdout, status, stderr } = spawnSync(
        "bash",
        ["-c", `cd "$0" && exec 3<&0 0</dev/null && ${script}`, folder],
        {
          input: this.patterns,
          encoding: "utf8",
          maxBuffer: 1 << 28,
        },
      );
      if (status !== 0 && status !== 1) throw new Error(stderr);
      return this.found(
        stdout
          .split("\n")
          .map((line) => line && `git:${line}`)
          .join("\n"),
      );
    });
  }

  /** Begins to look into the arguments and environments of everything that descends from these processes. */
  watch(roots: Readonly<Record<string, number>>): Watch {
    return new Watch(roots, this.patterns, this.names);
  }
}

export interface Watched {
  /** "WHERE COMMAND arguments: SECRET" */
  readonly hits: readonly string[];
  /** Processes that were looked into, by root. */
  readonly processes: Readonly<Record<string, number>>;
}

/** A sampler of processes that runs beside a task. */
export class Watch {
  private readonly child: ChildProcess;
  private output = "";
  private readonly started: Promise<void>;

  constructor(
    roots: Readonly<Record<string, number>>,
    patterns: string,
    private readonly names: ReadonlyMap<string, string>,
  ) {
    const program = join(__dirname, "watch_processes.py");
    this.child = spawn("python3", ["-B", program, JSON.stringify(roots)], { stdio: ["pipe", "pipe", "inherit"] });
    this.started = new Promise((begun) =>
      this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
        begun();
      }),
    );
    this.child.stdin?.write(`${patterns}\n`);
  }

  /** Resolves once it looks. */
  begun(): Promise<void> {
    return this.started;
  }

  /** Ends it. */
  async end(): Promise<Watched> {
    const closed = new Promise((done) => this.child.on("close", done));
    this.child.stdin?.end();
    await closed;
    const { hits, processes } = JSON.parse(this.output.split("\n").filter(Boolean).at(-1) ?? "") as {
      hits: [where: string, command: string, part: string, form: string][];
      processes: Record<string, number>;
    };
    const told = hits.map(([where, command, part, form]) => `${where} ${command} ${part}: ${this.names.get(form)}`);
    return { hits: [...new Set(told)].sort(), processes };
  }
}

function ran(program: string, args: readonly string[], input: string): string {
  const { stdout, status, error, stderr } = spawnSync(program, args, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (error !== undefined) throw error;
  // 2 is also for a file that vanished meanwhile, of which grep says nothing with -s; anything else it says.
  if (status === null || stderr !== "") throw new Error(`${program}: ${stderr}`);
  return stdout;
}
