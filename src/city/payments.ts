// Part of the synthetic city: the payment of a dossier's fee. The store keeps reference, amount and start; state, time,
// bank and transaction number are what the payment platform's simulator answers.
import { DAY, HOUR, MINUTE } from './calendar.ts';
import type { CityPayment } from './contract.ts';
import type { Random } from './random.ts';

const BANKS = ['VIETINBANK', 'VIETCOMBANK', 'BIDV', 'AGRIBANK', 'MBBANK', 'TECHCOMBANK'] as const;

/** A started payment that is not paid within five days has expired. */
const LIFETIME = 5 * DAY;

export interface PaymentOptions {
  readonly dossierCode: string;
  /** VND */
  readonly amount: number;
  readonly dossierStatus: number;
  /** Epoch milliseconds; everything happens from here … */
  readonly startedAt: number;
  /** … and before this. */
  readonly endsBefore: number;
}

function pickStatus(random: Random, options: PaymentOptions): CityPayment['status'] {
  const age = options.endsBefore - options.startedAt;
  // Status 6 asks the citizen to pay; 3 and 7 end a dossier whose fee is given back.
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

/** One payment; its reference is the dossier code without punctuation, so it is alphanumeric and unique. */
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
