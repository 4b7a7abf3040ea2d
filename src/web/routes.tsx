import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { Refusal } from './ask.ts';
import { readSignInSearch } from './door/sign-in-search.ts';
import { readAccountSearch } from './pages/account/search.ts';
import { readAccountsSearch } from './pages/accounts/search.ts';
import { readActivationSearch } from './pages/activation/search.ts';
import { readLiveSearch } from './pages/data/live-search.ts';
import { readRefusedSearch } from './pages/data/refused-search.ts';
import { readSignalsSearch } from './pages/data/signals/search.ts';
import { readEvidenceSearch } from './pages/evidence/search.ts';
import { readModelSearch } from './pages/model/search.ts';
import { readMovesSearch } from './pages/moves/search.ts';
import { readAuditSearch } from './pages/settings/audit-search.ts';
import { readUsersSearch } from './pages/users/search.ts';
import { Fault } from './shell/fault.tsx';
import { Lost } from './shell/lost.tsx';
import { sessionQuery } from './shell/session.ts';
import { Shell } from './shell/shell.tsx';

const root = createRootRouteWithContext<{ readonly queries: QueryClient }>()({
  component: Outlet,
  errorComponent: Fault,
  notFoundComponent: Lost,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignInSearch,
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignInPage'),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/setup.tsx'), 'SetupPage'),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./pages/invitation.tsx'), 'InvitationPage'),
});
const forgot = createRoute({
  getParentRoute: () => root,
  path: '/forgot',
  component: lazyRouteComponent(() => import('./pages/forgot.tsx'), 'ForgotPage'),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyRouteComponent(() => import('./pages/reset.tsx'), 'ResetPage'),
});

/** Everything behind the sign-in; whoever is signed out is brought back to where they wanted to go. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  errorComponent: Fault,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.ensureQueryData(sessionQuery);
    } catch (error) {
      if (error instanceof Refusal && error.isSignedOut) {
        throw redirect({ to: '/sign-in', search: { to: location.href } });
      }
      throw error;
    }
  },
});

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home.tsx'), 'HomePage'),
});

const accounts = createRoute({
  getParentRoute: () => inside,
  path: '/accounts',
  validateSearch: readAccountsSearch,
  component: lazyRouteComponent(() => import('./pages/accounts.tsx'), 'AccountsPage'),
});

const account = createRoute({
  getParentRoute: () => inside,
  path: '/accounts/$id',
  validateSearch: readAccountSearch,
  component: lazyRouteComponent(() => import('./pages/account.tsx'), 'AccountPage'),
});

const users = createRoute({
  getParentRoute: () => inside,
  path: '/users',
  validateSearch: readUsersSearch,
  component: lazyRouteComponent(() => import('./pages/users.tsx'), 'UsersPage'),
});

const activation = createRoute({
  getParentRoute: () => inside,
  path: '/activation',
  validateSearch: readActivationSearch,
  component: lazyRouteComponent(() => import('./pages/activation.tsx'), 'ActivationPage'),
});

const segments = createRoute({
  getParentRoute: () => inside,
  path: '/segments',
  component: lazyRouteComponent(() => import('./pages/segments/segments.tsx'), 'SegmentsPage'),
});

const segment = createRoute({
  getParentRoute: () => inside,
  path: '/segments/$name',
  component: lazyRouteComponent(() => import('./pages/segments/segment.tsx'), 'SegmentPage'),
});

const moves = createRoute({
  getParentRoute: () => inside,
  path: '/moves',
  validateSearch: readMovesSearch,
  component: lazyRouteComponent(() => import('./pages/moves/moves.tsx'), 'MovesPage'),
});

const model = createRoute({
  getParentRoute: () => inside,
  path: '/model',
  validateSearch: readModelSearch,
  component: lazyRouteComponent(() => import('./pages/model/model.tsx'), 'ModelPage'),
});

const evidence = createRoute({
  getParentRoute: () => inside,
  path: '/evidence',
  beforeLoad: () => {
    throw redirect({ to: '/evidence/$question', params: { question: 'milestones' }, search: {} });
  },
});

const evidenceQuestion = createRoute({
  getParentRoute: () => inside,
  path: '/evidence/$question',
  validateSearch: readEvidenceSearch,
  component: lazyRouteComponent(() => import('./pages/evidence.tsx'), 'EvidencePage'),
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/settings.tsx'), 'SettingsPage'),
});
const you = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/settings/you.tsx'), 'YouSection'),
});
const people = createRoute({
  getParentRoute: () => settings,
  path: '/people',
  component: lazyRouteComponent(() => import('./pages/settings/people.tsx'), 'PeopleSection'),
});
const roles = createRoute({
  getParentRoute: () => settings,
  path: '/roles',
  component: lazyRouteComponent(() => import('./pages/settings/roles.tsx'), 'RolesSection'),
});
const keys = createRoute({
  getParentRoute: () => settings,
  path: '/keys',
  component: lazyRouteComponent(() => import('./pages/settings/keys.tsx'), 'KeysSection'),
});
const audit = createRoute({
  getParentRoute: () => settings,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('./pages/settings/audit.tsx'), 'AuditSection'),
});
const backups = createRoute({
  getParentRoute: () => settings,
  path: '/backups',
  component: lazyRouteComponent(() => import('./pages/settings/backups.tsx'), 'BackupsSection'),
});
const privacy = createRoute({
  getParentRoute: () => settings,
  path: '/privacy',
  component: lazyRouteComponent(() => import('./pages/settings/privacy.tsx'), 'PrivacySection'),
});

const data = createRoute({
  getParentRoute: () => inside,
  path: '/data',
  component: lazyRouteComponent(() => import('./pages/data/data.tsx'), 'DataPage'),
});
const dataSources = createRoute({
  getParentRoute: () => data,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/data/sources.tsx'), 'SourcesTab'),
});
const dataUpload = createRoute({
  getParentRoute: () => data,
  path: '/upload',
  component: lazyRouteComponent(() => import('./pages/data/upload.tsx'), 'UploadTab'),
});
const dataRefused = createRoute({
  getParentRoute: () => data,
  path: '/refused',
  validateSearch: readRefusedSearch,
  component: lazyRouteComponent(() => import('./pages/data/refused.tsx'), 'RefusedTab'),
});
const dataLive = createRoute({
  getParentRoute: () => data,
  path: '/live',
  validateSearch: readLiveSearch,
  component: lazyRouteComponent(() => import('./pages/data/live.tsx'), 'LiveTab'),
});
const dataTaxonomy = createRoute({
  getParentRoute: () => data,
  path: '/taxonomy',
  component: lazyRouteComponent(() => import('./pages/data/taxonomy.tsx'), 'TaxonomyTab'),
});

const dataSignals = createRoute({
  getParentRoute: () => data,
  path: '/signals',
  validateSearch: readSignalsSearch,
  component: lazyRouteComponent(() => import('./pages/data/signals/signals.tsx'), 'SignalsTab'),
});

/** Every page by its address. */
export const routeTree = root.addChildren([
  ...[signIn, setup, invitation, forgot, reset],
  inside.addChildren([
    ...[home, accounts, account, users, segments, segment, moves, model],
    ...[activation, evidence, evidenceQuestion],
    data.addChildren([dataSources, dataUpload, dataRefused, dataLive, dataTaxonomy, dataSignals]),
    settings.addChildren([you, people, roles, keys, audit, backups, privacy]),
  ]),
]);
