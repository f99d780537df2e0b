// The explorer page: reads the settings that the gateway put into the page and the query of the address, shows GraphiQL.

import './workers.ts';
import 'graphiql/style.css';
import './page.css';
import { createRoot } from 'react-dom/client';
import { Explorer } from './explorer.tsx';
import { readLink } from './link.ts';

export interface Settings {
  /** Path of the GraphQL endpoint. */
  readonly endpoint: string;
  /** Query of a first visit. */
  readonly query: string;
  /** Path of the people as whom the explorer can ask; null where callers sign in elsewhere. */
  readonly people: string | null;
}

const element = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element "${id}".`);
  return found;
};

const settings = JSON.parse(element('settings').textContent ?? '') as Settings;
createRoot(element('explorer')).render(<Explorer settings={settings} link={readLink(location.search)} />);
