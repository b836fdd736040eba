import type { GoRecipe } from '@ums/engines/install/installGoProgram';

/** Checks workflows. */
export const ACTIONLINT: GoRecipe = {
  name: 'actionlint',
  version: '1.7.12',
  source: 'github.com/rhysd/actionlint/cmd/actionlint',
};

/** Finds secrets. */
export const GITLEAKS: GoRecipe = {
  name: 'gitleaks',
  version: '8.30.1',
  source: 'github.com/zricethezav/gitleaks/v8',
};

/** Finds known vulnerabilities in images. */
export const GRYPE: GoRecipe = {
  name: 'grype',
  version: '0.121.2',
  source: 'github.com/anchore/grype/cmd/grype',
};

export const GO_TOOLS: readonly GoRecipe[] = [ACTIONLINT, GITLEAKS, GRYPE];
