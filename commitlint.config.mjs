/** Conventional Commits; the body explains why. */
export default {
  extends: ['@commitlint/config-conventional'],
  rules: { 'body-max-line-length': [0], 'subject-case': [2, 'never', ['upper-case', 'pascal-case', 'start-case']] },
};
