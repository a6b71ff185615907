/** XML as values: attributes as "@name", text as "#text", children by name, as a list where there are several. */
import { DOMParser, type Element as XmlElement } from "@xmldom/xmldom";
import type { Json } from "../report";

const ELEMENT = 1;
const TEXT = [3, 4];

/** @throws on what is no XML */
export function readXml(text: string): Json {
  const fail = (_level: string, message: string): never => {
    throw new Error(message);
  };
  const root = new DOMParser({ onError: fail }).parseFromString(text, "text/xml").documentElement;
  if (root === null) throw new Error("no element");
  return { [root.nodeName]: valueOf(root) };
}

function valueOf(element: XmlElement): Json {
  const attributes = [...element.attributes].map(({ name, value }): [string, Json] => [`@${name}`, value]);
  const nodes = [...element.childNodes];
  const children: Record<string, Json[]> = {};
  for (const node of nodes)
    if (node.nodeType === ELEMENT) (children[node.nodeName] ??= []).push(valueOf(node as XmlElement));
  const text = nodes
    .filter(({ nodeType }) => TEXT.includes(nodeType))
    .map(({ nodeValue }) => nodeValue ?? "")
    .join("")
    .trim();
  if (attributes.length === 0 && Object.keys(children).length === 0) return text;
  return {
    ...Object.fromEntries(attributes),
    ...Object.fromEntries(Object.entries(children).map(([name, values]) => [name, keyed(values)])),
    ...(text === "" ? {} : { "#text": text }),
  };
}

/** Hadoop's `<property><name>…</name><value>…</value></property>` by their names, whose order means nothing. */
function keyed(values: readonly Json[]): Json {
  const named = values.every(
    (value) => typeof value === "object" && value !== null && "name" in value && typeof value.name === "string",
  );
  if (named) return Object.fromEntries(values.map((value) => [(value as { name: string }).name, value]));
  return values.length === 1 ? (values[0] as Json) : values;
}
