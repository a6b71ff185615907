export { FEEDER, feedNewHours, seedEventLog, type Fed, type LogPlace } from "./feed";
