// The parcels of the synthetic city: results that are delivered and papers that are collected. The store holds the tracking code;
// the postal simulator answers with the rest, with the status numbers of MyVNPost.
import { HOUR } from './calendar.ts';
import type { CityDelivery } from './contract.ts';
import type { Random } from './random.ts';

/** The text of each status number at MyVNPost. */
export const POSTAL_STATUS_TEXTS: ReadonlyMap<number, string> = new Map(
  (
    [
      [1, 'Đã tạo đơn hàng'],
      [2, 'Đã phân công bưu tá thu gom'],
      [4, 'Đang thu gom'],
      [5, 'Thu gom không thành công'],
      [6, 'Đã thu gom'],
      [7, 'Bưu cục đã nhận'],
      [10, 'Đang vận chuyển'],
      [11, 'Đã đến bưu cục phát'],
      [12, 'Đang phát'],
      [14, 'Phát thành công'],
      [15, 'Phát không thành công'],
      [16, 'Chờ chuyển hoàn'],
      [17, 'Đã duyệt chuyển hoàn'],
      [18, 'Bắt đầu chuyển hoàn'],
      [19, 'Đã chuyển hoàn'],
    ] as const
  ).map(([number, text]) => [number, text.normalize('NFC')]),
);

const ROUTES: readonly (readonly [readonly number[], number])[] = [
  [[1, 2, 4, 6, 7, 10, 11, 12, 14], 85],
  [[1, 2, 5, 4, 6, 7, 10, 11, 12, 14], 4],
  [[1, 2, 4, 6, 7, 10, 11, 12, 15, 12, 14], 8],
  [[1, 2, 4, 6, 7, 10, 11, 12, 15, 16, 17, 18, 19], 3],
];

const S10_WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7] as const;

/** 13 characters by S10 of the Universal Postal Union: `EH`, a serial of eight digits, a check digit, `VN`. */
export function buildTrackingCode(serial: number): string {
  const digits = String(serial).padStart(8, '0');
  let sum = 0;
  for (const [index, weight] of S10_WEIGHTS.entries()) sum += weight * Number(digits[index]);
  const rest = 11 - (sum % 11);
  const check = rest === 10 ? 0 : rest === 11 ? 5 : rest;
  return `EH${digits}${check}VN`;
}

export interface DeliveryOptions {
  readonly serial: number;
  /** The time of the first event, in epoch milliseconds. */
  readonly orderedAt: number;
  /** Events from this time on have not happened. */
  readonly endsBefore: number;
}

export function buildDelivery(random: Random, options: DeliveryOptions): CityDelivery {
  const events: { at: number; status: number; statusText: string }[] = [];
  let at = options.orderedAt;
  for (const status of random.weighted(ROUTES)) {
    events.push({ at, status, statusText: POSTAL_STATUS_TEXTS.get(status) as string });
    at += Math.floor(((1 + random.next() * 9) * HOUR) / 1000) * 1000;
    if (at >= options.endsBefore) break;
  }
  return { trackingCode: buildTrackingCode(options.serial), orderedAt: options.orderedAt, events };
}
