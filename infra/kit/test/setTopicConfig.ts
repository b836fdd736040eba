import kafkajs, { type Admin } from 'kafkajs';
import { until } from './until.js';

const { ConfigResourceTypes } = kafkajs;

/** Changes settings of a topic, and waits until the broker shows them: it answers a change before it has applied it. */
export const setTopicConfig = async (
  admin: Admin,
  topic: string,
  config: Readonly<Record<string, string>>,
): Promise<void> => {
  const resource = { type: ConfigResourceTypes.TOPIC, name: topic };
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] });
  await until(async () => {
    const asked = { ...resource, configNames: Object.keys(config) };
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [asked] });
    const shown = resources[0]?.configEntries ?? [];
    return shown.every(({ configName, configValue }) => configValue === config[configName]);
  });
};
