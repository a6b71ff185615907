/** The Apache engines of the sandbox, real ones, as its other parts use them. */
export { classPath, ensureEngine, ENGINE_NAMES, ensureEngines, type EngineName } from "./parts";
