/** Builds the pages into `dist/web` of a checkout where that is needed; returns the folder. */
export function buildPagesWhereNeeded(root: string): Promise<string>;
