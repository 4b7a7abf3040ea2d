/** Text sizes in pixels, each with its line height. The base is 14 on 20. */
export const TYPE = {
  small: { size: 12, line: 16 },
  base: { size: 14, line: 20 },
  lead: { size: 16, line: 24 },
  title: { size: 20, line: 28 },
  figure: { size: 28, line: 36 },
} as const;

/** Steps of space in pixels; everything is a multiple of four. */
export const SPACE = { 1: 4, 2: 8, 3: 12, 4: 16, 5: 24, 6: 32, 7: 48 } as const;

/** Corners in pixels. */
export const RADIUS = { small: 4, base: 6, large: 10 } as const;

/** How long a change takes, in milliseconds; nothing moves where the reader asked for stillness. */
export const MOTION = { quick: 90, base: 160 } as const;

/** Colours of one theme. Text on its ground has a contrast of 4.5 or more, `test/web/tokens.test.ts`. */
export interface Theme {
  readonly ground: string;
  readonly raised: string;
  readonly sunken: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  readonly accentText: string;
  readonly accentSoft: string;
  readonly good: string;
  readonly goodSoft: string;
  readonly warn: string;
  readonly warnSoft: string;
  readonly bad: string;
  readonly badSoft: string;
  readonly past: string;
}

/** Both themes: neutrals with a hint of the accent, a deep blue-green. */
export const THEMES: Readonly<Record<'light' | 'dark', Theme>> = {
  light: {
    ground: '#fbfcfc',
    raised: '#ffffff',
    sunken: '#f1f5f5',
    line: '#dfe6e7',
    lineStrong: '#b9c5c7',
    text: '#14211f',
    muted: '#55666a',
    accent: '#0b5a68',
    accentText: '#ffffff',
    accentSoft: '#e0eff1',
    good: '#1a6b3c',
    goodSoft: '#e2f2e8',
    warn: '#7d5200',
    warnSoft: '#faeed6',
    bad: '#a3262a',
    badSoft: '#fbe6e5',
    past: '#9a7b3f',
  },
  dark: {
    ground: '#0f1617',
    raised: '#151e20',
    sunken: '#0b1112',
    line: '#263336',
    lineStrong: '#42545a',
    text: '#e6eeee',
    muted: '#9db0b3',
    accent: '#5cc2d0',
    accentText: '#06222a',
    accentSoft: '#123239',
    good: '#6cc892',
    goodSoft: '#13301f',
    warn: '#e0b154',
    warnSoft: '#33270f',
    bad: '#f18c86',
    badSoft: '#3a1a1a',
    past: '#c9a869',
  },
};

/**
 * Colours of segments in the order of the model, the overlay apart; told apart with any colour vision.
 *
 * Source: Okabe and Ito, Color Universal Design (2008), darkened or lightened where contrast needs it.
 */
export const SEGMENT_COLOURS: Readonly<Record<'light' | 'dark', readonly string[]>> = {
  light: ['#0072b2', '#007a5a', '#b8860b', '#8a5a9e', '#3d7ea6', '#6b6b1e', '#4a4a4a'],
  dark: ['#56b4e9', '#2fc29b', '#e6c229', '#d59cc4', '#9ecbe6', '#c3c35a', '#b5b5b5'],
};

/** Colour of the overlay, At-Risk; hatched wherever an area is filled with it. */
export const OVERLAY_COLOUR = { light: '#c2410c', dark: '#ff8a4c' } as const;
