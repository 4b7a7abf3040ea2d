/** A column of an export. */
export interface ExportColumn {
  readonly name: string;
  readonly type: 'text' | 'number';
}

/** A row of an export: plain values by column; null: unknown. */
export type ExportRow = Readonly<Record<string, string | number | null>>;
