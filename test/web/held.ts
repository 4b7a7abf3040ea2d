import type { Page } from 'playwright-core';

/** Answers that are late: what a page asks of an address is under way until it is let go. */
export interface Held {
  /** From now on that page waits. */
  readonly hold: (page: Page) => Promise<void>;
  readonly release: () => void;
}

/** Holds back whatever is asked of an address, as a slow service would. */
export function held(address: string | RegExp): Held {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold = async (page: Page): Promise<void> => {
    await page.route(address, async (route) => {
      await released;
      await route.fallback();
    });
  };
  return { hold, release };
}
