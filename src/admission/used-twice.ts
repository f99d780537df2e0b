// What two connectors cannot have at the same time: the port of a simulator.

import { join } from 'node:path';
import type { Diagnostic } from '../diagnostic.ts';
import type { Manifest } from '../manifest/manifest.ts';

interface Checked {
  readonly id: string;
  /** The folder. */
  readonly path: string;
  readonly manifest?: Manifest;
}

export function usedTwice(checked: readonly Checked[]): Diagnostic[] {
  const users = new Map<number, string>();
  return checked.flatMap(({ id, path, manifest }) => {
    const offset = manifest?.simulator?.portOffset;
    if (offset === undefined) return [];
    const other = users.get(offset);
    if (other === undefined || other === id) {
      users.set(offset, id);
      return [];
    }
    return [
      {
        code: 'PortUsedTwice',
        file: join(path, 'connector.yaml'),
        coordinate: 'simulator.portOffset',
        message: `The simulators of connectors ${other} and ${id} use the same port.`,
        found: String(offset),
        expected: 'an offset that no other connector has',
        wayOut: 'Choose another offset, or remove it: the operating system then chooses the port.',
      },
    ];
  });
}
