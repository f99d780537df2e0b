// The three answers of the hand-written endpoint: rows, look-ups without duplicates, plain objects. The same JSON as the
// gateway's `data`, by code for this page only.

import { decodeDossierCursor, encodeDossierCursor } from '../../../src/dossiers/cursor.ts';
import { DOSSIER_STATUSES, SUBMISSION_CHANNELS } from '../../../src/dossiers/nodes.ts';
import type { Dossier, HandStore } from './store.ts';
import type { createPlatform, createPopulation, createPost, createRegistry } from './systems.ts';

export interface Systems {
  readonly population: ReturnType<typeof createPopulation>;
  readonly registry: ReturnType<typeof createRegistry>;
  readonly platform: ReturnType<typeof createPlatform>;
  readonly post: ReturnType<typeof createPost>;
}

interface PageInput {
  readonly first?: number;
  readonly after?: string | null;
}

/** The population database may be asked this often at a time by one request. */
const LOOK_UPS_AT_A_TIME = 8;
const VIETNAM_OFFSET_MS = 7 * 3_600_000;

export function createAnswers(store: HandStore, systems: Systems) {
  const ownFields = (dossier: Dossier) => {
    const agency = store.agencies.get(dossier.agencyId);
    return {
      code: dossier.code,
      status: DOSSIER_STATUSES[dossier.status],
      submittedAt: dossier.submittedAt,
      dueAt: dossier.dueAt,
      channel: SUBMISSION_CHANNELS[dossier.channel],
      procedure: store.procedures.get(dossier.procedureId),
      agency: { code: agency?.code, name: agency?.name },
    };
  };

  const completed = (dossiers: readonly Dossier[]): Promise<object[]> => {
    const time = new Date(Date.now() + VIETNAM_OFFSET_MS).toISOString().replace(/\D/g, '').slice(0, 14);
    const limited = createLimited(LOOK_UPS_AT_A_TIME);
    const citizens = createOnce();
    const businesses = createOnce();

    return Promise.all(
      dossiers.map(async (dossier) => {
        const own = ownFields(dossier);
        const procedure = own.procedure?.code ?? '';
        const { personalId, fullName, year, month, day, enterpriseCode: code } = dossier;
        const applicant = citizens(`${procedure} ${personalId} ${fullName} ${year} ${month} ${day}`, () =>
          limited(() => systems.population(dossier, procedure)),
        );
        const business = code === null ? null : businesses(code, () => systems.registry(code));
        const payments = dossier.payments.map(async ({ reference, amount }) => {
          const state = await systems.platform(reference, time).catch(() => NO_PAYMENT);
          return { reference, amount, currency: 'VND', ...state };
        });
        const deliveries = dossier.deliveries.map(({ trackingCode }) =>
          systems.post(trackingCode).catch(() => ({ trackingCode })),
        );
        return {
          ...own,
          applicant: await applicant,
          business: await business,
          payments: await Promise.all(payments),
          deliveries: await Promise.all(deliveries),
        };
      }),
    );
  };

  const connection = (dossiers: readonly Dossier[], nodes: readonly object[], hasNextPage: boolean) => {
    const edges = nodes.map((node, i) => {
      const { submittedAt, id } = dossiers[i] as Dossier;
      return { cursor: encodeDossierCursor(submittedAt, id), node };
    });
    return { dossiers: { edges, pageInfo: { hasNextPage, endCursor: edges.at(-1)?.cursor ?? null } } };
  };

  const page = async (
    { first = 20, after = null }: PageInput,
    build: (found: Dossier[]) => object[] | Promise<object[]>,
  ) => {
    const found = await store.page(first + 1, after === null ? null : decodeDossierCursor(after));
    const dossiers = found.slice(0, first);
    return connection(dossiers, await build(dossiers), found.length > first);
  };

  return {
    '/page': (input: PageInput) => page(input, completed),

    '/dossier': async ({ code }: { code: string }) => {
      const found = await store.byCode(code);
      return { dossier: (await completed(found))[0] ?? null };
    },

    '/store': (input: PageInput) =>
      page(input, (found) =>
        found.map((dossier) => ({
          ...ownFields(dossier),
          applicant: { personalId: dossier.personalId },
          business: dossier.enterpriseCode === null ? null : { code: dossier.enterpriseCode },
          payments: dossier.payments.map(({ reference, amount }) => ({ reference, amount, currency: 'VND' })),
          deliveries: dossier.deliveries.map(({ trackingCode }) => ({ trackingCode })),
        })),
      ),
  };
}

const NO_PAYMENT = { status: null, paidAt: null, provenance: null };

/** The same question is asked once; a failure is null. */
function createOnce() {
  const known = new Map<string, Promise<unknown>>();
  return (key: string, ask: () => Promise<unknown>): Promise<unknown> => {
    let found = known.get(key);
    if (found === undefined) {
      found = ask().catch(() => null);
      known.set(key, found);
    }
    return found;
  };
}

/** Runs at most `width` at a time, in order. */
function createLimited(width: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(run: () => Promise<T>): Promise<T> => {
    if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
