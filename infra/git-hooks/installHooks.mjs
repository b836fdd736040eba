/** Installs the git hooks of lefthook.yml, but only in a git checkout outside of CI: archives and containers need no hooks. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// Also with NODE_ENV=production, the build that follows needs the compiler.
if (!existsSync('node_modules/typescript')) {
  process.stderr.write('The build needs the development dependencies: run npm ci --include=dev.\n');
  process.exit(1);
}
if (existsSync('.git') && !process.env.CI) execFileSync('lefthook', ['install'], { stdio: 'inherit' });
