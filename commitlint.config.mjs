import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const { workspaces } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** Conventional Commits; the body explains why. */
export default {
  extends: ['@commitlint/config-conventional'],
  rules: { 'body-max-line-length': [0], 'subject-case': [2, 'never', ['upper-case', 'pascal-case', 'start-case']] },
  // What `npm run commit` asks for.
  prompt: {
    scopes: workspaces.map((workspace) => basename(workspace)),
    allowCustomScopes: true,
    allowEmptyScopes: true,
    allowBreakingChanges: ['feat', 'fix', 'perf', 'refactor', 'build'],
    messages: { subject: 'What the change does, as an imperative:\n', body: 'Why (optional; "|" breaks the line):\n' },
    skipQuestions: ['footerPrefix', 'footer'],
    useAI: false,
  },
};
