// Marked personal data and secrets, and the search for them in whatever a gateway leaves behind: in each form that software gives a text.
// Built from parts, so that this file has none of them.

/** Where the personal data of a caller or of a source, or a secret, may be read by nobody else. */
export type Marks = {
  /** Of nobody: the form is right, and the city has no such person. */
  readonly personalId: string;
  readonly name: string;
  readonly phone: string;
  readonly email: string;
  readonly cookie: string;
  /** An access token that no issuer has made. */
  readonly jwt: string;
  readonly opaqueToken: string;
  readonly breakGlass: string;
  /** What the gateway proves itself with to a source. */
  readonly sourceToken: string;
  readonly sourceKey: string;
  readonly databasePassword: string;
  /** What a source says. */
  readonly sourceText: string;
  readonly idempotencyKey: string;
};

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export const MARKS: Marks = {
  personalId: ['0011', '8765', '4321'].join(''),
  name: 'Nguyễn Thị Quỳnh Xuyến',
  phone: ['0987', '612', '345'].join(''),
  email: ['quynh.xuyen', 'nguoidan.example'].join('@'),
  cookie: 'phien-lam-viec-canary-7Qd',
  jwt: [
    base64({ alg: 'ES256', typ: 'at+jwt' }),
    base64({ sub: 'canary-subject', name: 'x' }),
    'c2lnbmF0dXJl',
  ].join('.'),
  opaqueToken: ['canary', 'opaque', '3f9aKz71'].join('-'),
  breakGlass: 'canary-break-glass-token-51',
  sourceToken: 'canary-source-token-82',
  sourceKey: 'canary-source-key-93',
  databasePassword: 'canary-database-password-64',
  sourceText: 'canary-words-of-a-source',
  idempotencyKey: 'canary-idempotency-key-17',
};

/** A text as encoders, escapers and careless charsets write it. */
function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  return [
    text,
    text.normalize('NFD'),
    encodeURIComponent(text),
    encodeURIComponent(text).replaceAll('%20', '+'),
    JSON.stringify(text).slice(1, -1),
    text.replaceAll(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
    bytes.toString('latin1'),
    bytes.toString('hex'),
    // Without the characters that depend on what stands around it.
    ...[0, 1, 2].map((shift) =>
      Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .slice(4, -4),
    ),
  ].filter((form) => form.length >= 8);
}

/** Each mark found in a text, with a little around it. */
export function marksIn(text: string, marks: Readonly<Record<string, string>>): string[] {
  const lower = text.toLowerCase();
  return Object.entries(marks).flatMap(([what, mark]) => {
    for (const form of formsOf(mark)) {
      const at = lower.indexOf(form.toLowerCase());
      if (at >= 0) return [`${what}: …${text.slice(Math.max(0, at - 80), at + form.length + 30)}…`];
    }
    return [];
  });
}
