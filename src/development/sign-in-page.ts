// The page on which a developer chooses as whom to sign in. Plain HTML without script, in both languages; works by keyboard and
// without colours. Guarantees that no text of a client can end an element.

import type { DevelopmentPerson } from './people.ts';

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
.note{border:2px solid #8a5300;background:#fff4e0;padding:.5rem 1rem}
ul{list-style:none;padding:0}button{font:inherit;width:100%;text-align:left;padding:.5rem .75rem;margin:.2rem 0;border:1px solid #555;border-radius:.3rem;background:#f6f6f6;color:inherit;cursor:pointer}
button:focus-visible{outline:3px solid #0b57d0;outline-offset:2px}small{display:block;color:#444}`;

/** Nothing is loaded, nothing runs; the form may only lead back to the application that asks. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/** @param client the application for which the person signs in */
export const signInPage = (people: readonly DevelopmentPerson[], client: string): string => `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Đăng nhập thử · Sign in for development</title><style>${STYLE}</style></head>
<body><main>
<h1>Đăng nhập với vai… <small lang="en">Sign in as…</small></h1>
<p class="note" role="note">Chỉ dùng khi phát triển: không có mật khẩu, mọi người đều không có thật.
<span lang="en">For development only: there is no password, and none of these people exist.</span></p>
<p>${escaped(client)}</p>
<form method="post"><ul>
${people
  .map(
    ({ id, title }) =>
      `<li><button name="person" value="${escaped(id)}">${escaped(title.vi)}<small lang="en">${escaped(title.en)}</small></button></li>`,
  )
  .join('\n')}
</ul></form>
</main></body></html>
`;
