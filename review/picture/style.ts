/** The picture's colours, light and dark, and its fonts. Values stand in full: not every viewer of SVG knows CSS variables. */
import type { Change } from "./marks";

interface Colours {
  readonly page: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly frame: string;
  readonly fills: Readonly<Record<string, string>>;
  readonly strokes: Readonly<Record<string, string>>;
  readonly marks: Readonly<Record<Change, string>>;
}

const LIGHT: Colours = {
  page: "#ffffff",
  text: "#1f2328",
  muted: "#57606a",
  line: "#6e7781",
  frame: "#f2faf5",
  fills: {
    area: "#eef4fb",
    aws: "#fff6e8",
    internet: "#f6f8fa",
    outside: "#ffffff",
    host: "#ffffff",
    bucket: "#ffffff",
  },
  strokes: {
    area: "#b6cbe4",
    aws: "#d9a441",
    internet: "#d0d7de",
    outside: "#afb8c1",
    host: "#5b7fae",
    bucket: "#4f9a6b",
  },
  marks: { added: "#116329", changed: "#8a4600", replaced: "#6639ba", removed: "#b3202a" },
};

const DARK: Colours = {
  page: "#0d1117",
  text: "#e6edf3",
  muted: "#9ea7b3",
  line: "#8b949e",
  frame: "#0e1a15",
  fills: {
    area: "#111b2a",
    aws: "#211a0d",
    internet: "#12171e",
    outside: "#161b22",
    host: "#161d29",
    bucket: "#13201a",
  },
  strokes: {
    area: "#2d4363",
    aws: "#96722d",
    internet: "#30363d",
    outside: "#484f58",
    host: "#5f8ac4",
    bucket: "#4a9367",
  },
  marks: { added: "#56d364", changed: "#e3a046", replaced: "#c3a5ff", removed: "#ff8f88" },
};

function rules(colours: Colours): string {
  const { page, text, muted, line, frame, fills, strokes, marks } = colours;
  return [
    `.a2n-page{fill:${page}}`,
    `.a2n text{fill:${text}}.a2n .a2n-muted{fill:${muted}}`,
    `.a2n-frame{fill:${frame};stroke:${strokes.bucket}}`,
    ...Object.keys(fills).map((kind) => `.a2n-${kind}{fill:${fills[kind]};stroke:${strokes[kind]}}`),
    `.a2n .a2n-h-page{stroke:${page}}.a2n .a2n-h-frame{stroke:${frame}}.a2n .a2n-h-area{stroke:${fills.area}}`,
    `.a2n-line{stroke:${line}}.a2n-tip{fill:${line}}`,
    ...Object.entries(marks).map(
      ([mark, colour]) =>
        `.a2n .a2n-c-${mark}{fill:${colour}}.a2n-m-${mark}{stroke:${colour}}.a2n-m-${mark} .a2n-line{stroke:${colour}}.a2n-m-${mark} .a2n-tip{fill:${colour}}`,
    ),
  ].join("");
}

const SHAPES = [
  ".a2n text{font-family:ui-sans-serif,system-ui,-apple-system,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif}",
  ".a2n .a2n-mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}",
  ".a2n-head{font-size:15px;font-weight:600}.a2n-title{font-size:12px;font-weight:600}",
  ".a2n-text{font-size:11px}.a2n-small{font-size:10px}.a2n-strong{font-weight:600}",
  ".a2n rect{stroke-width:1}.a2n-line{fill:none;stroke-width:1.5}.a2n-tip{stroke:none}",
  // A line that has to pass a label passes behind it.
  ".a2n-label{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}",
  // Marks hold without colour: thick for what is new, dashes for what is gone.
  "rect.a2n-m-added,rect.a2n-m-replaced{stroke-width:2.5}rect.a2n-m-changed{stroke-width:2}rect.a2n-m-removed{stroke-width:1.5;stroke-dasharray:5 3}",
  ".a2n-m-added .a2n-line{stroke-width:2.5}.a2n-m-changed .a2n-line{stroke-width:2}.a2n-m-removed .a2n-line{stroke-dasharray:5 3}",
  ".a2n-gone{text-decoration:line-through}.a2n-bar{fill:none;stroke-width:3}",
  ".a2n-edge:hover .a2n-line{stroke-width:3}",
].join("");

/** The style sheet that stands in each picture: light unless the reader prefers dark, and light on paper. */
export const STYLE = `${SHAPES}${rules(LIGHT)}@media screen and (prefers-color-scheme:dark){${rules(DARK)}}`;
