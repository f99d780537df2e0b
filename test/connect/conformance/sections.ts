// All conformance rows, by the sections of the spec. `*.test.ts` here run a section each; the table is made of all.

import type { Row } from './rows.ts';
import { ANSWERS } from './rows-answers.ts';
import { BATCHES } from './rows-batches.ts';
import { COMPUTED } from './rows-computed.ts';
import { DIRECTIVES } from './rows-directives.ts';
import { ENTITIES } from './rows-entities.ts';
import { LANGUAGE } from './rows-language.ts';
import { METHODS } from './rows-methods.ts';
import { REQUESTS } from './rows-requests.ts';
import { REQUIRES } from './rows-requires.ts';
import { URLS } from './rows-urls.ts';
import { VARIABLES } from './rows-variables.ts';

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

export const SECTIONS = {
  S1: { title: '§1 Directives', rows: [...DIRECTIVES, ...COMPUTED, ...ENTITIES, ...REQUIRES] },
  S2: { title: '§2 Requests', rows: [...URLS, ...REQUESTS] },
  S3: { title: '§3 Answers', rows: [...ANSWERS, ...BATCHES] },
  S4: { title: '§4 Variables', rows: VARIABLES },
  S5: { title: '§5 The mapping language', rows: [...LANGUAGE, ...METHODS] },
} as const satisfies Record<string, Section>;
