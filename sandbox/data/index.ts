export { FEEDER, feedNewObjects, seedHive, seedLog, type Fed, type LogPlace, type Place } from "./feed";
export { HIVE_ROWS } from "./hive";
