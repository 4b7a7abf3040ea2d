import type { PeopleConfiguration } from '../api/people-side.ts';
import { SESSION_LIMITS } from '../people/session.ts';
import type { Settings } from './settings.ts';

/** What is configured about people, but for the secret where the workspace keeps it. */
export interface PeopleSettings extends Omit<PeopleConfiguration, 'secret'> {
  /** Null: the workspace's own. */
  readonly secret: string | null;
  readonly trustedProxies: readonly string[];
}

/** What the settings say about people; what only makes sense together has been checked. */
export function readPeopleSettings(data: Settings): PeopleSettings {
  const {
    BELLWETHER_SMTP_URL: url,
    BELLWETHER_MAIL_FROM: from,
    BELLWETHER_OIDC_ISSUER: issuer,
    BELLWETHER_OIDC_CLIENT_ID: clientId,
    BELLWETHER_OIDC_CLIENT_SECRET: clientSecret,
    BELLWETHER_ORIGIN: publicOrigin = null,
  } = data;
  const role = data.BELLWETHER_OIDC_ROLE ?? 'viewer';
  const domains = data.BELLWETHER_OIDC_DOMAINS ?? [];
  return {
    secret: data.BELLWETHER_SECRET ?? null,
    origin: publicOrigin,
    trustedProxies: data.BELLWETHER_TRUSTED_PROXIES ?? [],
    limits: {
      idleMinutes: data.BELLWETHER_SESSION_IDLE_MINUTES ?? SESSION_LIMITS.idleMinutes,
      absoluteHours: data.BELLWETHER_SESSION_HOURS ?? SESSION_LIMITS.absoluteHours,
    },
    mail: url === undefined || from === undefined ? null : { url, from },
    oidc:
      issuer === undefined || clientId === undefined || clientSecret === undefined
        ? null
        : {
            discoveryUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
            clientId,
            clientSecret,
            role,
            domains,
          },
  };
}
