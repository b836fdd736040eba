/** Writes the alert rules of the chart from those of infra/monitoring: `node infra/kubernetes/writeAlerts.mjs` */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { alertsOfRelease } from './alertsOfRelease.mjs';

const FILES = join(import.meta.dirname, 'chart', 'files');
const rules = await readFile(join(import.meta.dirname, '..', 'monitoring', 'alerts.yml'), 'utf8');
const services = parse(await readFile(join(FILES, 'services.yaml'), 'utf8'));
await writeFile(join(FILES, 'alerts.yaml'), alertsOfRelease(rules, Object.keys(services)));
