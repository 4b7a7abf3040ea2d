/** A name of the model as people read it: `report_exported` is report exported. */
export const spoken = (name: string): string => name.replaceAll('_', ' ');

/** The same at the beginning of a sentence. */
export const spokenFirst = (name: string): string => `${spoken(name).charAt(0).toUpperCase()}${spoken(name).slice(1)}`;

/** A count with thousands separated. */
export const counted = (count: number): string => count.toLocaleString('en-US');
