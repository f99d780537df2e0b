// Compares the cost of an operation with the limits, and explains a refusal: the cost, the limit and what makes it dear.

import type { LocalizedText } from '../../errors.ts';
import type { CostLimits } from '../../limits.ts';
import { type DocumentProblem, tooCostly } from '../document-problem.ts';
import type { Cost } from './amounts.ts';
import { numberText } from './number-text.ts';
import type { HeavyField, OperationCost, Variables } from './operation-cost.ts';

/** The limits in the names of `Cost`, as they are published. */
export const publishedLimits = (limits: CostLimits): Cost => ({
  total: limits.maxCost,
  connectorCalls: limits.maxConnectorCalls,
  objects: limits.maxObjects,
  bytes: limits.maxAnswerBytes,
});

/** Measures in the order in which they are reported: the one that says most about the way out comes first. */
const MEASURES = ['connectorCalls', 'objects', 'bytes', 'total'] as const satisfies readonly (keyof Cost)[];

/** Why an operation is too costly with these variables; undefined where it is not. */
export function costProblem(
  operation: OperationCost,
  variables: Variables,
  limits: CostLimits,
): DocumentProblem | undefined {
  const requested = operation.of(variables);
  const limit = publishedLimits(limits);
  const measure = MEASURES.find((each) => requested[each] > limit[each]);
  if (measure === undefined) return undefined;
  const heaviest = operation.heaviest(variables, measure);
  return tooCostly(textOf(measure, requested[measure], limit[measure], heaviest), undefined, {
    cost: { requested, limit, measure, heaviest: heaviest && shortened(heaviest) },
  });
}

const NAMES: Readonly<Record<keyof Cost, LocalizedText>> = {
  connectorCalls: { vi: 'Số lượt gọi hệ thống nguồn', en: 'Calls to source systems' },
  objects: { vi: 'Số đối tượng trong câu trả lời', en: 'Objects in the answer' },
  bytes: { vi: 'Số byte của câu trả lời', en: 'Bytes of the answer' },
  total: { vi: 'Chi phí', en: 'Cost' },
};

function textOf(
  measure: keyof Cost,
  found: number,
  most: number,
  heaviest: HeavyField | undefined,
): LocalizedText {
  const name = NAMES[measure];
  const share = Math.round(100 * (heaviest?.share ?? 0));
  const path = heaviest === undefined ? '' : pathText(heaviest);
  const [asked, limit] = [numberText(found), numberText(most)];
  return {
    vi: `${name.vi}: ước tính tối đa ${asked.vi}, giới hạn ${limit.vi}; nặng nhất là ${path} (${share}%). Hãy giảm \`first\` hoặc chia thành nhiều câu.`,
    en: `${name.en}: ${asked.en} in the worst case, the limit is ${limit.en}; most of it is ${path} (${share}%). Reduce \`first\`, or divide the query.`,
  };
}

/** Keys are names of the client, up to 200 characters each. */
const MAX_PATH = 300;

const pathText = ({ path, coordinate }: HeavyField): string => {
  const text = path.join('.');
  return text.length <= MAX_PATH ? text : coordinate;
};

const shortened = (field: HeavyField) => ({
  path: pathText(field),
  coordinate: field.coordinate,
  share: Math.round(field.share * 100) / 100,
});
