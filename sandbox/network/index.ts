/** The sandbox's network, as its other parts use it. */
export * from "./addresses";
export { receivedAlerts, type ReceivedAlert } from "./alerts";
export { applyNetwork, dropCounters } from "./apply";
export type * from "./model";
export { netnsPath, waitUntilListening } from "./netns";
export { attachNic, detachNic, type NicOptions } from "./nics";
export { DROP_REASONS, type DropCounters, type DropReason, renderRouter } from "./router";
export { networkDown, networkUp } from "./topology";
