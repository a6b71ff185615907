/**
 * Which ansible-core runs on which Python and manages which; the targets' oldest Python decides.
 * Source: ansible-core support matrix; 2.17 dropped 3.6 (and EL8's platform Python), 2.18 dropped 3.7, 2.20 needs a
 * controller of 3.12.
 */
export interface AnsibleCore {
  /** Its pins are in hooks/deliver/ansible/requirements-VERSION.txt. */
  readonly version: string;
  /** Minor versions of Python 3 on the machine that deploys, oldest and newest. */
  readonly controllers: readonly [number, number];
  /** Minor versions of Python 3 on targets, oldest and newest. */
  readonly targets: readonly [number, number];
}

/** Newest first. */
export const ANSIBLE_CORES: readonly AnsibleCore[] = [
  { version: "2.19.14", controllers: [11, 13], targets: [8, 13] },
  { version: "2.16.19", controllers: [10, 12], targets: [6, 12] },
];

/**
 * Version for the oldest Python among the targets, such as "3.10".
 * @throws Error when no known version manages it.
 */
export function ansibleCoreFor(oldestPython: string): string {
  const minor = Number(/^3\.(\d+)$/.exec(oldestPython)?.[1]);
  const core = ANSIBLE_CORES.find(({ targets: [oldest, newest] }) => minor >= oldest && minor <= newest);
  if (core === undefined)
    throw new Error(
      `no ansible-core manages Python ${oldestPython}; allowed: 3.6 to 3.13; try a server image with one of these`,
    );
  return core.version;
}

/** Names under which a Python that runs this ansible-core may be on the PATH, in the order in which they are tried. */
export function pythonNames([oldest, newest]: AnsibleCore["controllers"]): string[] {
  const versions = Array.from({ length: newest - oldest + 1 }, (_, index) => `python3.${newest - index}`);
  return ["python3", ...versions];
}
