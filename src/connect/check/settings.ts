// Rule: every key that `$config` and `$env` read must be set. Needs the settings of the manifest, so it runs when a
// connector is compiled, not when a schema is checked alone.

import { nearestName } from '../mapping/syntax-error.ts';
import { mappingsOf } from '../read/parse-texts.ts';
import type { Report } from '../read/report.ts';
import type { View } from './view.ts';

interface Settings {
  readonly config: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
}

export function checkSettings(view: View, settings: Settings, report: Report): void {
  for (const parsed of [...view.parsed.sources, ...view.parsed.connects]) {
    for (const mapping of mappingsOf(parsed)) {
      for (const { variable, path, derived } of view.reads(mapping)) {
        if ((variable !== '$config' && variable !== '$env') || derived === true) continue;
        const known = variable === '$config' ? settings.config : settings.env;
        const [key] = path;
        if (key === undefined || Object.hasOwn(known, key.name)) continue;
        const names = Object.keys(known);
        const near = nearestName(key.name, names);
        const part = variable === '$config' ? '`config`' : '`env`';
        report({
          code: 'ConfigKeyUnknown',
          at: { text: mapping.text, offset: mapping.offset + key.start },
          coordinate: parsed.coordinate,
          message: `The manifest has no ${variable === '$config' ? 'setting' : 'environment variable'} with this name.`,
          found: `${variable}.${key.name}`,
          expected:
            names.length === 0
              ? `${part} in connector.yaml with this name`
              : names.map((name) => `${variable}.${name}`).join(', '),
          wayOut:
            near === undefined
              ? `Add "${key.name}" to ${part} in connector.yaml.`
              : `Did you mean ${variable}.${near}?`,
        });
      }
    }
  }
}
