// What an answer may hold. Counted once per object, by the estimated size of its selection, so that values cost nothing. A list or
// an object past the budget is null with QUERY_TOO_COSTLY; what was completed before it stays.

import { GatewayError } from '../../errors.ts';
import { type CostLimits, DEFAULT_LIMITS } from '../../limits.ts';
import { numberText } from '../cost/number-text.ts';
import { valueBytesOf } from '../cost/value-bytes.ts';
import type { AnswerBudget, FieldPlan, Selection } from './model.ts';

export const createAnswerBudget = ({
  maxObjects,
  maxAnswerBytes,
}: Pick<CostLimits, 'maxObjects' | 'maxAnswerBytes'> = DEFAULT_LIMITS): AnswerBudget => ({
  objects: 0,
  bytes: 0,
  maxObjects,
  maxBytes: maxAnswerBytes,
});

/** @throws GatewayError QUERY_TOO_COSTLY for the first object past the budget, and for each after it */
export function spendObject(budget: AnswerBudget, { objects, bytes }: Selection): void {
  budget.objects += objects;
  budget.bytes += bytes;
  if (budget.objects > budget.maxObjects || budget.bytes > budget.maxBytes) throw pastBudget(budget);
}

/** Lists of values. @throws GatewayError QUERY_TOO_COSTLY past the budget */
export function spendValues(budget: AnswerBudget, bytes: number): void {
  budget.bytes += bytes;
  if (budget.bytes > budget.maxBytes) throw pastBudget(budget);
}

function pastBudget({ objects, maxObjects, maxBytes }: AnswerBudget): GatewayError {
  const isObjects = objects > maxObjects;
  const most = numberText(isObjects ? maxObjects : maxBytes);
  const what = isObjects ? { vi: 'đối tượng', en: 'objects' } : { vi: 'byte', en: 'bytes' };
  return new GatewayError('QUERY_TOO_COSTLY', {
    detail: 'the answer is larger than its budget',
    reason: {
      vi: `Câu trả lời đã tới giới hạn ${most.vi} ${what.vi}; phần còn lại để trống.`,
      en: `The answer has reached its limit of ${most.en} ${what.en}; the rest is null.`,
    },
  });
}

/** The part of a selection that the budget counts. */
export function sizeOfSelection(
  typeName: string,
  fields: readonly Pick<FieldPlan, 'key' | 'definition'>[],
): Pick<Selection, 'objects' | 'bytes'> {
  if (typeName.startsWith('__')) return { objects: 0, bytes: 0 };
  let bytes = 3;
  for (const { key, definition } of fields) bytes += key.length + 4 + valueBytesOf(definition.type);
  return { objects: 1, bytes };
}
