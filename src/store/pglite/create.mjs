// Creates the database of an empty folder, in a process of its own: that takes 150 MB which the process would keep.
import { PGlite } from '@electric-sql/pglite';

const pglite = await PGlite.create({ dataDir: process.argv[2] });
await pglite.close();
