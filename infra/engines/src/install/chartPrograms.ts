import type { GoRecipe } from './installGoProgram.js';

/** Renders the chart of infra/kubernetes. */
export const HELM: GoRecipe = { name: 'helm', version: '3.22.0', source: 'helm.sh/helm/v3/cmd/helm' };

/** Compares what Helm has rendered with the schemas of Kubernetes. */
export const KUBECONFORM: GoRecipe = {
  name: 'kubeconform',
  version: '0.8.0',
  source: 'github.com/yannh/kubeconform/cmd/kubeconform',
};
