/** The page's style: system fonts, light and dark, narrow screens and paper. */

const LIGHT = `
--page:#ffffff;--card:#ffffff;--soft:#f6f8fa;--text:#1f2328;--muted:#57606a;--line:#d0d7de;--link:#0550ae;--focus:#0969da;
--critical:#a40e26;--critical-soft:#ffebe9;--high:#953800;--high-soft:#fff1e5;--medium:#7d4e00;--medium-soft:#fff8c5;
--low:#0550ae;--low-soft:#ddf4ff;--info:#57606a;--info-soft:#f6f8fa;--good:#116329;--good-soft:#dafbe1;
--added:#116329;--changed:#8a4600;--replaced:#6639ba;--removed:#b3202a;--moved:#57606a;
--add:#e6ffec;--del:#ffebe9;`;

const DARK = `
--page:#0d1117;--card:#11161d;--soft:#161b22;--text:#e6edf3;--muted:#9ea7b3;--line:#30363d;--link:#79c0ff;--focus:#58a6ff;
--critical:#ff8f88;--critical-soft:#3c1618;--high:#ffa657;--high-soft:#361f0d;--medium:#e3b341;--medium-soft:#2e2409;
--low:#79c0ff;--low-soft:#0c2440;--info:#9ea7b3;--info-soft:#161b22;--good:#56d364;--good-soft:#0f2a17;
--added:#56d364;--changed:#e3a046;--replaced:#c3a5ff;--removed:#ff8f88;--moved:#9ea7b3;
--add:#12261b;--del:#2d1316;`;

const severities = ["critical", "high", "medium", "low", "info"].map(
  (name) => `.s-${name}{--own:var(--${name});--own-soft:var(--${name}-soft)}`,
);
const actions = ["added", "changed", "replaced", "removed", "moved"].map(
  (name) => `.tag.${name}{color:var(--${name})}`,
);

