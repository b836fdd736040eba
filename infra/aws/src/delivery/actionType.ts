/** Type of an action of CodePipeline that AWS provides. */
export const actionType = (category: 'Source' | 'Build' | 'Approval' | 'Deploy', provider: string) => ({
  category,
  owner: 'AWS',
  provider,
  version: '1',
});
