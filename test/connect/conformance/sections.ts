// All conformance rows, by the sections of the spec. `*.test.ts` here run a section each; the table is made of all.

import type { Row } from './rows.ts';
import { ANSWERS } from './rows-answers.ts';
import { DIRECTIVES } from './rows-directives.ts';
import { LANGUAGE, METHODS, VARIABLES } from './rows-language.ts';
import { REQUESTS } from './rows-requests.ts';

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

export const SECTIONS = {
  S1: { title: '§1 Directives', rows: DIRECTIVES },
  S2: { title: '§2 Requests', rows: REQUESTS },
  S3: { title: '§3 Answers', rows: ANSWERS },
  S4: { title: '§4 Variables', rows: VARIABLES },
  S5: { title: '§5 The mapping language', rows: [...LANGUAGE, ...METHODS] },
} as const satisfies Record<string, Section>;
