/** The picture of one plan, or of a change from one to another. */
import { compareScenes, type KnownMarks } from "./compare";
import { drawingOf } from "./routes";
import { sceneOf, type PicturePlan } from "./scene-of-plan";
import { svgOf } from "./svg";

export interface PictureOptions {
  /** The plan before; missing: one plan is drawn and nothing marked. */
  readonly before?: PicturePlan;
  /** What the plans alone don't show. */
  readonly marks?: KnownMarks;
}

/** One SVG, the same bytes for the same input. It loads nothing and runs nothing. */
export function drawPicture(plan: PicturePlan, { before, marks }: PictureOptions = {}): string {
  const scene = sceneOf(plan);
  if (before === undefined) return svgOf(drawingOf(scene), { compares: false });
  return svgOf(drawingOf(compareScenes(sceneOf(before), scene, marks)), { compares: true });
}
