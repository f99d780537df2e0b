// A running gateway holds the data folder of PGlite, so it writes backups itself, for whoever connects to a socket in that folder.

import { join } from 'node:path';
import { send, serveLocally } from '../local-socket.ts';
import type { TextTransaction } from './text-query.ts';
import { writeBackup } from './write-backup.ts';

export const backupSocketOf = (dataDir: string): string => join(dataDir, 'backup.sock');

/** @throws the error of the system where no socket can be made: its path may be too long */
export const serveBackups = (path: string, transaction: TextTransaction): Promise<() => void> =>
  serveLocally(path, (socket) => {
    writeBackup(transaction, (line) => send(socket, `${JSON.stringify(line)}\n`)).then(
      () => socket.end(),
      // The end of the backup is missing, which its reader notices.
      () => socket.destroy(),
    );
  });
