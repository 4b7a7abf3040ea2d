import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';
import { MOTION, RADIUS, SPACE, THEMES, type Theme, TYPE } from './tokens.ts';

const ACCENT: MantineColorsTuple = [
  '#e0eff1',
  '#c3e0e4',
  '#94c8cf',
  '#61aeb8',
  '#3796a3',
  '#1a7f8d',
  '#0e6c7a',
  '#0b5a68',
  '#094a56',
  '#063842',
];

/** The kit's greys of the dark theme, as neutrals of ours: fields, menus and their borders. */
const DARK: MantineColorsTuple = [
  THEMES.dark.text,
  '#c6d3d5',
  THEMES.dark.muted,
  '#7d9195',
  THEMES.dark.lineStrong,
  THEMES.dark.line,
  THEMES.dark.raised,
  THEMES.dark.ground,
  THEMES.dark.sunken,
  '#080c0d',
];

/** Buttons of the accent, and of what cannot be undone, with text that can be read on them in both themes. */
const buttonColours: VariantColorsResolver = (input) => {
  const usual = defaultVariantColorsResolver(input);
  const [ground, text] = input.color === 'red' ? ['bad', 'ground'] : ['accent', 'accent-text'];
  if (input.variant === 'subtle' && input.color === 'red') return { ...usual, color: 'var(--bw-bad)' };
  if (input.variant !== 'filled' || (input.color !== 'red' && input.color !== input.theme.primaryColor)) return usual;
  const background = `var(--bw-${ground})`;
  const hover = `color-mix(in srgb, ${background} 86%, var(--bw-text))`;
  return { ...usual, background, hover, color: `var(--bw-${text})` };
};

const pixels = (value: number): string => `${value}px`;

/** The component kit in our own type, space and colour. */
export const THEME = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 3 },
  colors: { accent: ACCENT, dark: DARK },
  variantColorResolver: buttonColours,
  autoContrast: true,
  fontFamily: `'Inter Variable', system-ui, sans-serif`,
  fontFamilyMonospace: `ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace`,
  fontSizes: {
    xs: pixels(TYPE.small.size),
    sm: pixels(TYPE.base.size),
    md: pixels(TYPE.base.size),
    lg: pixels(TYPE.lead.size),
    xl: pixels(TYPE.title.size),
  },
  spacing: {
    xs: pixels(SPACE[1]),
    sm: pixels(SPACE[2]),
    md: pixels(SPACE[3]),
    lg: pixels(SPACE[4]),
    xl: pixels(SPACE[5]),
  },
  radius: { xs: pixels(RADIUS.small), sm: pixels(RADIUS.small), md: pixels(RADIUS.base), lg: pixels(RADIUS.large) },
  defaultRadius: 'md',
  respectReducedMotion: true,
  // What it would put into a menu to hold the focus is no item of a menu.
  components: { Menu: { defaultProps: { withInitialFocusPlaceholder: false } } },
});

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function variablesOf(theme: Theme): Record<string, string> {
  const own = Object.entries(theme).map(([name, value]) => [`--bw-${kebab(name)}`, value]);
  return {
    ...Object.fromEntries(own),
    '--mantine-color-body': theme.ground,
    '--mantine-color-text': theme.text,
    '--mantine-color-dimmed': theme.muted,
    '--mantine-color-default-border': theme.line,
    '--mantine-color-anchor': theme.accent,
    '--mantine-color-placeholder': theme.muted,
    '--mantine-color-error': theme.bad,
  };
}

/** The tokens as CSS variables, `--bw-...`, and in the names that the kit reads. */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {
    ...Object.fromEntries(Object.entries(SPACE).map(([step, value]) => [`--bw-space-${step}`, pixels(value)])),
    ...Object.fromEntries(
      Object.entries(TYPE).flatMap(([name, { size, line }]) => [
        [`--bw-size-${name}`, pixels(size)],
        [`--bw-line-${name}`, pixels(line)],
      ]),
    ),
    '--bw-quick': `${MOTION.quick}ms`,
    '--bw-motion': `${MOTION.base}ms`,
  },
  light: variablesOf(THEMES.light),
  dark: variablesOf(THEMES.dark),
});
