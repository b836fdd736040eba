/** The environments that the pipeline deploys to, in this order. The others are deployed by hand or by a workflow. */
export const DELIVERED = ['staging', 'production'] as const;
