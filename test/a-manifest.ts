// A complete manifest for tests and benches: the least that the schema requires, and what a test sets on top.
import type { z } from 'zod';
import { type Manifest, manifestSchema } from '../src/manifest/manifest.ts';

export type ManifestInput = z.input<typeof manifestSchema>;

export const aManifest = (parts: Partial<ManifestInput> = {}): Manifest =>
  manifestSchema.parse({
    id: 'thing',
    title: { vi: 'Vật', en: 'Thing' },
    owner: { agency: 'Sở Vật', contact: 'a@b.example' },
    source: { baseUrl: 'http://127.0.0.1:9' },
    ...parts,
  });
