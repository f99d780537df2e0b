// For Apollo Client with `errorPolicy: "all"`: removes from a result the fields that are null because of a failure, so that
// the cache keeps the values it has. The errors stay in the result.

import { ApolloLink } from '@apollo/client';
import { map } from 'rxjs';

type Fields = Record<string | number, unknown>;
const read = (value: unknown, key: string | number) => (value as Fields | null | undefined)?.[key];

export const keepKnownFields = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    map((result) => {
      for (const { path = [] } of ('errors' in result && result.errors) || []) {
        const parent = path.slice(0, -1).reduce<unknown>(read, result.data);
        const key = path.at(-1);
        if (typeof key === 'string' && read(parent, key) === null) delete (parent as Fields)[key];
      }
      return result;
    }),
  ),
);
