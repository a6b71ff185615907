/** The page in a real browser: what a reviewer sees and does. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { renderHtml } from "../../../review/html/page";
import { openFile, startBrowser, type Look, type Watched } from "../../support/browser";
import { contrastsBelow } from "./contrast";
import { report } from "./report";

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "review-"));
const file = join(folder, "review.html");
let browser: Browser;

beforeAll(async () => {
  writeFileSync(file, renderHtml(report()));
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Opens the page, and at the end demands that it was silent and asked for nothing but itself. */
async function look(how: Look, see: (page: Page, watched: Watched) => Promise<void>): Promise<void> {
  const watched = await openFile(browser, file, how);
  await see(watched.page, watched);
  expect(watched.said).toEqual([]);
  expect(watched.requested.filter((url) => !url.startsWith("data:"))).toEqual([pathToFileURL(file).href]);
  await watched.page.close();
}

const texts = (page: Page, selector: string): Promise<string[]> =>
  page.$$eval(selector, (elements) =>
    elements.map((each) => (each as HTMLElement).innerText.replace(/\s+/g, " ").trim()),
  );

const isVisible = (page: Page, selector: string): Promise<boolean> =>
  page.$eval(selector, (element) => element.checkVisibility());

const focused = (page: Page): Promise<string> =>
  page.evaluate(
    () => document.activeElement?.id || (document.activeElement as HTMLElement).innerText.replace(/\s+/g, " ").trim(),
  );

it("shows the verdict and the findings, and takes names for text", () =>
  look({}, async (page) => {
    expect(await texts(page, "h1")).toEqual([report().verdict]);
    expect(await texts(page, ".chip")).toEqual(["1 critical", "2 high", "1 medium", "1 low", "2 info"]);
    expect(await texts(page, "section .finding h4")).toEqual([
      "Critical Opened to the whole internet",
      "High Server replaced",
      "High Proxy bypassed",
      "Medium Endpoint or bucket added to the secure path",
      "Low Schedule of a sync changed",
      "",
      "",
    ]);
    expect(await page.title()).toBe(`Review: ${report().verdict}`);
    expect(await page.$$("img")).toHaveLength(0);
  }));

it("folds what narrows, and opens and closes everything", () =>
  look({}, async (page) => {
    expect(await isVisible(page, "#finding-6")).toBe(false);
    await page.click("#severity-info");
    expect(await isVisible(page, "#finding-6")).toBe(true);
    const open = (): Promise<boolean[]> => page.$$eval("details", (all) => all.map((each) => each.open));
    await page.click("#open-all");
    expect(new Set(await open())).toEqual(new Set([true]));
    await page.click("#close-all");
    expect(new Set(await open())).toEqual(new Set([false]));
  }));

it("leads to a folded finding by its address", () =>
  look({}, async (page) => {
    await page.evaluate(() => (location.hash = "#finding-6"));
    await page.waitForFunction(() => document.getElementById("finding-6")?.checkVisibility());
  }));

it("switches the picture by keyboard, one at a time, and never wider than its place", () =>
  look({}, async (page) => {
    const views = async (): Promise<boolean[]> =>
      Promise.all(["changes", "before", "after"].map((name) => isVisible(page, `.view-${name}`)));
    expect(await views()).toEqual([true, false, false]);
    await page.focus("#picture-changes");
    await page.keyboard.press("ArrowRight");
    expect(await views()).toEqual([false, true, false]);
    await page.keyboard.press("ArrowRight");
    expect(await views()).toEqual([false, false, true]);
    const [picture, place] = await page.$eval(".view-after", (view) => [
      (view.firstElementChild as Element).getBoundingClientRect().width,
      view.getBoundingClientRect().width,
    ]);
    expect(picture).toBeGreaterThan(600);
    expect(picture).toBeLessThanOrEqual(place as number);
  }));

