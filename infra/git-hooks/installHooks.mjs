/** Installs the git hooks of lefthook.yml, but only in a git checkout outside of CI: archives and containers need no hooks. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// Also with NODE_ENV=production, the build that follows needs the compiler.
if (!existsSync('node_modules/typescript')) {
  process.stderr.write('The build needs the development dependencies: run npm ci --include=dev.\n');
  process.exit(1);
}
if (existsSync('.git') && !process.env.CI) {
  // The shell may name another repository, such as that of a hook that is running.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  // Without its output, which would advise users to remove their own core.hooksPath.
  const { status } = spawnSync('lefthook', ['install'], { stdio: 'ignore', env });
  // Running the service needs no hooks. lefthook refuses a core.hooksPath, a checkout of another user and a machine without git.
  if (status !== 0)
    process.stderr.write(
      'The git hooks are not installed. Only contributors need them: npx lefthook install says why.\n',
    );
}
