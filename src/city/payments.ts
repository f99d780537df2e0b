// The payments of the synthetic city. The store holds reference, amount and start; the simulator of the payment platform answers
// with status, time, bank and transaction number.
import { DAY, HOUR, MINUTE } from './calendar.ts';
import type { CityPayment } from './contract.ts';
import type { Random } from './random.ts';

const BANKS = ['VIETINBANK', 'VIETCOMBANK', 'BIDV', 'AGRIBANK', 'MBBANK', 'TECHCOMBANK'] as const;

/** A payment expires five days after its start. */
const LIFETIME = 5 * DAY;

export interface PaymentOptions {
  readonly dossierCode: string;
  /** VND */
  readonly amount: number;
  readonly dossierStatus: number;
  /** Epoch milliseconds. Everything happens from this time on … */
  readonly startedAt: number;
  /** … and before this time. */
  readonly endsBefore: number;
}

function pickStatus(random: Random, options: PaymentOptions): CityPayment['status'] {
  const age = options.endsBefore - options.startedAt;
  // Status 6 requests a payment. Statuses 3 and 7 end a dossier whose fee is refunded.
  if (options.dossierStatus === 6) return age < LIFETIME ? 'WAITING' : 'EXPIRED';
  if (age < HOUR) return 'WAITING';
  if (options.dossierStatus === 3 || options.dossierStatus === 7) {
    return random.chance(0.6) ? 'REFUNDED' : age < LIFETIME ? 'WAITING' : 'EXPIRED';
  }
  return random.weighted([
    ['PAID', 94],
    ['FAILED', 3],
    [age < LIFETIME ? 'WAITING' : 'EXPIRED', 3],
  ] as const);
}

/** The reference is the dossier code without punctuation, so that it is alphanumeric and unique. */
export function buildPayment(random: Random, options: PaymentOptions): CityPayment {
  const status = pickStatus(random, options);
  const isPaid = status === 'PAID' || status === 'REFUNDED';
  const wait =
    MINUTE + random.int(Math.min(30 * MINUTE, Math.max(1, options.endsBefore - options.startedAt - MINUTE)));
  return {
    reference: `dvc${options.dossierCode.replaceAll(/[^0-9A-Za-z]/g, '')}`,
    amount: options.amount,
    startedAt: options.startedAt,
    status,
    paidAt: isPaid ? options.startedAt + Math.floor(wait / 1000) * 1000 : null,
    transactionId: isPaid ? `GD${random.digits(12)}` : null,
    bank: isPaid ? random.pick(BANKS) : null,
  };
}
