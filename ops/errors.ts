/** Mistakes in how a command was called: exit code 2, where a problem that was found has 1. */
export class WrongUse extends Error {}
