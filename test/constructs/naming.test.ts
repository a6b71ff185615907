import { descriptionOf, nameOf } from "../../constructs/naming";

it("begins with the pipeline's name", () => {
  expect(nameOf({ name: "aws2ncp" }, "private")).toBe("aws2ncp-private");
});

it("writes hyphens where the platform takes no underscore", () => {
  expect(nameOf({ name: "aws2ncp" }, "event_log", "data")).toBe("aws2ncp-event-log-data");
});

it("describes what has no name", () => {
  expect(descriptionOf({ name: "aws2ncp" }, "proxy-1")).toBe("aws2ncp: proxy-1");
});