const LAYOUT = `
*{box-sizing:border-box}
html{scroll-padding-top:1rem;color-scheme:light dark}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 ui-sans-serif,system-ui,-apple-system,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif;overflow-wrap:anywhere}
code,pre,kbd{font:0.9em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}
h1,h2,h3,h4,p,ul,dl{margin:0}
a{color:var(--link)}
:focus-visible,article:focus{outline:3px solid var(--focus);outline-offset:2px;border-radius:4px}
main:focus{outline:none}
.skip{position:absolute;left:1rem;top:-4rem;background:var(--page);padding:.5rem 1rem;z-index:2}
.skip:focus{top:.5rem}
.away{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.muted{color:var(--muted)}
.count{color:var(--muted);font-weight:400;font-size:.9em}
.s-none{--own:var(--good);--own-soft:var(--good-soft)}
.verdict{background:var(--own-soft);border-bottom:3px solid var(--own);padding:1.4rem clamp(1rem,4vw,2.5rem)}
.verdict h1{font-size:1.45rem;line-height:1.3;max-width:60rem}
.kicker{color:var(--own);font-weight:600;text-transform:uppercase;letter-spacing:.06em;font-size:.78rem}
.chips{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.5rem;margin-top:.8rem}
.chip{display:inline-block;padding:.1rem .7rem;border:1px solid var(--own);border-radius:1rem;color:var(--own);background:var(--page);text-decoration:none}
.chip:hover{text-decoration:underline}
.columns{display:grid;grid-template-columns:12.5rem minmax(0,1fr);gap:2.5rem;padding:1.5rem clamp(1rem,4vw,2.5rem);max-width:82rem}
nav{position:sticky;top:1.5rem;align-self:start;font-size:.93rem}
nav ul{list-style:none;padding:0 0 .8rem}
nav li a{display:flex;justify-content:space-between;align-items:baseline;padding:.25rem .5rem;border-radius:6px;text-decoration:none;color:var(--text)}
nav li a:hover{background:var(--soft)}
.tools{display:flex;gap:.4rem;padding:0 .5rem .8rem}
button{font:inherit;font-size:.85rem;color:var(--text);background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.15rem .55rem;cursor:pointer}
button:hover{border-color:var(--muted)}
.keys{font-size:.82rem;padding:0 .5rem}
kbd{border:1px solid var(--line);border-radius:4px;padding:0 .3rem;background:var(--soft)}
main>section{margin-bottom:2.6rem}
h2{font-size:1.2rem;padding-bottom:.35rem;border-bottom:1px solid var(--line);margin-bottom:.9rem}
h3{font-size:1rem;margin:1rem 0 .5rem;text-transform:none}
section[aria-labelledby^=severity] h3::first-letter,.severity::first-letter{text-transform:uppercase}
h4{font-size:.98rem}
.cards,.items{list-style:none;padding:0;display:grid;gap:.6rem}
.cards>li,.items>li{min-width:0}
.finding{border:1px solid var(--line);border-left:5px solid var(--own);border-radius:6px;padding:.7rem .95rem;background:var(--card)}
.severity{display:inline-block;color:var(--own);background:var(--own-soft);border-radius:4px;padding:0 .45rem;font-size:.8rem;margin-right:.3rem}
.severity::first-letter{text-transform:uppercase}
.reason{margin-top:.3rem}
.consequence{color:var(--muted);margin-top:.15rem}
.consequence::before{content:"\\2192\\a0"}
.place{display:flex;flex-wrap:wrap;gap:.15rem 1.2rem;margin-top:.45rem;font-size:.88rem}
.place div{display:flex;gap:.4rem;min-width:0}
.place dt{color:var(--muted)}.place dd{margin:0}
summary{cursor:pointer}
.fold{margin-top:.9rem}
.fold>summary{color:var(--muted);padding:.2rem 0}
.fold[open]>summary{margin-bottom:.5rem}
.stack{margin-bottom:1.3rem}
.stack>*+*{margin-top:.7rem}
.stack>summary{margin-bottom:.5rem}
.stack>summary h3{display:inline;font-size:1.02rem;margin:0}
.item{border:1px solid var(--line);border-radius:6px;background:var(--card)}
.item>summary{padding:.4rem .8rem}
.item[open]>summary{border-bottom:1px solid var(--line);background:var(--soft);border-radius:6px 6px 0 0}
.body{padding:.6rem .8rem;display:grid;gap:.5rem}
.body:not(:has(*)){display:none}
.tag{font-weight:600;font-size:.85rem;white-space:nowrap}
.because{padding-left:1.2rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;min-width:34rem;table-layout:fixed;font-size:.9rem}
caption{text-align:left;color:var(--muted);padding-bottom:.2rem}
th,td{text-align:left;vertical-align:top;padding:.25rem .7rem .25rem 0;border-top:1px solid var(--line);font-weight:400}
td summary code{color:var(--muted)}
thead th{color:var(--muted);font-size:.85rem;border-top:0}
td code{white-space:pre-wrap}
.none{color:var(--muted);font-style:italic}
.diff{margin:.4rem 0 0;padding:.5rem 0;overflow-x:auto;background:var(--soft);border-radius:6px;border:1px solid var(--line)}
.diff span{display:block;padding:0 .8rem;white-space:pre;min-width:max-content}
.diff .add{background:var(--add);color:var(--added)}.diff .del{background:var(--del);color:var(--removed)}.diff .hunk{color:var(--muted)}
.text>summary{color:var(--muted);font-size:.9rem}
.views{border:0;padding:0;margin:0;min-width:0}
.views input{position:absolute;opacity:0;pointer-events:none}
.views label{display:inline-block;padding:.2rem .8rem;border:1px solid var(--line);border-radius:6px;margin:0 .4rem .7rem 0;cursor:pointer;background:var(--soft)}
.views input:checked+label{border-color:var(--focus);font-weight:600;background:var(--page);box-shadow:inset 0 0 0 1px var(--focus)}
.views input:focus-visible+label{outline:3px solid var(--focus);outline-offset:2px}
.view{border:1px solid var(--line);border-radius:6px;overflow-x:auto;display:none}
div.views .view,.pick-changes:checked~.view-changes,.pick-before:checked~.view-before,.pick-after:checked~.view-after{display:block}
.view svg{display:block;width:100%;max-width:900px;min-width:640px;height:auto;margin:0 auto}
`;

const NARROW = `@media (max-width:56rem){.columns{grid-template-columns:minmax(0,1fr);gap:1rem}nav{position:static;border-bottom:1px solid var(--line)}nav ul{display:flex;flex-wrap:wrap;gap:.2rem}.keys{display:none}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}.chip,button,nav a{transition:background-color .12s,border-color .12s}}
@media print{nav,.skip,.views label{display:none}.columns{display:block;padding:0}body{font-size:10.5pt}.finding,.item{break-inside:avoid-page}.diff span{white-space:pre-wrap;min-width:0}.view svg{min-width:0}.verdict{background:none}}`;

/** Light unless the reader prefers dark; light on paper. */
export const STYLE =
  `:root{${LIGHT}}@media screen and (prefers-color-scheme:dark){:root{${DARK}}}${severities.join("")}${LAYOUT}${actions.join("")}${NARROW}`.replaceAll(
    "\n",
    "",
  );
