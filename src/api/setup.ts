import type { FastifyInstance } from 'fastify';
import type { Ledger } from '../ledger/ledger.ts';
import { Failure } from '../model/failure.ts';
import type { KeyRing } from './key.ts';
import { useSetupToken } from './setup-link.ts';

/** What setting up works with. */
export interface SetupOptions {
  readonly ledger: Ledger;
  readonly keys: KeyRing;
  readonly clock: () => number;
}

const TOKEN = {
  type: 'object',
  required: ['token'],
  properties: { token: { type: 'string', maxLength: 200 } },
} as const;

/**
 * The one-time link: a page with one button, and what the button asks for: the first administrator's key, shown once.
 *
 * Opening the page uses nothing up, so that a preview of the link in a chat does no harm.
 */
export async function setup(app: FastifyInstance, { ledger, keys, clock }: SetupOptions): Promise<void> {
  app.get('/setup', { schema: { querystring: TOKEN } }, async (_request, reply) => {
    return reply.type('text/html; charset=utf-8').header('referrer-policy', 'no-referrer').send(PAGE);
  });
  app.get('/setup.js', async (_request, reply) => reply.type('text/javascript; charset=utf-8').send(SCRIPT));
  app.post<{ Body: { token: string } }>('/api/v1/setup', { schema: { body: TOKEN } }, async (request) => {
    if (!(await useSetupToken(ledger, request.body.token, new Date(clock())))) {
      throw new Failure('setup-link', 'This link was used, is older than a day, or was replaced by a later one.');
    }
    const { key, entry } = await keys.create('first administrator', 'admin', 'setup link');
    return { key, keyId: entry.keyId, name: entry.name, scope: entry.scope };
  });
}

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Set up Bellwether</title>
<style>
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fbfaf7; --quiet: #5b6675; --line: #d9dde3; --act: #1f5f57; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9edf2; --paper: #14181d; --quiet: #a3adba; --line: #333c47; --act: #7cc7bb; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0; padding: 12vh 1.5rem; }
main { max-width: 34rem; margin: 0 auto; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
p { color: var(--quiet); }
button { font: inherit; padding: .6rem 1.1rem; border: 1px solid var(--act); border-radius: .4rem; background: transparent; color: var(--act); cursor: pointer; }
button:disabled { opacity: .5; cursor: default; }
output { display: block; margin-top: 1.5rem; }
code { display: block; padding: .8rem 1rem; border: 1px solid var(--line); border-radius: .4rem; overflow-wrap: anywhere; color: var(--ink); }
</style></head>
<body><main>
<h1>Set up Bellwether</h1>
<p>This makes the first administrator’s key. It is shown once: keep it where you keep passwords. With it you make keys that send events and keys that read answers.</p>
<button id="make" type="button">Make the administrator’s key</button>
<output id="told" aria-live="polite"></output>
</main><script src="/setup.js"></script></body></html>
`;

const SCRIPT = `const button = document.getElementById('make');
const told = document.getElementById('told');
button.addEventListener('click', async () => {
  button.disabled = true;
  const token = new URLSearchParams(location.search).get('token') ?? '';
  const answer = await fetch('/api/v1/setup', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token }),
  });
  const body = await answer.json();
  const line = document.createElement(answer.ok ? 'code' : 'p');
  line.textContent = answer.ok ? body.key : body.detail;
  told.replaceChildren(line);
  history.replaceState(null, '', '/setup');
});
`;
