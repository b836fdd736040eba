/** Installs the git hooks of lefthook.yml, but only in a git checkout outside of CI: archives and containers need no hooks. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('.git') && !process.env.CI) execFileSync('lefthook', ['install'], { stdio: 'inherit' });
