/** A real browser: Debian's chromium, driven by puppeteer-core, which downloads none. */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import puppeteer, { type Browser, type Page } from "puppeteer-core";

const CHROMIUM = "/usr/bin/chromium";

export async function startBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing\n  try: scripts/setup`);
  return puppeteer.launch({
    executablePath: CHROMIUM,
    // Its sandbox doesn't start for root, who runs these tests, and the pages are this project's own.
    args: ["--no-sandbox", "--disable-gpu"],
  });
}

export interface Look {
  readonly scheme?: "light" | "dark";
  readonly motion?: "reduce" | "no-preference";
  readonly media?: "screen" | "print";
  readonly width?: number;
}

/** A page with what it said on the console, what it threw and what it asked for, all in one list. */
export interface Watched {
  readonly page: Page;
  readonly said: string[];
  readonly requested: string[];
}

/** Opens a file in a page of its own. */
export async function openFile(browser: Browser, file: string, look: Look = {}): Promise<Watched> {
  const page = await browser.newPage();
  const said: string[] = [];
  const requested: string[] = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`thrown: ${String(error)}`));
  page.on("request", (request) => requested.push(request.url()));
  // In one call: puppeteer's two each forget what the other has set.
  const session = await page.createCDPSession();
  await session.send("Emulation.setEmulatedMedia", {
    media: look.media ?? "screen",
    features: [
      { name: "prefers-color-scheme", value: look.scheme ?? "light" },
      { name: "prefers-reduced-motion", value: look.motion ?? "no-preference" },
    ],
  });
  await page.setViewport({ width: look.width ?? 1180, height: 900 });
  await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
  return { page, said, requested };
}
