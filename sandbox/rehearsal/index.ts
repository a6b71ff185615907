export { sandboxStatus, statusInWords, type SandboxStatus } from "./status";
export { handleInterrupts, Interrupted, interrupted } from "./interrupt";
export { claim, holder, release, rest, type Holder } from "./lock";
export { downSteps } from "./down";
export { rehearse } from "./rehearse";
export { runSteps, StepFailed, type Note, type Step, type StepResult, type Watcher } from "./steps";
export { summaryFile, summaryInWords, type Summary } from "./summary";
export { upSteps } from "./up";
