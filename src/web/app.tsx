import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRouter, RouterProvider } from '@tanstack/react-router';
import { readSearch, writeSearch } from './address.ts';
import { Refusal } from './ask.ts';
import { routeTree } from './routes.tsx';
import { PageFault } from './shell/fault.tsx';
import { resolveVariables, THEME } from './theme.ts';

const STALE_MILLIS = 15_000;
const MOST_TRIES = 2;
const FIRST_ANSWERS_MILLIS = 2_000;
const LONGEST_MILLIS = 30_000;

const isNotReady = (error: Error): boolean => error instanceof Refusal && error.isNotReady;

/** What was asked is asked again while a page is looked at; a refusal is no reason to try again, unless nothing is computed yet. */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE_MILLIS,
      retry: (failures, error) =>
        isNotReady(error) || (!(error instanceof Refusal && error.status < 500) && failures < MOST_TRIES),
      retryDelay: (failures, error) =>
        isNotReady(error) ? FIRST_ANSWERS_MILLIS : Math.min(1_000 * 2 ** failures, LONGEST_MILLIS),
    },
  },
});

const router = createRouter({
  routeTree,
  context: { queries },
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultErrorComponent: PageFault,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/** The web app: theme, what was asked, and the pages by their address. */
export function App() {
  return (
    <MantineProvider theme={THEME} cssVariablesResolver={resolveVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