it("draws texts that fit into their boxes with the fonts of this machine", () =>
  look({}, async (page) => {
    const out = await page.$$eval(".view-changes svg", ([svg]) => {
      const boxes = [...(svg as Element).querySelectorAll("rect")].map((box) => box.getBoundingClientRect());
      const texts = [...(svg as Element).querySelectorAll("text:not(.a2n-label)")];
      return texts.flatMap((text) => {
        const own = text.getBoundingClientRect();
        const around = boxes.filter(
          (box) => own.left >= box.left && own.left <= box.right && own.top >= box.top && own.bottom <= box.bottom,
        );
        return around.some((box) => own.right <= box.right) && around.every((box) => own.right <= box.right)
          ? []
          : [text.textContent];
      });
    });
    expect(out).toEqual([]);
  }));

it("is used by keyboard alone, and shows where it is", () =>
  look({}, async (page) => {
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("To the findings");
    expect(await page.$eval(".skip", (link) => link.getBoundingClientRect().top)).toBeGreaterThanOrEqual(0);
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("main");
    await page.keyboard.press("j");
    expect(await focused(page)).toBe("finding-1");
    expect(await page.$eval("#finding-1", (card) => getComputedStyle(card).outlineStyle)).toBe("solid");
    await page.keyboard.press("j");
    expect(await focused(page)).toBe("finding-2");
    await page.keyboard.press("k");
    expect(await focused(page)).toBe("finding-1");
    for (let step = 0; step < 5; step++) await page.keyboard.press("j");
    expect(await focused(page)).toBe("severity-info");
    await page.keyboard.press("Enter");
    await page.keyboard.press("j");
    expect(await focused(page)).toBe("finding-6");
  }));

it("gives every control a visible focus", () =>
  look({}, async (page) => {
    const seen = new Set<string>();
    for (let step = 0; step < 60; step++) {
      await page.keyboard.press("Tab");
      const [name, outline] = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        // A radio is drawn by its label.
        const drawn = element.matches("input") ? (element.nextElementSibling as HTMLElement) : element;
        return [element.tagName, getComputedStyle(drawn).outlineStyle];
      });
      if (name === "BODY") break;
      seen.add(name as string);
      expect(`${name} ${outline}`).toBe(`${name} solid`);
    }
    expect([...seen].sort()).toEqual(["A", "BUTTON", "DIV", "INPUT", "PRE", "SUMMARY"]);
  }));

it.each(["light", "dark"] as const)("can be read in the %s", (scheme) =>
  look({ scheme }, async (page) => {
    await page.click("#open-all");
    expect(await page.$eval("body", (body) => getComputedStyle(body).backgroundColor)).toBe(
      { light: "rgb(255, 255, 255)", dark: "rgb(13, 17, 23)" }[scheme],
    );
    expect(await page.$eval(".view-changes .a2n-page", (rect) => getComputedStyle(rect).fill)).toBe(
      { light: "rgb(255, 255, 255)", dark: "rgb(13, 17, 23)" }[scheme],
    );
    expect(await page.evaluate(contrastsBelow, 4.5)).toEqual([]);
  }),
);

it("scrolls smoothly only for who does not mind", async () => {
  const behaviour = (page: Page): Promise<string> =>
    page.$eval("html", (root) => getComputedStyle(root).scrollBehavior);
  await look({ motion: "no-preference" }, async (page) => expect(await behaviour(page)).toBe("smooth"));
  await look({ motion: "reduce" }, async (page) => {
    expect(await behaviour(page)).toBe("auto");
    expect(await page.$eval("button", (button) => getComputedStyle(button).transitionDuration)).toBe("0s");
  });
});

it("prints everything, dark on white, without its controls", () =>
  look({ scheme: "dark", media: "print" }, async (page) => {
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    expect(await isVisible(page, "#finding-6")).toBe(true);
    expect(await isVisible(page, "nav")).toBe(false);
    expect(await page.$eval("body", (body) => getComputedStyle(body).backgroundColor)).toBe("rgb(255, 255, 255)");
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    expect(await isVisible(page, "#finding-6")).toBe(false);
  }));

it("fits a telephone: only the picture, tables and diffs scroll sideways, in themselves", () =>
  look({ width: 390 }, async (page) => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  }));
