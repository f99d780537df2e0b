// The settings of the door: who may read the schema, which pages may send queries, and what one request may cost.

import { z } from 'zod';
import { described, limit, onOff, originList, unitsOrOff } from './setting-values.ts';

export const browserSettings = {
  introspection: z
    .enum(['everybody', 'developers', 'nobody'])
    .optional()
    .meta(
      described(
        'everybody, developers or nobody',
        'Who may read the schema by introspection; errors suggest names of the schema to the same callers.',
        'everybody with simulators, developers without',
      ),
    ),
  trustedDocuments: z
    .enum(['off', 'warn', 'enforce'])
    .default('off')
    .meta(
      described(
        'off, warn or enforce',
        'Whether clients may send documents that were not published, unless the access file decides for a client.',
      ),
    ),
  corsOrigins: originList
    .default([])
    .meta(
      described(
        'origins, e.g. https://app.example.vn,https://other.example.vn',
        'Web origins whose pages may send queries from a browser.',
      ),
    ),
  hsts: onOff
    .default(false)
    .meta(
      described(
        'on or off',
        'Send Strict-Transport-Security: for a gateway that is reached by TLS only, through a proxy in front of it.',
      ),
    ),
};

const UNITS = 'a whole number of units from 1000 to 1000000000, or off';

export const limitSettings = {
  maxCost: limit('maxCost', 1_000_000_000, 'Units of cost that one operation may have, see docs/limits.md.'),
  maxConnectorCalls: limit(
    'maxConnectorCalls',
    1_000_000,
    'Calls to source systems that one operation may need in the worst case, and that it may make to one of them.',
  ),
  maxObjects: limit('maxObjects', 10_000_000, 'Objects that one answer may hold.'),
  maxAnswerBytes: limit('maxAnswerBytes', 1_000_000_000, 'Bytes that one answer may hold, by estimate.'),
  maxDepth: limit('maxDepth', 100, 'Levels of selections within each other; a fragment is a level.'),
  maxAliases: limit('maxAliases', 5_000, 'Aliases of one operation, after fragments are expanded.'),
  maxRootFields: limit('maxRootFields', 5_000, 'Root fields of one operation, after fragments are expanded.'),
  rateLimitActor: unitsOrOff
    .optional()
    .meta(
      described(UNITS, 'Units of cost that one caller may use in a minute.', '2000000, with simulators off'),
    ),
  rateLimitClient: unitsOrOff
    .optional()
    .meta(
      described(
        UNITS,
        'Units of cost that one client application may use in a minute.',
        '20000000, with simulators off',
      ),
    ),
  rateLimitAddress: unitsOrOff
    .optional()
    .meta(
      described(
        UNITS,
        'Units of cost that callers without accepted credentials may use in a minute from one address.',
        '500000, with simulators off',
      ),
    ),
};
