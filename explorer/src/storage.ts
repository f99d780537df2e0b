// Where GraphiQL keeps its state. Queries, variables, headers and history may hold personal data and tokens: they live
// as long as the browser tab. The appearance of the page is kept for later visits.

const APPEARANCE: ReadonlySet<string> = new Set(
  ['theme', 'visiblePlugin', 'docExplorerFlex', 'editorFlex', 'secondaryEditorFlex'].map(
    (name) => `graphiql:${name}`,
  ),
);

/** The subset of the Web Storage API that GraphiQL uses. */
export type KeyValueStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'clear' | 'length'>;

/** A storage over `tab` (session) and `browser` (local), by key. */
export function createStorage(tab: Storage, browser: Storage): KeyValueStorage {
  const storageOf = (key: string): Storage => (APPEARANCE.has(key) ? browser : tab);
  return {
    getItem: (key) => storageOf(key).getItem(key),
    setItem: (key, value) => storageOf(key).setItem(key, value),
    removeItem: (key) => storageOf(key).removeItem(key),
    clear: () => {
      tab.clear();
      browser.clear();
    },
    get length() {
      return tab.length + browser.length;
    },
  };
}
