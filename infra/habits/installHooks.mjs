/** Installs the git hooks of lefthook.yml in a developer's checkout; an archive, a container or CI has no use for them. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('.git') && !process.env.CI) execFileSync('lefthook', ['install'], { stdio: 'inherit' });
