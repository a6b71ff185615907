/** Runs in the page: texts whose contrast to what is behind them is too low. */

/** "ratio text" of each; 4.5 is what WCAG asks for (AA). */
export function contrastsBelow(least: number): string[] {
  type Colour = readonly [number, number, number, number];
  const parse = (text: string): Colour => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const luminance = ([r, g, b]: Colour): number => {
    const part = (value: number): number => {
      const share = value / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (element: Element): Colour => {
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] === 1) return colour;
    }
    return [255, 255, 255, 1];
  };
  // In the picture: the smallest shape that the text begins in.
  const inPicture = (text: Element): Colour => {
    const own = text.getBoundingClientRect();
    const shapes = [...((text.closest("svg") as Element).querySelectorAll("rect") as NodeListOf<Element>)].filter(
      (shape) => {
        const box = shape.getBoundingClientRect();
        return own.left >= box.left && own.left <= box.right && own.top >= box.top && own.top <= box.bottom;
      },
    );
    const area = (shape: Element): number => shape.getBoundingClientRect().width * shape.getBoundingClientRect().height;
    const smallest = shapes.sort((a, b) => area(a) - area(b))[0] as Element;
    return parse(getComputedStyle(smallest).fill);
  };
  const texts = [...document.querySelectorAll("body *")].filter(
    (element) =>
      element.checkVisibility() &&
      [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? "").trim() !== "",
      ) &&
      !["STYLE", "SCRIPT", "TITLE", "DESC", "style", "title", "desc"].includes(element.tagName),
  );
  return texts.flatMap((element) => {
    const svg = element.closest("svg") !== null;
    const style = getComputedStyle(element);
    const lights = [
      luminance(parse(svg ? style.fill : style.color)),
      luminance(svg ? inPicture(element) : behind(element)),
    ];
    const ratio = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
    return ratio < least ? [`${ratio.toFixed(2)} ${(element.textContent ?? "").trim().slice(0, 40)}`] : [];
  });
}
