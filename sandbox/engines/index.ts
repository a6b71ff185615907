/** The engines of the sandbox, real ones, as its other parts use them. */
export { classPath, ensureEngine, ENGINE_NAMES, ensureEngines, type EngineName, mountedEngines } from "./engines";
export { PRESTO_FILE } from "./presto";
