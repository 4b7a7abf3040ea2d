/** A tab of the page of data: where it is, and what one must be allowed to be offered it. */
export interface Tab {
  readonly to: '/data' | '/data/upload' | '/data/refused' | '/data/live' | '/data/taxonomy' | '/data/signals';
  readonly name: string;
  /** An action of the table of access. */
  readonly needs: string;
}

/** Every tab, in the order in which they stand. */
export const TABS: readonly Tab[] = [
  { to: '/data', name: 'Sources', needs: 'data.read' },
  { to: '/data/upload', name: 'Upload', needs: 'imports.write' },
  { to: '/data/refused', name: 'Not used', needs: 'data.read' },
  { to: '/data/live', name: 'Live events', needs: 'data.read' },
  { to: '/data/taxonomy', name: 'Taxonomy', needs: 'data.read' },
  { to: '/data/signals', name: 'Signals', needs: 'model.read' },
];
