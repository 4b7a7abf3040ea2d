/** The path of a Chromium: of CHROMIUM_PATH, else the first on the PATH. Throws with what to do where there is none. */
export function chromiumPath(): string;
/** Installs Chromium where there is none and this may be done; answers whether there is one. */
export function installChromiumWhereNeeded(): boolean;
