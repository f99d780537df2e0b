// The progress of dossiers in the synthetic city: the status of a dossier by its age, and the events that led to the status, along
// transitions that the national list of statuses allows.
import { DAY, HOUR } from './calendar.ts';
import type { CityDossier } from './contract.ts';
import type { Random } from './random.ts';

export type Progress = CityDossier['events'];

/** Rows of `[status, weight]` for dossiers younger than `below`. Most older dossiers are finished. */
const STATUS_BY_AGE = [
  { below: HOUR, rows: [[1, 1]] },
  {
    below: DAY,
    rows: [
      [1, 40],
      [2, 25],
      [4, 22],
      [5, 4],
      [3, 5],
      [7, 2],
      [6, 2],
    ],
  },
  {
    below: 6 * DAY,
    rows: [
      [1, 3],
      [2, 12],
      [4, 42],
      [5, 8],
      [6, 8],
      [9, 10],
      [10, 10],
      [3, 3],
      [7, 2],
      [8, 2],
    ],
  },
  {
    below: Number.POSITIVE_INFINITY,
    rows: [
      [10, 70],
      [9, 8],
      [4, 7],
      [5, 3],
      [6, 3],
      [3, 4],
      [7, 3],
      [8, 2],
    ],
  },
] as const;

const ROUTES: Readonly<Record<number, readonly (readonly [readonly number[], number])[]>> = {
  1: [[[1], 1]],
  2: [[[1, 2], 1]],
  3: [[[1, 3], 1]],
  4: [
    [[1, 2, 4], 9],
    [[1, 2, 4, 5, 4], 1],
  ],
  5: [
    [[1, 2, 4, 5], 4],
    [[1, 2, 5], 1],
  ],
  6: [[[1, 2, 4, 6], 1]],
  7: [
    [[1, 7], 1],
    [[1, 2, 7], 1],
    [[1, 2, 4, 7], 1],
  ],
  8: [[[1, 2, 4, 8], 1]],
  9: [
    [[1, 2, 4, 9], 8],
    [[1, 2, 4, 6, 9], 1],
    [[1, 2, 4, 5, 4, 9], 1],
  ],
  10: [
    [[1, 2, 4, 9, 10], 16],
    [[1, 2, 4, 6, 4, 9, 10], 3],
    [[1, 2, 4, 5, 4, 9, 10], 3],
  ],
};

const NOTES: Readonly<Record<number, readonly string[]>> = {
  3: ['Hồ sơ không thuộc thẩm quyền tiếp nhận', 'Thành phần hồ sơ không hợp lệ'],
  5: ['Bổ sung bản sao giấy tờ tùy thân', 'Bổ sung bản vẽ có xác nhận', 'Bổ sung văn bản ủy quyền'],
  6: ['Đề nghị nộp phí, lệ phí theo thông báo'],
  7: ['Công dân đề nghị rút hồ sơ'],
  8: ['Dừng xử lý do không đủ điều kiện'],
};

/** Statuses that the citizen causes and not an officer. */
const BY_CITIZEN: ReadonlySet<number> = new Set([1, 7]);

export function pickStatus(random: Random, age: number): number {
  const band = STATUS_BY_AGE.find((row) => age < row.below) as (typeof STATUS_BY_AGE)[number];
  return random.weighted(band.rows as readonly (readonly [number, number])[]);
}

/**
 * The events from submission to `status`, oldest first, at strictly increasing times in [`submittedAt`, `until`).
 * @param officer code of the officer who handles the dossier
 */
export function buildProgress(
  random: Random,
  options: { status: number; submittedAt: number; until: number; officer: string },
): Progress {
  const { status, submittedAt, until, officer } = options;
  const route = random.weighted(ROUTES[status] as (typeof ROUTES)[number]);
  const step = (until - submittedAt) / route.length;
  return route.map((state, index) => {
    const notes = NOTES[state];
    return {
      // Each event has its own time slot, so that the order is fixed. Times are whole seconds.
      at:
        index === 0
          ? submittedAt
          : Math.floor((submittedAt + step * (index + random.next() * 0.9 - 0.45)) / 1000) * 1000,
      status: state,
      actor: BY_CITIZEN.has(state) ? 'CONG-DAN' : officer,
      note: notes === undefined ? null : random.pick(notes).normalize('NFC'),
    };
  });
}
