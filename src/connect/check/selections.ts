// Rule: what the selections yield fits the types they yield it for. The comparison itself is in `outputs.ts`.

import type { Report } from '../read/report.ts';
import type { View } from './view.ts';

export function checkSelections(view: View, report: Report): void {
  for (const finding of view.outputs().findings) report(finding);
}
