import { connect } from 'node:net';
import { z } from 'zod';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import { type Check, check, reasonOf } from './check.ts';
import { readModel } from './workspace.ts';

const WAIT_MILLIS = 5_000;

/** What stands outside of this machine, or is said of it. */
export interface OutsideOptions {
  /** Folder of the workspace. */
  readonly workspace: string;
  readonly origin?: string | undefined;
  /** Proxies whose word on where a request comes from is taken. */
  readonly trustedProxies?: readonly string[] | undefined;
  readonly smtpUrl?: string | undefined;
  readonly oidcIssuer?: string | undefined;
}

/** Looks at the model, at the address people come by, and at servers for mail and sign-in where they are set. */
export async function examineOutside(options: OutsideOptions): Promise<readonly Check[]> {
  const { workspace, origin, trustedProxies = [], smtpUrl, oidcIssuer } = options;
  return [
    await checkModel(workspace),
    ...(origin === undefined ? [] : [checkOrigin(origin)]),
    ...(origin === undefined || !isBehindProxy({ origin }) ? [] : [checkProxies(trustedProxies)]),
    ...(smtpUrl === undefined ? [] : [await checkMail(smtpUrl)]),
    ...(oidcIssuer === undefined ? [] : [await checkProvider(oidcIssuer)]),
  ];
}

async function checkModel(workspace: string): Promise<Check> {
  const advice = 'Run `bellwether check`: it shows every fault with its line.';
  try {
    const { model, diagnostics } = await readModel(workspace, SIGNAL_CATALOGUE);
    const faults = diagnostics.filter(({ severity }) => severity === 'error').length;
    return check('model', model !== null, faults === 0 ? 'no errors' : `${faults} errors`, advice);
  } catch (error) {
    return check(
      'model',
      false,
      reasonOf(error),
      'Make a workspace with `bellwether init`, or name it with --workspace.',
    );
  }
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Passwords and sessions travel to this address: in the clear they may to this machine alone. */
export function checkOrigin(origin: string): Check {
  const { protocol, hostname } = new URL(origin);
  const ok = protocol === 'https:' || LOOPBACK.includes(hostname);
  return check('origin', ok, origin, 'Put TLS in front of `serve` and set BELLWETHER_ORIGIN to the https address.');
}

/** Where a service listens, and by which address people come. */
interface Reached {
  readonly host?: string;
  readonly origin?: string | null;
}

/** Whether somebody must stand between people and a service: it speaks no TLS itself, and belongs on no open network without. */
export function isBehindProxy({ host = '127.0.0.1', origin = null }: Reached): boolean {
  const isAlone = [...LOOPBACK, '::1'].includes(host);
  return !isAlone || (origin !== null && new URL(origin).protocol === 'https:');
}

/** What goes wrong where a proxy is not named, and what to do. */
export const UNNAMED_PROXY =
  'Nobody is named whose word on where a request comes from is taken: behind a proxy everybody seems to come from one place, one who guesses passwords slows down all, and the audit log knows no addresses. Name the proxy in BELLWETHER_TRUSTED_PROXIES.';

function checkProxies(trusted: readonly string[]): Check {
  return check('proxy', trusted.length > 0, trusted.length === 0 ? 'none is named' : trusted.join(', '), UNNAMED_PROXY);
}

async function checkMail(smtpUrl: string): Promise<Check> {
  const { hostname, port, protocol } = new URL(smtpUrl);
  const at = port === '' ? (protocol === 'smtps:' ? 465 : 587) : Number(port);
  const advice = `Nothing can be sent through ${hostname}:${at}: look at BELLWETHER_SMTP_URL and at firewalls.`;
  const answers = await new Promise<boolean>((resolve) => {
    const socket = connect({ host: hostname, port: at, timeout: WAIT_MILLIS });
    const end = (isThere: boolean) => () => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
  return check('mail', answers, `${hostname}:${at} ${answers ? 'answers' : 'does not answer'}`, advice);
}

const discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
});

async function checkProvider(issuer: string): Promise<Check> {
  const address = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
  const advice = `Nobody can sign in by ${issuer}: ${address} must answer with that issuer. Look at BELLWETHER_OIDC_ISSUER.`;
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(WAIT_MILLIS) });
    const found = discovery.safeParse(await answer.json());
    if (!found.success) return check('sign-in', false, `${answer.status}, not a discovery document`, advice);
    const isSame = found.data.issuer.replace(/\/+$/, '') === issuer.replace(/\/+$/, '');
    return check('sign-in', isSame, found.data.issuer, advice);
  } catch (error) {
    return check('sign-in', false, reasonOf(error), advice);
  }
}
