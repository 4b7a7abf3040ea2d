import {
  IconArrowsExchange,
  IconBuildingSkyscraper,
  IconDatabase,
  IconFileCode,
  IconFilter,
  IconHome,
  IconLayoutGrid,
  IconMicroscope,
  IconSettings,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react';

/** A page as it stands in the navigation and in the palette. */
export interface PageEntry {
  readonly to:
    | '/'
    | '/accounts'
    | '/users'
    | '/segments'
    | '/moves'
    | '/activation'
    | '/evidence'
    | '/model'
    | '/data'
    | '/settings';
  readonly name: string;
  /** The question that the page answers. */
  readonly question: string;
  /** Second key of the shortcut that begins with `g`. */
  readonly key: string;
  readonly icon: TablerIcon;
}

/** Every page, in the order of the navigation. */
export const PAGES: readonly PageEntry[] = [
  {
    to: '/',
    name: 'Home',
    question: 'Who are our best customers, who is most at risk, who do we want more of?',
    key: 'h',
    icon: IconHome,
  },
  {
    to: '/accounts',
    name: 'Accounts',
    question: 'Which accounts are there, and how do they stand?',
    key: 'a',
    icon: IconBuildingSkyscraper,
  },
  {
    to: '/users',
    name: 'Users',
    question: 'Which users are of this kind, stall at this step, or do not use this area yet?',
    key: 'u',
    icon: IconUsers,
  },
  {
    to: '/segments',
    name: 'Segments',
    question: 'Which segments are there, do they tell accounts apart, and can each be worked?',
    key: 's',
    icon: IconLayoutGrid,
  },
  {
    to: '/moves',
    name: 'Moves',
    question: 'Who moved between segments, why, and who is on the way?',
    key: 'm',
    icon: IconArrowsExchange,
  },
  {
    to: '/activation',
    name: 'Activation',
    question: 'Where do users and accounts stall on their way to first value, and which area serves which segment?',
    key: 'v',
    icon: IconFilter,
  },
  {
    to: '/model',
    name: 'Model',
    question: 'What decides the segment of an account, and who would move if it were otherwise?',
    key: 'd',
    icon: IconFileCode,
  },
  {
    to: '/evidence',
    name: 'Evidence',
    question: 'Is any of it true, and how sure is that?',
    key: 'e',
    icon: IconMicroscope,
  },
  {
    to: '/data',
    name: 'Data',
    question: 'What do we know, how fresh is it, and what could not be used?',
    key: 't',
    icon: IconDatabase,
  },
  {
    to: '/settings',
    name: 'Settings',
    question: 'Who may do what here, what was done, and how is it kept?',
    key: ',',
    icon: IconSettings,
  },
];
