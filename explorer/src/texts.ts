// The texts of the page in Vietnamese and English. GraphiQL's own labels (settings, documentation, history) exist in
// English only.

export type Language = 'vi' | 'en';

const TEXTS = {
  vi: {
    opening: 'Đang mở trình truy vấn…',
    language: 'Ngôn ngữ của trang và của câu trả lời',
    askAs: 'Hỏi với vai',
    nobody: 'Không đăng nhập',
    prettify: 'Trình bày lại truy vấn',
    merge: 'Gộp các fragment vào truy vấn',
    copy: 'Sao chép truy vấn',
    welcome:
      '# Ctrl-Enter chạy truy vấn, Ctrl-Space gợi ý trường.\n# Biểu tượng trên cùng bên trái mở tài liệu lược đồ.',
    footer: 'Truy vấn, biến và header chỉ được giữ đến khi đóng thẻ trình duyệt này.',
    unreachable: 'Không kết nối được với cổng. Hãy kiểm tra cổng còn chạy không, rồi thử lại.',
    notJson: 'Câu trả lời không phải JSON (mã HTTP {status}).',
  },
  en: {
    opening: 'Opening the explorer…',
    language: 'Language of the page and of the answers',
    askAs: 'Ask as',
    nobody: 'Nobody (not signed in)',
    prettify: 'Prettify query',
    merge: 'Merge fragments into query',
    copy: 'Copy query',
    welcome:
      '# Ctrl-Enter runs the query, Ctrl-Space suggests fields.\n# The icon at the top left opens the documentation of the schema.',
    footer: 'Queries, variables and headers are kept until this browser tab is closed.',
    unreachable: 'The gateway cannot be reached. Check that it is running, then try again.',
    notJson: 'The answer is not JSON (HTTP status {status}).',
  },
} as const;

export type Texts = Readonly<Record<keyof (typeof TEXTS)['vi'], string>>;

export const textsOf = (language: Language): Texts => TEXTS[language];

const KEY = 'lienthong:language';

/** The language chosen earlier, else the first of the browser's languages that the page has, else Vietnamese. */
export function readLanguage(storage: Storage, languages: readonly string[]): Language {
  const candidates = [storage.getItem(KEY) ?? '', ...languages].map((tag) => tag.slice(0, 2).toLowerCase());
  return candidates.find((tag): tag is Language => tag === 'vi' || tag === 'en') ?? 'vi';
}

export const keepLanguage = (storage: Storage, language: Language): void => storage.setItem(KEY, language);
