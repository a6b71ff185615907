import { answerTo, LONGEST_BODY, type WebhookRequest } from "../../../sandbox/network/alerts";

const good: WebhookRequest = {
  method: "POST",
  path: "/hooks/secret",
  contentType: "application/json; charset=utf-8",
  body: '{"dataset":"event_log"}',
};

it("takes a JSON POST to its secret path", () => expect(answerTo(good, "/hooks/secret")).toBe(200));

it.each([
  ["another path", { path: "/hooks/secre" }, 404],
  ["another method", { method: "GET" }, 405],
  ["a form", { contentType: "application/x-www-form-urlencoded" }, 415],
  ["no type", { contentType: "" }, 415],
  ["what is not JSON", { body: "{" }, 400],
  ["nothing", { body: "" }, 400],
  ["too much", { body: JSON.stringify("x".repeat(LONGEST_BODY)) }, 413],
])("refuses %s", (_, change, status) => expect(answerTo({ ...good, ...change }, "/hooks/secret")).toBe(status));
