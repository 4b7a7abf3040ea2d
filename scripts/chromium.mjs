// Where a Chromium for the browser tests is, and how it gets onto the machine. Plain Node, no packages.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const HELP =
  'The browser tests need Chromium. Install it (Debian and Ubuntu: `sudo apt-get install chromium`), or name one with CHROMIUM_PATH.';

/** The path of a Chromium: of CHROMIUM_PATH, else the first on the PATH. Throws with what to do where there is none. */
export function chromiumPath() {
  const found = findChromium();
  if (found === null) throw new Error(HELP);
  return found;
}

/** Installs Chromium where there is none and this may be done; answers whether there is one, and says what to do if not. */
export function installChromiumWhereNeeded() {
  if (findChromium() !== null) return true;
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    console.log('Installing Chromium for the browser tests ...');
    const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update', '-qq'], options);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
  }
  if (findChromium() !== null) return true;
  console.log(HELP);
  return false;
}

function findChromium() {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return existsSync(named) ? named : null;
  const folders = (process.env['PATH'] ?? '').split(delimiter).concat('/usr/bin', '/snap/bin');
  const paths = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}
