/** A section of the settings: where it is, and what one must be allowed to be offered it. */
export interface Section {
  readonly to:
    | '/settings'
    | '/settings/people'
    | '/settings/roles'
    | '/settings/keys'
    | '/settings/audit'
    | '/settings/backups'
    | '/settings/privacy';
  readonly name: string;
  /** An action of the table of access; null: everybody who is signed in. */
  readonly needs: string | null;
}

/** Every section of the settings, in the order in which they stand. */
export const SECTIONS: readonly Section[] = [
  { to: '/settings', name: 'You', needs: null },
  { to: '/settings/people', name: 'People', needs: 'people.manage' },
  { to: '/settings/roles', name: 'Roles', needs: null },
  { to: '/settings/keys', name: 'Keys', needs: 'keys.manage' },
  { to: '/settings/audit', name: 'Audit log', needs: 'audit.read' },
  { to: '/settings/backups', name: 'Backups', needs: 'backups.manage' },
  { to: '/settings/privacy', name: 'Retention and erasure', needs: 'erasure.manage' },
];
