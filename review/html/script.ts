/**
 * What the page does beyond HTML's own folding: j and k, opening all, and opening all on paper. Without it everything can
 * still be read. Written for browsers, so it stands here as text: the page's policy names its hash.
 */
export const SCRIPT = `
"use strict";
const details = () => [...document.querySelectorAll("details")];
const setAll = (open) => details().forEach((each) => { each.open = open; });
document.getElementById("open-all").addEventListener("click", () => setAll(true));
document.getElementById("close-all").addEventListener("click", () => setAll(false));
const visible = (element) => element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
const stops = () => [...document.querySelectorAll("[data-stop]")]
  .map((element) => element.tagName === "DETAILS" ? element.querySelector("summary") : element)
  .filter(visible);
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || (event.key !== "j" && event.key !== "k")) return;
  const all = stops();
  const here = document.activeElement;
  const at = all.findIndex((stop) => stop === here);
  const isBehind = (stop) => Boolean(here.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING);
  const behind = here === document.body ? 0 : all.findIndex((stop) => stop !== here && isBehind(stop));
  const next = event.key === "j" ? (behind < 0 ? all.length - 1 : behind) : at > 0 ? at - 1 : at === 0 ? 0 : (behind < 0 ? all.length : behind) - 1;
  const target = all[Math.max(0, next)];
  if (target === undefined) return;
  event.preventDefault();
  target.focus();
  target.scrollIntoView({ block: "nearest" });
});
addEventListener("hashchange", () => openAround(location.hash));
const openAround = (hash) => {
  const target = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  const around = target && target.closest("details");
  if (around) around.open = true;
};
openAround(location.hash);
let closed = [];
addEventListener("beforeprint", () => {
  closed = details().filter((each) => !each.open);
  setAll(true);
});
addEventListener("afterprint", () => closed.forEach((each) => { each.open = false; }));
`;
