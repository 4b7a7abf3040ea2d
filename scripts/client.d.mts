/** Builds the typed client as a package into a folder, which is emptied first; returns its path. */
export function buildClient(folder: string): string;
