// GraphiQL with the gateway's name, languages, default query and storage.

import {
  CopyIcon,
  KEY_MAP,
  MergeIcon,
  PrettifyIcon,
  pick,
  ToolbarButton,
  useGraphiQL,
  useGraphiQLActions,
  useMonaco,
} from '@graphiql/react';
import { GraphiQL } from 'graphiql';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { createFetcher } from './fetcher.ts';
import type { Link } from './link.ts';
import type { Settings } from './main.tsx';
import { createPeople, type People, type Person } from './people.ts';
import { createStorage } from './storage.ts';
import { keepLanguage, type Language, readLanguage, type Texts, textsOf } from './texts.ts';

/** GraphiQL's buttons do nothing until its editors exist; the page is hidden until then, so that no click is lost. */
export function Explorer({ settings, link }: { readonly settings: Settings; readonly link: Link }) {
  const { monaco, actions } = useMonaco();
  useEffect(() => {
    void actions.initialize();
  }, [actions]);
  const [language, setLanguage] = useState(() => readLanguage(localStorage, navigator.languages));
  const texts = textsOf(language);
  useEffect(() => {
    document.documentElement.lang = language;
    keepLanguage(localStorage, language);
  }, [language]);

  const current = useRef(language);
  current.current = language;
  const storage = useMemo(() => createStorage(sessionStorage, localStorage), []);
  const people = useMemo(
    () => createPeople({ path: settings.people, storage: localStorage }),
    [settings.people],
  );
  const fetcher = useMemo(
    () =>
      createFetcher({
        endpoint: settings.endpoint,
        language: () => current.current,
        texts: () => textsOf(current.current),
        people,
      }),
    [settings.endpoint, people],
  );
  // The first language decides: a change later must not replace what the user wrote.
  const [defaultQuery] = useState(() => `${texts.welcome}\n\n${settings.query}`);

  const [ready, setReady] = useState(false);

  const opening = <p className="opening">{texts.opening}</p>;
  if (monaco === undefined) return opening;
  return (
    <>
      {ready ? null : opening}
      <div className={ready ? 'page' : 'page hidden'}>
        <GraphiQL
          fetcher={fetcher}
          storage={storage}
          shouldPersistHeaders
          defaultQuery={defaultQuery}
          initialQuery={link.query}
          initialVariables={link.variables}
        >
          <GraphiQL.Logo>
            <Name language={language} onLanguage={setLanguage} label={texts.language} />
            <AskAs people={people} language={language} texts={texts} />
          </GraphiQL.Logo>
          <GraphiQL.Toolbar>
            <Toolbar texts={texts} />
            <NotifyReady onReady={setReady} />
            <SaveOnLeave />
            {link.operationName === undefined ? null : <SelectOperation name={link.operationName} />}
          </GraphiQL.Toolbar>
          <GraphiQL.Footer>
            <p className="footer">{texts.footer}</p>
          </GraphiQL.Footer>
        </GraphiQL>
      </div>
    </>
  );
}

interface NameProps {
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
  readonly label: string;
}

function Name({ language, onLanguage, label }: NameProps): ReactNode {
  return (
    <>
      <span className="name">Liên Thông</span>
      <fieldset className="languages" aria-label={label} title={label}>
        {(['vi', 'en'] as const).map((offered) => (
          <button
            key={offered}
            type="button"
            lang={offered}
            aria-pressed={offered === language}
            onClick={() => onLanguage(offered)}
          >
            {offered === 'vi' ? 'Tiếng Việt' : 'English'}
          </button>
        ))}
      </fieldset>
    </>
  );
}

interface AskAsProps {
  readonly people: People;
  readonly language: Language;
  readonly texts: Texts;
}

/** As whom the next query is asked. */
function AskAs({ people, language, texts }: AskAsProps): ReactNode {
  const [list, setList] = useState<readonly Person[]>([]);
  const [chosen, setChosen] = useState('');
  useEffect(() => {
    void people.list().then(setList);
    void people.chosen().then(setChosen);
  }, [people]);
  if (list.length === 0) return null;
  return (
    <label className="ask-as">
      <span>{texts.askAs}</span>
      <select
        value={chosen}
        onChange={({ target }) => {
          people.choose(target.value);
          setChosen(target.value);
        }}
      >
        {list.map(({ id, title }) => (
          <option key={id} value={id}>
            {title[language]}
          </option>
        ))}
        <option value="">{texts.nobody}</option>
      </select>
    </label>
  );
}

function Toolbar({ texts }: { readonly texts: Texts }): ReactNode {
  const { prettifyEditors, mergeQuery, copyQuery } = useGraphiQLActions();
  const icon = { className: 'graphiql-toolbar-icon', 'aria-hidden': true } as const;
  return (
    <>
      <ToolbarButton onClick={prettifyEditors} label={`${texts.prettify} (${KEY_MAP.prettify.key})`}>
        <PrettifyIcon {...icon} />
      </ToolbarButton>
      <ToolbarButton onClick={mergeQuery} label={`${texts.merge} (${KEY_MAP.mergeFragments.key})`}>
        <MergeIcon {...icon} />
      </ToolbarButton>
      <ToolbarButton onClick={copyQuery} label={`${texts.copy} (${KEY_MAP.copyQuery.key})`}>
        <CopyIcon {...icon} />
      </ToolbarButton>
    </>
  );
}

/** Calls `onReady` when the editors exist that the execute button reads and writes. */
function NotifyReady({ onReady }: { readonly onReady: (ready: boolean) => void }): ReactNode {
  const { queryEditor, responseEditor } = useGraphiQL(pick('queryEditor', 'responseEditor'));
  const isReady = queryEditor !== undefined && responseEditor !== undefined;
  useEffect(() => onReady(isReady), [onReady, isReady]);
  return null;
}

/** Stores what the editors hold when the page goes away: GraphiQL itself stores it only half a second after the last key. */
function SaveOnLeave(): ReactNode {
  const state = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'headerEditor', 'tabs', 'activeTabIndex', 'storage'),
  );
  useEffect(() => {
    const save = () => {
      const { queryEditor, variableEditor, headerEditor, tabs, activeTabIndex, storage } = state;
      const editors = { query: queryEditor, variables: variableEditor, headers: headerEditor };
      const values: Record<string, string> = {};
      for (const [name, editor] of Object.entries(editors)) {
        if (editor !== undefined) values[name] = editor.getValue();
      }
      for (const [name, value] of Object.entries(values)) storage.set(name, value);
      const saved = tabs.map((tab, index) => ({
        ...tab,
        ...(index === activeTabIndex ? values : {}),
        hash: null,
        response: null,
      }));
      storage.set('tabState', JSON.stringify({ tabs: saved, activeTabIndex }));
    };
    addEventListener('pagehide', save);
    return () => removeEventListener('pagehide', save);
  }, [state]);
  return null;
}

/** Selects an operation of the document, once: as the one to run, and with the cursor in it, where Ctrl-Enter looks. */
function SelectOperation({ name }: { readonly name: string }): ReactNode {
  const { queryEditor, operations } = useGraphiQL(pick('queryEditor', 'operations'));
  const { setOperationName } = useGraphiQLActions();
  const done = useRef(false);
  useEffect(() => {
    const operation = operations?.find((candidate) => candidate.name?.value === name);
    const position = queryEditor?.getModel()?.getPositionAt(operation?.loc?.start ?? 0);
    if (done.current || operation === undefined || position === undefined) return;
    done.current = true;
    setOperationName(name);
    queryEditor?.setPosition(position);
  }, [name, queryEditor, operations, setOperationName]);
  return null;
}
