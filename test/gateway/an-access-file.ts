// An issuer in the process of the test, and an access file that names it, for gateways that run without simulators in processes of
// their own.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AUDIENCE, aKey, anIssuer } from '../request/identity/an-issuer.ts';

export interface TestAccessFile {
  /** What such a gateway needs in its environment. */
  readonly env: { readonly ACCESS_FILE: string };
  /** `authorization` of an officer of the city who handles dossiers. */
  readonly officer: string;
  /** `authorization` of an operator. */
  readonly operator: string;
  close(): Promise<void>;
}

/** Tokens outlive any test and bench, and clocks that are wrong by minutes. */
const LIFE_S = 86_400;

/** @param officer code and agency; default: CB0001 of the city */
export async function anAccessFile(
  officer: { readonly code?: string; readonly agency?: string } = {},
): Promise<TestAccessFile> {
  const issuer = await anIssuer(await aKey('test'));
  const folder = await mkdtemp(join(tmpdir(), 'access-'));
  const path = join(folder, 'access.yaml');
  await writeFile(
    path,
    `issuers:
  - name: test
    issuer: ${issuer.url}
    audience: [${AUDIENCE}]
    kindByClaim: { claim: kind, values: { officer: officer, staff: staff } }
`,
  );
  const exp = Math.floor(Date.now() / 1000) + LIFE_S;
  const bearer = async (claims: Record<string, unknown>) => `Bearer ${await issuer.sign({ exp, ...claims })}`;
  return {
    env: { ACCESS_FILE: path },
    officer: await bearer({
      kind: 'officer',
      ...(officer.code !== undefined && { MaCanBo: officer.code }),
      ...(officer.agency !== undefined && { MaDonVi: officer.agency }),
    }),
    operator: await bearer({ kind: 'staff', preferred_username: 'van-hanh', roles: ['operator'] }),
    close: async () => {
      await issuer.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Does an operation need an operator? */
export const isForOperators = (query: string): boolean =>
  /connectorHealth|setConnectorGate|dropConnectorCache|probeConnector/.test(query);
